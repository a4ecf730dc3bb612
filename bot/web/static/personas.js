/** Rehearsal only: who holds which phone. Chips for a thumb, a select for each phone at a desk. */

import { el, fill, icon } from "./dom.js";
import { WORDS } from "./words.js";

function waitingOf(waiting, id) {
  return waiting.find((entry) => entry.persona === id)?.count || 0;
}

/** What only a screen reader is told after the words of a chip. */
function described(chat, waiting, isNext) {
  const parts = ["", chat.person.name, chat.person.post];
  if (chat.unread) parts.push(fill(WORDS.unreadCount, { n: chat.unread }));
  const count = waitingOf(waiting, chat.person.id);
  if (count) parts.push(fill(WORDS.waitingCount, { n: count }));
  if (isNext) parts.push(WORDS.waitingMark);
  return parts.join(", ");
}

/** The scrollable row of chips, and under it the line that names who is next to act. */
export class Chips {
  #chips = new Map();
  #onPick;

  constructor(chats, onPick) {
    this.#onPick = onPick;
    this.row = el("div", { class: "persona-row", role: "group", "aria-label": WORDS.personas });
    for (const chat of chats) this.row.append(this.#chip(chat));
    this.next = el("button", { type: "button", class: "next-line", hidden: true });
    this.node = el("nav", { class: "personas", "aria-label": WORDS.personas }, this.row, this.next);
  }

  #chip(chat) {
    const badge = el("span", { class: "badge", hidden: true, "aria-hidden": "true" });
    const sign = el("span", { class: "chip-sign", "aria-hidden": "true" });
    const more = el("span", { class: "sr-only" });
    const button = el("button", { type: "button", class: "persona",
      onclick: () => this.#onPick(chat) },
    el("span", { class: "persona-words" },
      el("span", { class: "persona-name", text: chat.person.short }), sign), badge, more);
    this.#chips.set(chat, { button, badge, sign, more });
    return button;
  }

  /** Draw marks. `open`: chats on screen; `next`: {persona, text} or null. */
  draw({ open, active, waiting, next }) {
    for (const [chat, { button, badge, sign, more }] of this.#chips) {
      const isNext = next?.persona === chat.person.id;
      button.classList.toggle("open", open.includes(chat));
      button.classList.toggle("next", isNext);
      button.setAttribute("aria-pressed", String(open.includes(chat)));
      more.textContent = described(chat, waiting, isNext);
      sign.textContent = isNext ? WORDS.waitingMark : "";
      const count = chat.unread || waitingOf(waiting, chat.person.id);
      badge.hidden = !count;
      badge.textContent = count > 99 ? "99+" : String(count);
      badge.classList.toggle("soft", !chat.unread);
    }
    this.#drawNext(next, open);
    if (this.active !== active) this.#reveal(active);
    this.active = active;
  }

  #drawNext(next, open) {
    const chat = next && [...this.#chips.keys()].find((each) => each.person.id === next.persona);
    const show = Boolean(chat) && !open.includes(chat);
    this.next.hidden = !show;
    if (!show) return;
    this.next.replaceChildren(el("span", { text: next.text }),
      el("span", { class: "next-go" }, WORDS.openPersona, icon("right")));
    this.next.onclick = () => {
      this.#onPick(chat);
      // The line goes away with the tap; the keyboard stays with the person it named.
      this.#chips.get(chat).button.focus();
    };
  }

  #reveal(chat) {
    const chip = this.#chips.get(chat)?.button;
    if (!chip) return;
    const middle = chip.offsetLeft - (this.row.clientWidth - chip.offsetWidth) / 2;
    this.row.scrollTo({ left: Math.max(0, middle) });
  }
}

/** The select in the head of one phone. */
export class Picker {
  #chats;

  constructor(chats, onPick) {
    this.#chats = chats;
    this.select = el("select", { class: "picker", "aria-label": WORDS.personaOf });
    for (const chat of chats) this.select.append(el("option", { value: chat.person.id }));
    this.select.addEventListener("change", () =>
      onPick(chats.find((chat) => String(chat.person.id) === this.select.value)));
    this.node = this.select;
    this.draw();
  }

  choose(id) {
    this.select.value = String(id);
  }

  draw() {
    this.#chats.forEach((chat, index) => {
      const { short, post } = chat.person;
      const marks = chat.unread ? ` (${chat.unread})` : "";
      const text = `${short}${marks}, ${post}`;
      const option = this.select.options[index];
      if (option.textContent !== text) option.textContent = text;
    });
  }
}
