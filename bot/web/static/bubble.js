/**
 * One message on the page. A bubble is made once and then updated in place: only the parts that
 * may change (choices, marks) are made anew, so a screen reader is not read the text twice.
 */

import { el, fill, icon, iconButton } from "./dom.js";
import { filesBlock } from "./files.js";
import { isOpen, isPast } from "./conversation.js";
import { ERASES, eraseButton } from "./erase.js";
import { readerButton } from "./reader.js";
import { linked } from "./text.js";
import { WORDS } from "./words.js";

/** How long a tapped button waits for any answer before it may be tapped again. */
const ANSWER_PATIENCE = 15_000;
/** Long enough for the second tap of a double tap in a room, where buttons stay. */
const SECOND_TAP = 700;
/** An answer has come: the tapped message's own new state, if it has one, follows within this. */
const STATE_FOLLOWS = 400;

export class Bubble {
  #actions;
  #choices;
  #side;
  #state = "";
  #giveBack = null;
  /** A button that is pressed goes out of use, and the keyboard has no place until it is replaced. */
  #pressed = false;

  /**
   * `actions`: `answer(message, n)` returning a promise, `reply(message)`, `quoted(id)`, and
   * `erase(message)` where he `mayErase()` his own words.
   */
  constructor(message, actions) {
    this.#actions = actions;
    this.message = message;
    this.day = el("h2", { class: "day", hidden: true });
    this.#choices = el("div", { class: "after" });
    this.body = el("div", { class: "bubble" });
    this.#side = this.#sideButton();
    const beside = message.from === "me" ? [this.#side, this.body] : [this.body, this.#side];
    const line = el("div", { class: "line" }, ...beside);
    this.node = el("div", { class: `row ${message.from}`, "data-seq": message.seq },
      this.day, line, this.#choices);
    this.#fillBody();
    this.update(message);
  }

  #sideButton() {
    if (this.message.from === "me") return this.#eraseButton();
    return iconButton("reply", WORDS.reply, { class: "icon-button quiet reply",
      onclick: () => this.#actions.reply(this.message) });
  }

  #eraseButton() {
    const { erase, mayErase } = this.#actions;
    return mayErase() && this.#isErasable() ? eraseButton(() => erase(this.message)) : null;
  }

  #isErasable() {
    const { text, files } = this.message;
    return text !== ERASES && Boolean(text || files?.length);
  }

  #fillBody() {
    const { message } = this;
    this.body.append(speaker(message));
    const quoted = message.author && message.reply_to && this.#actions.quoted(message.reply_to);
    if (quoted?.text) {
      this.body.append(el("p", { class: "quoted" },
        el("span", { class: "sr-only", text: WORDS.inReplyTo }), quoted.text));
    }
    const files = filesBlock(message.files);
    if (files) this.body.append(files);
    if (message.text) this.body.append(el("p", { class: "text" }, ...linked(message.text)));
    else if (!files && !message.record) {
      this.body.append(el("p", { class: "quiet-note", text: WORDS.erased }));
    }
    if (TAKEN_BACK[message.record?.state]) this.body.append(takenBack(message.record));
    if (message.copy) {
      this.body.append(el("div", { class: "to-say" }, copyButton(message.copy),
        readerButton(message.copy)));
    }
    this.body.append(this.#meta());
  }

  #meta() {
    const { message } = this;
    const meta = el("p", { class: "meta" });
    if (message.drill) meta.append(el("span", { class: "tag", text: WORDS.drill }));
    if (message.record?.state === "kept") meta.append(recordBadge(message.record));
    if (message.ring) meta.append(mark("bell", WORDS.bell));
    meta.append(el("time", { datetime: message.at, text: message.at_text }));
    return meta;
  }

  /** Take a newer state of the same message. */
  update(message) {
    this.message = message;
    const { text, files, choices, answered, superseded, state, record } = message;
    const told = JSON.stringify([text, files, record ?? null]);
    const now = JSON.stringify([told, choices, answered, superseded, state]);
    if (now === this.#state) return;
    const retold = this.#state && JSON.parse(this.#state)[0] !== told;
    this.#state = now;
    if (retold) {
      this.body.replaceChildren();
      this.#fillBody();
      if (message.from === "me" && this.#side) this.#side.hidden = !this.#isErasable();
    }
    this.node.classList.toggle("past", isPast(message));
    const at = document.activeElement;
    const had = this.#choices.contains(at) || (this.#pressed && at === document.body);
    this.#pressed = false;
    this.#choices.replaceChildren(...this.#afterText());
    if (had) this.#keepFocus();
  }

  /** The button under the keyboard is gone: what took its place is read, and Tab goes on there. */
  #keepFocus() {
    const place = this.#choices.querySelector(".answered, .choice, .quiet-note") || this.node;
    if (!place.matches("button")) place.setAttribute("tabindex", "-1");
    place.focus({ preventScroll: true });
  }

  #afterText() {
    const { message } = this;
    if (message.answered != null) return [answeredMark(message)];
    if (isPast(message)) {
      const had = message.choices?.length > 0;
      return had ? [el("p", { class: "quiet-note", text: WORDS.superseded })] : [];
    }
    return isOpen(message) ? this.#buttons() : [];
  }

  /** The choices, large; ways out such as "Để sau" come last, small and side by side. */
  #buttons() {
    const { choices } = this.message;
    const main = choices.filter((choice) => !choice.quiet);
    const many = main.length > 3;
    const note = el("p", { class: "quiet-note", role: "status" });
    if (many) note.textContent = WORDS.numberHint;
    const box = el("div", { role: "group", "aria-label": WORDS.choices });
    const list = (some, kind, numbered) => el(numbered ? "ol" : "ul", { class: kind, role: "list" },
      ...some.map((choice) => el("li", {}, this.#button(choice, numbered, box, note))));
    if (main.length) box.append(list(main, many ? "choices numbered" : "choices", many));
    const ways = choices.filter((choice) => choice.quiet);
    if (ways.length) box.append(list(ways, "choices ways", false));
    return [box, note];
  }

  #button(choice, numbered, box, note) {
    const button = el("button", { type: "button", class: choice.quiet ? "choice quiet" : "choice",
      onclick: () => this.#answer(choice, button, box, note) });
    if (numbered) button.append(el("span", { class: "number", text: String(choice.n) }));
    button.append(el("span", { text: choice.label }));
    return button;
  }

  async #answer(choice, button, box, note) {
    const buttons = [...box.querySelectorAll("button")];
    const enable = (on) => buttons.forEach((each) => { each.disabled = !on; });
    this.#pressed = box.contains(document.activeElement);
    enable(false);
    button.classList.add("chosen");
    note.textContent = WORDS.answerSending;
    const giveBack = (sentence) => {
      button.classList.remove("chosen");
      enable(true);
      note.textContent = sentence;
    };
    const again = () => box.isConnected && giveBack("");
    this.#giveBack = again;
    try {
      const said = await this.#actions.answer(this.message, choice.n);
      if (said?.toast === undefined) setTimeout(again, ANSWER_PATIENCE);
      else this.#stays(again, button, note);
    } catch (error) {
      this.#giveBack = null;
      giveBack(error.status === 0 ? WORDS.answerLost : error.message);
      button.focus();
    }
  }

  /** A button of a room is there for each member, and still there for him who has tapped it. */
  #stays(again, button, note) {
    note.textContent = "";
    setTimeout(() => {
      again();
      const lost = !document.activeElement || document.activeElement === document.body;
      if (this.#pressed && lost) button.focus({ preventScroll: true });
      this.#pressed = false;
    }, SECOND_TAP);
  }

  /** Something was answered in this chat. A choice that only shows something leaves the rest open. */
  replied() {
    if (this.#giveBack) setTimeout(this.#giveBack, STATE_FOLLOWS);
    this.#giveBack = null;
  }

  /** Show or hide the day above the message. */
  showDay(show) {
    this.day.hidden = !show;
    this.day.textContent = show ? this.message.day_text : "";
  }
}

/** In a room everybody's name and post are to be seen; in a private chat there are but two. */
function speaker({ from, author }) {
  if (from === "other" && author) {
    return el("p", { class: "author" }, el("b", { text: author.name }), " ",
      el("span", { text: author.post }));
  }
  return el("span", { class: "sr-only", text: from === "me" ? WORDS.speakerMe : WORDS.speakerBot });
}

const TAKEN_BACK = { withdrawn: WORDS.recordWithdrawn, moved: WORDS.recordMoved };

function takenBack({ number, state }) {
  return el("p", { class: "taken-back", text: fill(TAKEN_BACK[state], { number }) });
}

function recordBadge({ number }) {
  return el("span", { class: "on-record" }, icon("check"),
    el("span", { text: fill(WORDS.onRecord, { number }) }));
}

function mark(name, label) {
  return el("span", { class: "mark", role: "img", "aria-label": label, title: label }, icon(name));
}

function answeredMark(message) {
  const chosen = message.choices?.find((choice) => choice.n === message.answered);
  return el("p", { class: "answered" }, icon("check"),
    el("span", { class: "sr-only", text: chosen ? WORDS.answered : "" }),
    el("span", { text: chosen ? chosen.label : WORDS.answeredOther }));
}

function copyButton(text) {
  const label = el("span", { text: WORDS.copy, "aria-live": "polite" });
  const say = (sentence) => {
    label.textContent = sentence;
    setTimeout(() => { label.textContent = WORDS.copy; }, 3000);
  };
  return el("button", { type: "button", class: "copy",
    onclick: async () => say((await copyText(text)) ? WORDS.copied : WORDS.copyRefused) },
  icon("copy"), label);
}

/** Copy; the second way serves pages that are not on HTTPS. True when it worked. */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const box = el("textarea", { class: "sr-only", readonly: true });
    box.value = text;
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done;
  }
}
