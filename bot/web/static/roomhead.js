/** What stands above a room: the switch between private chat and rooms, and the status card. */

import { el, fill, icon, iconButton } from "./dom.js";
import { openDialog } from "./files.js";
import { linked } from "./text.js";
import { WORDS } from "./words.js";

const WIDE = matchMedia("(min-width: 900px)");

/** "Tin riêng" and each room, with what is unread; not there while there is no room. */
export class RoomTabs {
  #onPick;
  #drawn = "";

  /** `onPick` gets a room, or null for the private chat. */
  constructor(onPick) {
    this.#onPick = onPick;
    this.node = el("nav", { class: "room-tabs", "aria-label": WORDS.roomTabs, hidden: true });
  }

  draw(own, shown) {
    const rooms = own.rooms.all;
    const drawn = JSON.stringify([own, ...rooms].map((chat) =>
      [chat.person.id, chat.room?.room, chat.room?.title, chat.unread, chat === shown]));
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const had = this.node.contains(document.activeElement);
    this.node.hidden = rooms.length === 0;
    this.node.replaceChildren(...[own, ...rooms].map((chat) => this.#tab(chat, chat === shown)));
    if (had) this.node.querySelector("[aria-current]")?.focus({ preventScroll: true });
  }

  #tab(chat, current) {
    const count = chat.unread;
    const name = chat.room ? fill(WORDS.roomTab, { code: chat.room.code }) : WORDS.ownTab;
    return el("button", { type: "button", class: "room-tab", "aria-current": current ? "true" : null,
      onclick: () => this.#onPick(chat.room ? chat : null) },
    el("span", { text: name }),
    chat.room ? el("span", { class: "tab-title", "aria-hidden": "true", text: chat.room.title })
      : null,
    count ? el("span", { class: "badge", "aria-hidden": "true", text: count > 99 ? "99+" : count })
      : null,
    count ? el("span", { class: "sr-only", text: `, ${fill(WORDS.unreadCount, { n: count })}` })
      : null);
  }
}

/** The pinned card: one line, or all of it with the members and the record. */
export class RoomHead {
  #line = el("span", { class: "card-line" });
  #text = el("p", { class: "card-text" });
  #told = "";

  /** `onRecord` shows what is on record, in the private chat; `many`: phones share the screen. */
  constructor(onRecord, many) {
    this.people = el("button", { type: "button", class: "copy", "aria-haspopup": "dialog",
      onclick: () => openMembers(this.chat) });
    const record = el("button", { type: "button", class: "copy", text: WORDS.roomRecord,
      onclick: onRecord });
    const more = el("summary", {}, icon("pin"), this.#line, icon("down"));
    const body = el("div", { class: "card-body", tabindex: "0", role: "group",
      "aria-label": WORDS.roomCard }, this.#text,
    el("div", { class: "card-ways" }, this.people, record));
    this.details = el("details", { class: "room-card", open: WIDE.matches && !many }, more, body);
    this.node = el("div", { class: "room-head", hidden: true }, this.details);
  }

  /** Show the card of a room, or nothing in a private chat. */
  show(chat) {
    this.chat = chat;
    this.node.hidden = !chat.room;
    if (!chat.room) return;
    const { code, open, step, step_text: whole, severity_text: severity, text, members } = chat.room;
    const told = JSON.stringify([code, open, step, severity, text, members]);
    if (told === this.#told) return;
    this.#told = told;
    this.#line.textContent = open ? fill(WORDS.roomLine, { step, severity }) : whole;
    this.#text.replaceChildren(...linked(text));
    this.people.textContent = fill(WORDS.roomPeople, { n: members });
  }
}

/** Who is in the room, grouped by part in the incident. */
async function openMembers(chat) {
  const title = fill(WORDS.roomPeopleOf, { code: chat.room.code });
  const list = el("ul", { class: "people", role: "list" },
    el("li", { class: "quiet-note", text: WORDS.loading }));
  const dialog = el("dialog", { class: "sheet", "aria-label": title });
  dialog.append(el("div", { class: "sheet-head" }, el("h2", {}, ...linked(title)),
    iconButton("close", WORDS.close, { onclick: () => dialog.close() })), list);
  openDialog(dialog);
  try {
    const { members } = await chat.members();
    list.replaceChildren(...members.map(memberRow));
  } catch (error) {
    const said = error.status === 0 ? WORDS.requestFailed : error.message;
    list.replaceChildren(el("li", { class: "notice", role: "alert", text: said }));
  }
}

function memberRow({ name, post, unit, part_text: part }) {
  const where = post.includes(unit) ? post : `${post}, ${unit}`;
  return el("li", { class: "member" }, el("b", { text: name }),
    el("span", { class: "member-part", text: part }), el("span", { class: "member-post", text: where }));
}
