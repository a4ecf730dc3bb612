/** Plain text to page text: web addresses and telephone numbers become links, nothing else. */

import { el } from "./dom.js";

const WEB = "https?:\\/\\/[^\\s<>\"“”]+";
// Ten or eleven digits from a leading 0, or +84 and nine or ten: dates and hours are shorter.
const PHONE = "(?:\\+84[ .-]?\\d|0\\d)(?:[ .-]?\\d){8,9}(?![\\d\\/:])";
const LINKS = new RegExp(`${WEB}|${PHONE}`, "gi");
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

/** Nodes for a text; newlines stay and are shown by `white-space: pre-wrap`. */
export function linked(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(LINKS)) {
    const web = /^http/i.test(match[0]);
    if (!web && GLUED.test(text.slice(0, match.index))) continue;
    const found = web ? match[0].replace(CLOSING, "") : match[0];
    nodes.push(text.slice(from, match.index), web ? webLink(found) : phoneLink(found));
    from = match.index + found.length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "");
}
