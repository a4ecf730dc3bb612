/**
 * What one page knows about one person's chat: its messages by seq, what is unread, the unsent
 * draft and the messages on their way. It shows nothing itself; it tells listeners what changed.
 */

import { api } from "./api.js";
import { newId, recall, remember } from "./dom.js";
import { Outbox } from "./outbox.js";

const PAGE = 200;

/** Where a person's own chat is read and written. A room has another door (rooms.js). */
function ownDoor({ id }) {
  return {
    key: String(id),
    messages: (after, limit) => api.messages(id, after, limit),
    send: (item) => api.send(id, item),
    answer: (clientId, prompt, n) => api.answer(id, clientId, prompt, n),
    shown: (seq) => api.shown(id, seq),
  };
}

export class Conversation extends EventTarget {
  /** Null in a person's own chat; in a room how it stands (rooms.js). */
  room = null;

  constructor(person, door = ownDoor(person)) {
    super();
    this.person = person;
    this.door = door;
    this.messages = new Map();
    this.lastSeq = 0;
    this.loaded = false;
    this.draft = { text: recall(sessionStorage, this.#key("draft")) || "", files: [], replyTo: null };
    this.notice = "";
    this.outbox = new Outbox(door, {
      onChange: () => this.#tell("pending"),
      onSent: (answer) => this.#tell("sent", answer),
      onRefused: (item, sentence) => this.#giveBack(item, sentence),
    });
    this.#unseen = 0;
    this.#shown = Number(recall(localStorage, this.#key("shown")) ?? NaN);
    this.#answerIds = new Map();
  }

  #unseen;
  #shown;
  #answerIds;
  #shownTimer;

  #key(kind) {
    return `mdm.${kind}.${this.door.key}`;
  }

  /** What the server says is unread, of a chat that nobody here has opened yet. */
  stands(lastSeq, read, unread) {
    if (this.loaded || lastSeq < this.lastSeq) return;
    this.lastSeq = lastSeq;
    this.#shown = Math.max(read, this.#shown || 0);
    this.#unseen = unread;
    this.#tell("unread");
  }

  #tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** Learn where the chat stands without reading it; a chat never seen here counts as read. */
  async probe() {
    const { last_seq: last } = await this.door.messages(0, 1);
    this.lastSeq = Math.max(this.lastSeq, last || 0);
    if (Number.isNaN(this.#shown)) this.#keepShown(this.lastSeq);
    this.#shown = Math.min(this.#shown, this.lastSeq);
    this.#unseen = this.lastSeq - this.#shown;
    this.#tell("unread");
  }

  /** Read the newest messages, once. */
  async load() {
    if (this.loaded) return;
    // What the stream brought so far may have holes before it; the page read next has none.
    this.messages.clear();
    await this.#readFrom(Math.max(0, this.lastSeq - PAGE));
    this.loaded = true;
    this.#tell("loaded");
    this.#tell("unread");
  }

  get firstSeq() {
    return Math.min(...this.messages.keys());
  }

  get hasOlder() {
    return this.messages.size > 0 && this.firstSeq > 1;
  }

  /** Read the page before the oldest message known; without one there, nothing older exists. */
  async loadOlder() {
    const first = this.firstSeq;
    const { messages } = await this.door.messages(Math.max(0, first - 1 - PAGE), PAGE);
    const older = messages.filter((message) => message.seq < first);
    this.#merge(older, false);
    return older.length > 0;
  }

  /**
   * After a lost connection: everything since the last message, and again whatever still had
   * buttons, because it may have been answered or replaced meanwhile.
   */
  async resume() {
    if (!this.loaded) return this.probe();
    const open = [...this.messages.values()]
      .filter((message) => isOpen(message) || message.record).map((message) => message.seq - 1);
    await this.#readFrom(Math.max(Math.min(this.lastSeq, ...open), this.lastSeq - PAGE, 0));
  }

  async #readFrom(after) {
    for (let from = after; ; ) {
      const { messages } = await this.door.messages(from, PAGE);
      this.#merge(messages, false);
      if (messages.length < PAGE) return;
      from = messages[messages.length - 1].seq;
    }
  }

  /** Take one message from the stream. */
  receive(message) {
    const missed = this.loaded && this.lastSeq > 0 && message.seq > this.lastSeq + 1;
    const from = this.lastSeq;
    this.#merge([message], true);
    // Numbers may have holes; asking once is cheap, and what is known already changes nothing.
    if (missed) this.#readFrom(from).catch(() => {});
  }

  #merge(messages, live) {
    const fresh = [];
    for (const message of messages) {
      const isNew = !this.messages.has(message.seq);
      this.messages.set(message.seq, message);
      if (!isNew) continue;
      fresh.push(message);
      if (message.from === "me") this.outbox.settle(message);
      else if (!this.loaded && message.seq > this.lastSeq) this.#unseen += 1;
      this.lastSeq = Math.max(this.lastSeq, message.seq);
    }
    if (messages.length) this.#tell("messages", { messages, fresh, live });
    if (fresh.length) this.#tell("unread");
  }

  /** How many messages of others no open page here has shown yet. */
  get unread() {
    if (!this.loaded) return this.#unseen;
    let count = 0;
    for (const { seq, from } of this.messages.values()) {
      if (from !== "me" && seq > this.#shown) count += 1;
    }
    return count;
  }

  /** The newest message is on a visible screen: remember it and tell the server, once. */
  markShown(seq) {
    if (!(seq > this.#shown) && this.reported >= seq) return;
    this.#keepShown(Math.max(seq, this.#shown || 0));
    this.#tell("unread");
    clearTimeout(this.#shownTimer);
    this.#shownTimer = setTimeout(() => this.#reportShown(seq), 250);
  }

  async #reportShown(seq) {
    if (this.reported >= seq) return;
    try {
      await this.door.shown(seq);
      this.reported = seq;
    } catch {
      this.#shownTimer = setTimeout(() => this.#reportShown(this.lastSeq), 10_000);
    }
  }

  reported = 0;

  #keepShown(seq) {
    this.#shown = seq;
    remember(localStorage, this.#key("shown"), String(seq));
  }

  typing() {
    this.#tell("typing");
  }

  /** Tap on a button; a tap repeated after a failure keeps its id. Returns the server's answer. */
  async answer(message, n) {
    const tap = `${message.id}:${n}`;
    if (!this.#answerIds.has(tap)) this.#answerIds.set(tap, newId());
    const said = await this.door.answer(this.#answerIds.get(tap), message.id, n);
    this.#answerIds.delete(tap);
    return said;
  }

  /** `record`: in a room, the words go on record. */
  send(text, files = [], replyTo = null, record = false) {
    this.outbox.add({ text, files, replyTo, record });
  }

  setDraft(change) {
    Object.assign(this.draft, change);
    if ("text" in change) remember(sessionStorage, this.#key("draft"), change.text);
  }

  /** Put words and files into the composer from outside (sample, refused message). */
  offerDraft(change, notice = "") {
    this.setDraft(change);
    this.notice = notice;
    this.#tell("draft");
  }

  #giveBack(item, sentence) {
    const text = [item.text, this.draft.text].filter(Boolean).join("\n");
    const files = [...item.files, ...this.draft.files];
    this.offerDraft({ text, files, replyTo: item.replyTo ?? this.draft.replyTo }, sentence);
  }
}

/** True while a message still waits for one of its buttons. */
export function isOpen(message) {
  return message.choices?.length > 0 && message.answered == null && !isPast(message);
}

/** True when a later message has taken this one's place. */
export function isPast(message) {
  return message.from === "bot" && (Boolean(message.superseded) || message.state === "stale");
}
