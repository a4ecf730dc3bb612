/** One phone: whose it is, the thread, the composer. */

import { Composer } from "./compose.js";
import { el, fill, icon } from "./dom.js";
import { ERASES } from "./erase.js";
import { RoomHead, RoomTabs } from "./roomhead.js";
import { openSheet } from "./sheet.js";
import { Thread } from "./thread.js";
import { WORDS } from "./words.js";

const LISTENED = ["messages", "loaded", "pending", "draft", "typing", "card", "sent"];
const TOAST_SHOWN = 8000;

/** What shows the record of a room, in the private chat. */
const RECORD_COMMAND = "/hoso";

export class Pane {
  /** The person's own chat, and what is on the screen: it, or one of his rooms. */
  chat = null;
  shown = null;
  #session;
  #toastTimer = 0;

  /** `picker` is the person select of a rehearsal, or null; `onUse` tells that this pane is in use. */
  constructor(session, picker, onUse) {
    this.#session = session;
    this.picker = picker;
    this.thread = new Thread({
      answer: (message, n) => this.#answer(message, n),
      reply: (message) => this.composer.replyTo(message),
      quoted: (id) => this.shown.byId?.(id),
      // What was said in a room is taken back there, by its number on record.
      mayErase: () => this.shown === this.chat,
      erase: (message) => this.chat.send(ERASES, [], message),
    });
    this.composer = new Composer(() => openSheet(this.chat, session, () => this.enter(null)));
    this.tabs = new RoomTabs((room) => this.enter(room));
    this.roomHead = new RoomHead(() => this.shown.send(RECORD_COMMAND), session.rehearsal);
    this.toast = el("p", { class: "toast", role: "status", "aria-live": "polite" });
    this.name = el("h1", { class: "pane-name" });
    this.post = el("p", { class: "pane-post" });
    this.card = el("div", { class: "pane-card" });
    this.node = el("section", { class: "pane", onfocusin: onUse, onpointerdown: onUse },
      this.#header(), this.tabs.node, this.card, this.roomHead.node, this.thread.node, this.toast,
      this.composer.node);
    this.#takeDrops();
  }

  #header() {
    const board = el("a", { class: "board-link", href: "/board", "aria-label": WORDS.board },
      icon("board"), el("span", { text: WORDS.boardShort }));
    const title = el("div", { class: "pane-title" }, this.name, this.post);
    return el("header", { class: "pane-head" }, title, this.picker?.node ?? null, board);
  }

  #takeDrops() {
    this.node.addEventListener("dragover", (event) => event.preventDefault());
    this.node.addEventListener("drop", (event) => {
      event.preventDefault();
      const files = [...event.dataTransfer.files];
      if (files.length) this.composer.addFiles(files);
    });
  }

  /** Put another chat on this phone. */
  async open(chat) {
    if (this.chat === chat) return;
    this.#leave();
    this.chat = chat;
    chat.rooms.addEventListener("rooms", this);
    const { person } = chat;
    this.name.textContent = person.name;
    this.post.textContent = person.post;
    this.node.setAttribute("aria-label", person.name);
    this.picker?.choose(person.id);
    await this.#show(chat);
  }

  /** Go into a room of this person, or with null back to his own chat. */
  enter(room) {
    const chat = room ?? this.chat;
    if (this.shown === chat) return;
    this.#hide();
    this.say("");
    this.card.replaceChildren();
    this.#show(chat).catch((error) => this.say(error.message));
    this.thread.scroller.focus({ preventScroll: true });
  }

  async #show(chat) {
    this.shown = chat;
    this.node.classList.toggle("in-room", Boolean(chat.room));
    this.thread.show(chat);
    this.composer.show(chat);
    this.roomHead.show(chat);
    this.drawTabs();
    for (const type of LISTENED) chat.addEventListener(type, this);
    await chat.load();
  }

  #hide() {
    if (!this.shown) return;
    for (const type of LISTENED) this.shown.removeEventListener(type, this);
    this.shown = null;
  }

  #leave() {
    if (!this.chat) return;
    this.chat.rooms.removeEventListener("rooms", this);
    this.#hide();
    this.say("");
    this.card.replaceChildren();
  }

  drawTabs() {
    if (this.chat) this.tabs.draw(this.chat, this.shown);
  }

  async #answer(message, n) {
    const chat = this.shown;
    const said = await chat.answer(message, n);
    if (chat.room) this.#answered(chat, said);
    return said;
  }

  /** A tap or a command in a room: what came of it, or the way into the private chat. */
  #answered(chat, { toast, private: goesOn }) {
    if (goesOn && this.shown === chat) this.enter(null);
    this.say(toast);
  }

  /** One sentence for a while, above the composer. */
  say(sentence) {
    clearTimeout(this.#toastTimer);
    this.toast.textContent = sentence;
    if (sentence) this.#toastTimer = setTimeout(() => this.say(""), TOAST_SHOWN);
  }

  /** A room came or went; the one on the screen may be gone. */
  #roomsChanged() {
    const { room } = this.shown;
    if (room && !this.chat.rooms.get(room.room)) {
      this.enter(null);
      this.say(fill(WORDS.roomGone, { code: room.code }));
    }
    this.drawTabs();
  }

  /** Listener for what changed in the chat. */
  handleEvent({ type, detail }) {
    if (type === "rooms") this.#roomsChanged();
    if (type === "card") this.roomHead.show(this.shown);
    if (type === "sent" && detail.private) this.#answered(this.shown, detail);
    if (type === "messages") this.thread.put(detail.messages, detail.live);
    if (type === "loaded") this.thread.ready();
    if (type === "pending") this.thread.showPending();
    if (type === "draft") this.composer.draw();
    if (type === "typing") this.thread.showTyping();
  }

  /** Show a card above the thread, in place of the one before; null takes it away. */
  showCard(card) {
    this.card.replaceChildren(...(card ? [card] : []));
    this.thread.toEnd();
  }

  close() {
    this.#leave();
    this.chat = null;
    this.node.remove();
  }
}
