/** The page's one event stream, with our own back-off so that every reopening resumes by seq. */

import { cursors } from "./rooms.js";

const EVENTS = ["message", "room", "card", "clock", "waiting", "board", "typing"];
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;
/** A page hidden longer than this may hold a dead connection without knowing it. */
const ASLEEP = 30_000;

export class Stream {
  #chats;
  #handlers;
  #source = null;
  #wait = FIRST_WAIT;
  #timer = 0;
  #hiddenAt = 0;
  #opening = false;

  /** `handlers`: one function per event name, plus `state(connected)` and `refused(error)`. */
  constructor(chats, handlers) {
    this.#chats = chats;
    this.#handlers = handlers;
    window.addEventListener("online", () => this.#again(0));
    window.addEventListener("offline", () => this.#handlers.state(false));
    document.addEventListener("visibilitychange", () => this.#visibility());
    window.addEventListener("pagehide", () => this.#close());
    window.addEventListener("pageshow", (event) => event.persisted && this.#again(0));
  }

  /** Open at the chats' present seq. */
  open() {
    this.#close();
    const persons = this.#chats.map((chat) => chat.person.id).join(",");
    const after = this.#chats.map((chat) => chat.lastSeq).join(",");
    const rooms = cursors(this.#chats);
    const source = new EventSource(`/api/stream?persons=${persons}&after=${after}&rooms=${rooms}`);
    source.onopen = () => {
      this.#wait = FIRST_WAIT;
      this.#handlers.state(true);
    };
    source.onerror = () => this.#lost();
    for (const name of EVENTS) {
      source.addEventListener(name, (event) => this.#handle(name, event.data));
    }
    this.#source = source;
  }

  /** Something could not be read: come back after a while, as after a lost connection. */
  retry() {
    this.#lost();
  }

  #handle(name, data) {
    const handler = this.#handlers[name];
    if (handler) handler(data ? JSON.parse(data) : {});
  }

  #lost() {
    this.#close();
    this.#handlers.state(false);
    // A little chance keeps many pages from coming back in the same instant.
    this.#again(this.#wait * (0.75 + Math.random() / 2));
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
  }

  #again(delay) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#reopen(), delay);
  }

  async #reopen() {
    if (this.#opening) return;
    this.#opening = true;
    this.#close();
    try {
      for (const chat of this.#chats) {
        await chat.resume();
        await chat.rooms.resume();
      }
      this.open();
    } catch (error) {
      if (error.status >= 400 && error.status < 500 && error.status !== 429) {
        this.#handlers.refused(error);
      } else this.#lost();
    } finally {
      this.#opening = false;
    }
  }

  #visibility() {
    if (document.visibilityState === "hidden") {
      this.#hiddenAt = Date.now();
    } else if (this.#hiddenAt && Date.now() - this.#hiddenAt > ASLEEP) {
      this.#again(0);
    }
  }

  #close() {
    this.#source?.close();
    this.#source = null;
  }
}
