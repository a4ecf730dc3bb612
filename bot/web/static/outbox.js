/**
 * Messages of one person on their way to the server, in order, each under an id made here: a
 * message sent again after a lost connection is the same message to the server.
 */

import { newId, recall, remember } from "./dom.js";

const LONGEST_WAIT = 15_000;
/** After this the server's copy is not coming (it may refuse to keep a text): let go of ours. */
const ECHO_PATIENCE = 20_000;

export class Outbox {
  #door;
  #onChange;
  #onSent;
  #onRefused;
  #running = false;
  #wait = 1000;
  #timer = 0;

  /** `door`: `key`, and `send(item)`. `onSent` hears what the server answered. */
  constructor(door, { onChange, onSent, onRefused }) {
    this.#door = door;
    this.#onChange = onChange;
    this.#onSent = onSent;
    this.#onRefused = onRefused;
    this.items = this.#recallItems();
    window.addEventListener("online", () => this.run());
    if (this.items.length) setTimeout(() => this.run());
  }

  get #key() {
    return `mdm.outbox.${this.#door.key}`;
  }

  add({ text, files, replyTo, record = false }) {
    this.items.push({ clientId: newId(), text, files, replyTo, record, state: "sending" });
    this.#changed();
    this.run();
  }

  /** A message of ours has come back from the server: its stand-in goes. */
  settle(message) {
    const same = (item) => item.text.trim() === (message.text || "").trim();
    let index = this.items.findIndex(same);
    if (index < 0) index = this.items.findIndex((item) => item.state === "accepted");
    if (index < 0) return;
    // Still on its way means its answer has not arrived yet; the request itself goes on.
    this.items.splice(index, 1);
    this.#changed();
  }

  /** Send what waits, one at a time. */
  async run() {
    if (this.#running) return;
    this.#running = true;
    clearTimeout(this.#timer);
    try {
      for (let item = this.#next(); item; item = this.#next()) {
        if (!(await this.#sendOne(item))) break;
      }
    } finally {
      this.#running = false;
    }
  }

  #next() {
    return this.items.find((item) => item.state !== "accepted");
  }

  async #sendOne(item) {
    item.state = "sending";
    this.#changed();
    try {
      const answer = await this.#door.send(item);
      item.state = "accepted";
      this.#onSent(answer);
      this.#wait = 1000;
      // A command given in a room is answered elsewhere: nothing of it comes back here.
      setTimeout(() => this.#drop(item), answer.private ? 0 : ECHO_PATIENCE);
      this.#changed();
      return true;
    } catch (error) {
      if (error.passing) return this.#later(item);
      this.#drop(item);
      this.#onRefused(item, error.message);
      return true;
    }
  }

  #later(item) {
    item.state = "waiting";
    this.#changed();
    this.#timer = setTimeout(() => this.run(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    return false;
  }

  #drop(item) {
    const index = this.items.indexOf(item);
    if (index < 0) return;
    this.items.splice(index, 1);
    this.#changed();
  }

  #changed() {
    const kept = this.items
      .filter((item) => item.state !== "accepted" && item.files.length === 0)
      .map(({ clientId, text, replyTo, record }) =>
        ({ clientId, text, record, replyTo: replyTo && { id: replyTo.id, text: replyTo.text } }));
    remember(sessionStorage, this.#key, kept.length ? JSON.stringify(kept) : null);
    this.#onChange();
  }

  #recallItems() {
    try {
      const kept = JSON.parse(recall(sessionStorage, this.#key) || "[]");
      return kept.map((item) => ({ ...item, files: [], state: "sending" }));
    } catch {
      return [];
    }
  }
}
