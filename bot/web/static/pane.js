/** One phone: whose it is, the thread, the composer. */

import { Composer } from "./compose.js";
import { el, icon } from "./dom.js";
import { openSheet } from "./sheet.js";
import { Thread } from "./thread.js";
import { WORDS } from "./words.js";

const LISTENED = ["messages", "loaded", "pending", "draft", "typing"];

export class Pane {
  chat = null;
  #session;

  /** `picker` is the person select of a rehearsal, or null; `onUse` tells that this pane is in use. */
  constructor(session, picker, onUse) {
    this.#session = session;
    this.picker = picker;
    this.thread = new Thread({
      answer: (message, n) => this.chat.answer(message, n),
      reply: (message) => this.composer.replyTo(message),
    });
    this.composer = new Composer(() => openSheet(this.chat, session));
    this.name = el("h1", { class: "pane-name" });
    this.post = el("p", { class: "pane-post" });
    this.card = el("div", { class: "pane-card" });
    this.node = el("section", { class: "pane", onfocusin: onUse, onpointerdown: onUse },
      this.#header(), this.card, this.thread.node, this.composer.node);
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
    const { person } = chat;
    this.name.textContent = person.name;
    this.post.textContent = person.post;
    this.node.setAttribute("aria-label", person.name);
    this.picker?.choose(person.id);
    this.thread.show(chat);
    this.composer.show(chat);
    for (const type of LISTENED) chat.addEventListener(type, this);
    await chat.load();
  }

  #leave() {
    if (!this.chat) return;
    for (const type of LISTENED) this.chat.removeEventListener(type, this);
    this.card.replaceChildren();
  }

  /** Listener for what changed in the chat. */
  handleEvent({ type, detail }) {
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
