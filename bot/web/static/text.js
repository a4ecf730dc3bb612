/**
 * Plain text to page text: web addresses and telephone numbers become links, the code of an
 * incident stays on one line; nothing else.
 */

import { el } from "./dom.js";

const WEB = "https?:\\/\\/[^\\s<>\"“”]+";
// Ten or eleven digits from a leading 0, or +84 and nine or ten: dates and hours are shorter.
const PHONE = "(?:\\+84[ .-]?\\d|0\\d)(?:[ .-]?\\d){8,9}(?![\\d\\/:])";
const CODE = "\\bVV-\\d[\\d-]*\\d\\b";
const FOUND = new RegExp(`${WEB}|${CODE}|${PHONE}`, "gi");
const GLUED = /[\d./:+]$/;
const CLOSING = /[.,;:)\]}'’…]+$/;

/** The link for a telephone number written with dots or spaces. */
export function phoneLink(number, attributes = {}) {
  return el("a", { href: `tel:${number.replace(/[^\d+]/g, "")}`, class: "phone",
    text: number, ...attributes });
}

function webLink(address) {
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow",
    text: address });
}

/** The node for one match, or null where digits only look like a telephone number. */
function nodeOf(match, before) {
  if (/^http/i.test(match)) return webLink(match.replace(CLOSING, ""));
  if (/^vv-/i.test(match)) return el("span", { class: "code-word", text: match });
  return GLUED.test(before) ? null : phoneLink(match);
}

/** Nodes for a text; newlines stay and are shown by `white-space: pre-wrap`. */
export function linked(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(FOUND)) {
    const node = nodeOf(match[0], text.slice(0, match.index));
    if (!node) continue;
    nodes.push(text.slice(from, match.index), node);
    from = match.index + node.textContent.length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "");
}
