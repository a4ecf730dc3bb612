/** The rooms of one person: each is a conversation of many, with a card that says how it stands. */

import { api } from "./api.js";
import { Conversation } from "./conversation.js";

function roomDoor({ id }, stream) {
  return {
    key: `${id}.${stream}`,
    messages: (after, limit) => api.room(id, stream, `messages?after=${after}&limit=${limit}`),
    send: (item) => api.sendToRoom(id, stream, item),
    answer: (clientId, prompt, n) => api.tapInRoom(id, stream, clientId, prompt, n),
    shown: (seq) => api.shownInRoom(id, stream, seq),
  };
}

export class RoomChat extends Conversation {
  constructor(person, card) {
    super(person, roomDoor(person, card.room));
    this.room = card;
  }

  /** Where the room stands is told by the stream, with its card. */
  async probe() {}

  /** What has been opened once is read again when a lost connection is back. */
  async load() {
    this.wanted = true;
    await super.load();
  }

  wanted = false;

  byId(id) {
    return [...this.messages.values()].find((message) => message.id === id) || null;
  }

  members() {
    return api.room(this.person.id, this.room.room, "members");
  }

  take(card) {
    this.room = card;
    this.stands(card.last_seq, card.read, card.unread);
    this.dispatchEvent(new CustomEvent("card"));
  }
}

/** Tells "rooms" when one came or went, and "unread" when the number of unread lines changed. */
export class Rooms extends EventTarget {
  #person;
  #found = new Map();

  constructor(person) {
    super();
    this.#person = person;
  }

  get all() {
    return [...this.#found.values()];
  }

  get unread() {
    return this.all.reduce((sum, chat) => sum + chat.unread, 0);
  }

  get(stream) {
    return this.#found.get(stream) || null;
  }

  /** An event of the stream: how a room stands now, or that he is no member any more. */
  card({ person, gone, ...card }) {
    const known = this.get(card.room);
    if (gone) {
      if (this.#found.delete(card.room)) this.#tell("rooms");
    } else if (known) {
      known.take(card);
    } else {
      const chat = new RoomChat(this.#person, card);
      chat.addEventListener("unread", () => this.#tell("unread"));
      this.#found.set(card.room, chat);
      chat.take(card);
      this.#tell("rooms");
    }
  }

  /** An event of the stream: a line, new or changed. */
  line({ person, room, ...message }) {
    this.get(room)?.receive(message);
  }

  async resume() {
    for (const chat of this.all) {
      if (chat.loaded) await chat.resume();
      else if (chat.wanted) await chat.load();
    }
  }

  #tell(type) {
    this.dispatchEvent(new CustomEvent(type));
  }
}

/** The number of each room that all these persons' pages have: "incident-1:12,incident-2:0". */
export function cursors(chats) {
  const lowest = new Map();
  for (const chat of chats.flatMap((each) => each.rooms.all)) {
    const { room } = chat.room;
    lowest.set(room, Math.min(lowest.get(room) ?? Infinity, chat.lastSeq));
  }
  return [...lowest].map(([room, seq]) => `${room}:${seq}`).join(",");
}
