/** The list of messages of one chat: order by seq, days, staying at the end, what was seen. */

import { Bubble } from "./bubble.js";
import { el, fill, icon } from "./dom.js";
import { WORDS } from "./words.js";

const NEAR_END = 96;
const TYPING_SHOWN = 6000;

export class Thread {
  #bubbles = new Map();
  #order = [];
  #chat = null;
  #actions;
  #atEnd = true;
  #watched = null;
  #inView = false;
  #typingTimer = 0;
  #awaiting = false;

  /** `actions` are those of a bubble. What an answer brings is shown, wherever it was given. */
  constructor(actions) {
    this.#actions = { ...actions, answer: (message, n) => {
      this.#awaiting = true;
      return actions.answer(message, n);
    } };
    this.older = el("button", { type: "button", class: "older", hidden: true,
      text: WORDS.olderMessages, onclick: () => this.#loadOlder() });
    this.empty = el("p", { class: "empty", hidden: true, text: WORDS.emptyThread });
    this.rows = el("div", { class: "rows", role: "log", "aria-live": "polite" });
    this.pending = el("div", { class: "rows pending", "aria-live": "polite" });
    this.typing = el("p", { class: "typing", role: "status" });
    this.scroller = el("div", { class: "scroller", tabindex: "0" },
      this.older, this.empty, this.rows, this.pending, this.typing);
    this.jump = el("button", { type: "button", class: "jump", hidden: true, onclick: () => {
      this.scroller.focus({ preventScroll: true });
      this.toEnd();
    } }, el("span", { text: WORDS.newMessages }), icon("down"));
    this.node = el("div", { class: "thread" }, this.scroller, this.jump);
    this.#watch();
  }

  #watch() {
    this.scroller.addEventListener("scroll", () => {
      const { scrollHeight, scrollTop, clientHeight } = this.scroller;
      this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
      if (this.#atEnd) this.jump.hidden = true;
    }, { passive: true });
    // The keyboard opening, or a composer that grows, must not push the newest message away.
    new ResizeObserver(() => this.#atEnd && this.toEnd()).observe(this.scroller);
    this.eye = new IntersectionObserver((entries) => {
      const last = entries[entries.length - 1];
      const half = last.intersectionRect.height >= this.scroller.clientHeight / 2;
      this.#inView = last.isIntersecting && (last.intersectionRatio >= 0.5 || half);
      this.#seen();
    }, { threshold: [0, 0.1, 0.25, 0.5, 0.75, 1] });
    document.addEventListener("visibilitychange", () => this.#seen());
  }

  /** Show another chat, or none. The chat's changes arrive through `listen` of the pane. */
  show(chat) {
    this.#chat = chat;
    this.#bubbles.clear();
    this.#order = [];
    this.rows.replaceChildren();
    this.pending.replaceChildren();
    this.#quiet();
    this.jump.hidden = true;
    this.#atEnd = true;
    this.#awaiting = false;
    this.eye.disconnect();
    this.#watched = null;
    this.#inView = false;
    this.rows.setAttribute("aria-busy", "true");
    this.scroller.setAttribute("aria-label", chat.room
      ? fill(WORDS.roomThread, { code: chat.room.code })
      : fill(WORDS.thread, { name: chat.person.name }));
    this.empty.textContent = chat.room ? WORDS.roomEmpty : WORDS.emptyThread;
    this.rows.setAttribute("aria-label", this.scroller.getAttribute("aria-label"));
    this.put([...chat.messages.values()].sort((a, b) => a.seq - b.seq));
    this.showPending();
    if (chat.loaded) this.ready();
  }

  /** History is complete: from now on additions are read aloud. */
  ready() {
    this.rows.setAttribute("aria-busy", "false");
    this.#edges();
    this.toEnd();
    this.#seen();
  }

  #edges() {
    this.older.hidden = !this.#chat.hasOlder;
    this.empty.hidden = this.#chat.messages.size > 0 || this.#chat.outbox.items.length > 0;
  }

  /** Insert new messages and update known ones. */
  put(messages, live = false) {
    let added = null;
    for (const message of messages) {
      const known = this.#bubbles.get(message.seq);
      if (known) known.update(message);
      else added = this.#insert(message);
    }
    if (this.#chat.loaded) this.#edges();
    if (added?.message.from === "bot") {
      this.#quiet();
      for (const bubble of this.#bubbles.values()) bubble.replied();
    }
    this.#follow(added, live);
    this.#watchLast();
  }

  #insert(message) {
    const bubble = new Bubble(message, this.#actions);
    let at = this.#order.length;
    while (at > 0 && this.#order[at - 1] > message.seq) at -= 1;
    const next = this.#bubbles.get(this.#order[at]);
    this.rows.insertBefore(bubble.node, next ? next.node : null);
    this.#order.splice(at, 0, message.seq);
    this.#bubbles.set(message.seq, bubble);
    this.#placeDay(at);
    this.#placeDay(at + 1);
    return bubble;
  }

  #placeDay(at) {
    const bubble = this.#bubbles.get(this.#order[at]);
    if (!bubble) return;
    const before = this.#bubbles.get(this.#order[at - 1]);
    bubble.showDay(!before || before.message.day_text !== bubble.message.day_text);
  }

  #follow(added, live) {
    const awaited = this.#awaiting && added?.message.from === "bot";
    if (awaited) this.#awaiting = false;
    if (this.#atEnd || awaited) this.toEnd(added);
    else if (live && added) this.jump.hidden = false;
  }

  /** Scroll to the end; of a message taller than the screen, to its beginning. */
  toEnd(added = null) {
    const tall = added && added.node.offsetHeight > this.scroller.clientHeight;
    this.scroller.scrollTop = tall ? added.node.offsetTop - 8 : this.scroller.scrollHeight;
    if (!tall) this.#atEnd = true;
    this.jump.hidden = true;
  }

  /** The end of the thread, also where the page around it scrolls. */
  bringIntoView() {
    this.toEnd();
    this.node.scrollIntoView({ block: "nearest" });
  }

  #watchLast() {
    const last = this.#bubbles.get(this.#order[this.#order.length - 1]);
    if (!last || last.node === this.#watched) return;
    this.eye.disconnect();
    this.#inView = false;
    this.#watched = last.node;
    this.eye.observe(last.node);
  }

  #seen() {
    if (!this.#inView || document.visibilityState !== "visible" || !this.#chat?.loaded) return;
    this.#chat.markShown(this.#chat.lastSeq);
  }

  /** Messages of ours not yet come back from the server. */
  showPending() {
    const items = this.#chat.outbox.items;
    this.pending.replaceChildren(...items.map(pendingRow));
    if (items.length) {
      this.empty.hidden = true;
      this.bringIntoView();
    }
  }

  showTyping() {
    clearTimeout(this.#typingTimer);
    this.typing.textContent = WORDS.typing;
    if (this.#atEnd) this.toEnd();
    this.#typingTimer = setTimeout(() => this.#quiet(), TYPING_SHOWN);
  }

  #quiet() {
    clearTimeout(this.#typingTimer);
    this.typing.textContent = "";
  }

  async #loadOlder() {
    const { scroller } = this;
    const fromEnd = scroller.scrollHeight - scroller.scrollTop;
    this.#atEnd = false;
    this.older.disabled = true;
    try {
      const any = await this.#chat.loadOlder();
      this.older.hidden = !any || !this.#chat.hasOlder;
    } catch {
      // The button stays: pressing again is the way on.
    }
    this.older.disabled = false;
    scroller.scrollTop = scroller.scrollHeight - fromEnd;
  }
}

const PENDING = { sending: WORDS.sending, waiting: WORDS.waitingForNetwork, accepted: WORDS.accepted };

function pendingRow(item) {
  const names = item.files.map((file) =>
    el("span", { class: "file" }, icon("file"), el("span", { class: "file-name", text: file.name })));
  return el("div", { class: "row me" }, el("div", { class: "line" },
    el("div", { class: "bubble" }, ...names,
      item.text ? el("p", { class: "text", text: item.text }) : null,
      el("p", { class: "meta", text: PENDING[item.state] }))));
}
