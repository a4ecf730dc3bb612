/** The chat page: who is here, which phones are on screen, one stream for all of them. */

import { Conversation } from "./conversation.js";
import { el, fill, recall, remember } from "./dom.js";
import { introCard, introWanted, offerSample } from "./intro.js";
import { addTop, openSession } from "./opening.js";
import { Pane } from "./pane.js";
import { Chips, Picker } from "./personas.js";
import { allowRing, ring } from "./ring.js";
import { signedOutPage } from "./signedout.js";
import { Rooms } from "./rooms.js";
import { Stream } from "./stream.js";
import { WORDS } from "./words.js";

const TWO = matchMedia("(min-width: 900px)");
const THREE = matchMedia("(min-width: 1300px)");
const OPEN_KEY = "mdm.open";

class ChatPage {
  #root;
  #session;
  #panes = [];
  #active = null;

  constructor(root, session) {
    this.#root = root;
    this.#session = session;
    const people = session.rehearsal && session.personas.length ? session.personas : [session.me];
    this.chats = people.map((person) => new Conversation(person));
    for (const chat of this.chats) chat.rooms = new Rooms(chat.person);
    this.waiting = session.waiting || [];
    this.next = session.next || null;
  }

  get #many() {
    return this.chats.length > 1;
  }

  chatOf(id) {
    return this.chats.find((chat) => chat.person.id === id);
  }

  /** Build the page and connect it. */
  async start() {
    this.#root.replaceChildren();
    this.banner = addTop(this.#root, this.#session);
    this.chips = this.#many ? new Chips(this.chats, (chat) => this.#bring(chat)) : null;
    if (this.chips) this.#root.append(this.chips.node);
    this.link = el("p", { class: "link-state", role: "status" });
    this.bell = el("p", { class: "sr-only", role: "alert" });
    this.desk = el("main", { class: this.#many ? "desk many" : "desk" }, this.link);
    this.#root.append(this.desk, this.bell);
    if (this.#many) this.#root.prepend(this.#skip());
    for (const chat of this.chats) {
      chat.addEventListener("unread", () => this.#marks());
      for (const type of ["rooms", "unread"]) chat.rooms.addEventListener(type, () => this.#marks());
    }
    this.stream = new Stream(this.chats, this.#handlers());
    await this.#connect();
    for (const size of [TWO, THREE]) size.addEventListener("change", () => this.#arrange());
    this.#arrange();
    if (introWanted(this.#session)) this.#welcome();
  }

  /** For a keyboard: past the banner and the persons, to where one types. */
  #skip() {
    return el("button", { type: "button", class: "skip", text: WORDS.skip,
      onclick: () => this.#active.composer.focus() });
  }

  async #connect() {
    try {
      await Promise.all(this.chats.map((chat) => chat.probe()));
      this.stream.open();
    } catch (error) {
      if (error.status === 401 || error.status === 403) location.reload();
      else this.stream.retry();
    }
  }

  #handlers() {
    return {
      message: (message) => this.#receive(message),
      room: (line) => this.chatOf(line.person)?.rooms.line(line),
      card: (card) => this.chatOf(card.person)?.rooms.card(card),
      clock: (data) => this.banner?.set(data.clock_text),
      waiting: (data) => {
        this.waiting = data.waiting || [];
        this.next = data.next || null;
        this.#marks();
      },
      typing: ({ person }) => this.chatOf(person)?.typing(),
      state: (connected) => { this.link.textContent = connected ? "" : WORDS.reconnecting; },
      refused: () => location.reload(),
    };
  }

  #receive({ person, ...message }) {
    const chat = this.chatOf(person);
    if (!chat) return;
    const isNew = message.seq > chat.lastSeq;
    chat.receive(message);
    if (!isNew || message.from !== "bot" || !message.ring || message.silent) return;
    ring();
    this.bell.textContent = fill(WORDS.bellOf, { name: chat.person.name, time: message.at_text });
  }

  /** As many phones as fit, each with its own person. */
  #arrange() {
    const room = THREE.matches ? 3 : TWO.matches ? 2 : 1;
    const count = Math.min(room, this.chats.length);
    while (this.#panes.length > count) this.#panes.pop().close();
    while (this.#panes.length < count) this.#addPane();
    if (!this.#panes.includes(this.#active)) this.#active = this.#panes[0];
    this.#marks();
  }

  #addPane() {
    const picker = this.#many
      ? new Picker(this.chats, (chat) => this.#place(chat, pane)) : null;
    const pane = new Pane(this.#session, picker, () => this.#use(pane));
    this.#panes.push(pane);
    this.desk.append(pane.node);
    const shown = this.#panes.map((each) => each.chat);
    const wanted = this.#remembered().find((chat) => !shown.includes(chat));
    this.#place(wanted, pane);
  }

  /** Chats in the order they should fill phones: as last time, the one at hand, the rest. */
  #remembered() {
    const ids = (recall(sessionStorage, OPEN_KEY) || "").split(",").map(Number);
    const first = [...ids, this.#session.me?.id].map((id) => this.chatOf(id)).filter(Boolean);
    return [...new Set([...first, ...this.chats])];
  }

  #use(pane) {
    if (this.#active === pane) return;
    this.#active = pane;
    this.#marks();
  }

  /** Show a chat on a phone; if another phone holds it, the two change places. */
  #place(chat, pane) {
    const other = this.#panes.find((each) => each !== pane && each.chat === chat);
    const previous = pane.chat;
    this.#open(pane, chat);
    if (other && previous) this.#open(other, previous);
    const ids = this.#panes.map((each) => each.chat?.person.id).filter(Boolean);
    remember(sessionStorage, OPEN_KEY, ids.join(","));
    this.#marks();
  }

  #open(pane, chat) {
    // A failed load is repeated by the stream's own reconnecting.
    pane.open(chat).catch(() => this.stream.retry());
  }

  /** A chip was tapped: go to that chat where it is, else put it on the phone in use. */
  #bring(chat) {
    const holder = this.#panes.find((pane) => pane.chat === chat);
    if (!holder) this.#place(chat, this.#active);
    else this.#use(holder);
    this.#panes.find((pane) => pane.chat === chat).thread.bringIntoView();
  }

  #marks() {
    const open = this.#panes.map((pane) => pane.chat);
    for (const pane of this.#panes) {
      pane.picker?.draw();
      pane.drawTabs();
      pane.node.classList.toggle("in-use", this.#panes.length > 1 && pane === this.#active);
      pane.node.classList.toggle("next", this.next?.persona === pane.chat?.person.id);
    }
    this.chips?.draw({ open, active: this.#active?.chat, waiting: this.waiting, next: this.next });
    // In a rehearsal one line of a room would count once for each who is in it.
    const inRooms = this.#many ? 0 : this.chats[0].rooms.unread;
    const unread = this.chats.reduce((sum, chat) => sum + chat.unread, inRooms);
    document.title = unread ? `(${unread}) ${WORDS.product}` : WORDS.product;
  }

  #welcome() {
    const [pane] = this.#panes;
    const start = () => {
      pane.showCard(null);
      const chat = this.chatOf(this.#session.start.persona) || pane.chat;
      this.#bring(chat);
      offerSample(this.#session.start, chat);
      this.#panes.find((each) => each.chat === chat).composer.sendButton.focus();
    };
    const later = () => {
      pane.showCard(null);
      pane.thread.scroller.focus({ preventScroll: true });
    };
    pane.showCard(introCard(this.#session, start, later));
  }
}

async function main() {
  const root = document.getElementById("app");
  const session = await openSession(root);
  if (session.signed_in) {
    allowRing();
    await new ChatPage(root, session).start();
    return;
  }
  root.replaceChildren();
  addTop(root, session);
  root.append(signedOutPage(session.duty));
}

main();
