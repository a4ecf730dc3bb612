/** A text to be read aloud from the phone: the whole of it, in large letters, and nothing else. */

import { el, icon, iconButton } from "./dom.js";
import { openDialog } from "./files.js";
import { WORDS } from "./words.js";

/** The button that opens a text in large letters. */
export function readerButton(text) {
  return el("button", { type: "button", class: "copy", "aria-haspopup": "dialog",
    onclick: () => openReader(text) }, icon("letters"), el("span", { text: WORDS.readLarge }));
}

function openReader(text) {
  const dialog = el("dialog", { class: "reader", "aria-label": WORDS.readLargeTitle });
  const words = el("p", { class: "reader-text", tabindex: "0", text });
  dialog.append(el("div", { class: "sheet-head" }, el("h2", { text: WORDS.readLargeTitle }),
    iconButton("close", WORDS.close, { onclick: () => dialog.close() })), words);
  openDialog(dialog);
  words.focus();
}
