/** A person takes the words and files of his own message away, for everybody. */

import { el, iconButton } from "./dom.js";
import { openDialog } from "./files.js";
import { WORDS } from "./words.js";

/** The same sign that does it on a messenger, in reply to the message. */
export const ERASES = "⛔";

/** The button beside his own message; `erase` is called when he has said yes. */
export function eraseButton(erase) {
  return iconButton("erase", WORDS.erase, { class: "icon-button quiet reply",
    "aria-haspopup": "dialog", onclick: () => ask(erase) });
}

function ask(erase) {
  const dialog = el("dialog", { class: "sheet", "aria-label": WORDS.eraseTitle });
  const yes = el("button", { type: "button", class: "primary", text: WORDS.eraseYes,
    onclick: () => { dialog.close(); erase(); } });
  const no = el("button", { type: "button", class: "plain", text: WORDS.eraseNo,
    onclick: () => dialog.close() });
  dialog.append(
    el("div", { class: "sheet-head" }, el("h2", { text: WORDS.eraseTitle }),
      iconButton("close", WORDS.close, { onclick: () => dialog.close() })),
    el("p", { class: "sheet-words", text: WORDS.eraseWhat }),
    el("div", { class: "sheet-buttons" }, no, yes));
  openDialog(dialog);
  no.focus();
}
