/** Building page elements from plain values. Text always goes in as text, never as HTML. */

/** Fill `{name}` places of a sentence with the given facts. */
export function fill(sentence, facts) {
  return sentence.replace(/\{(\w+)\}/g, (whole, key) => (key in facts ? String(facts[key]) : whole));
}

/**
 * Make an element. Keys starting with "on" are listeners, `class` and `text` are what they say,
 * true/false sets or leaves out an attribute, null is left out.
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "text") node.textContent = value;
    else if (key === "class") node.className = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  menu: "M4 7h16M4 12h16M4 17h16",
  clip: "M20 11.5 12.2 19a5 5 0 0 1-7-7L13 4.3a3.4 3.4 0 0 1 4.8 4.8L10 16.7a1.7 1.7 0 0 1-2.4-2.4l7-6.8",
  send: "M4 12 20 4l-5 16-3.5-6.5L4 12Z",
  close: "M6 6l12 12M18 6 6 18",
  board: "M4 5h7v6H4zM13 5h7v10h-7zM4 13h7v6H4zM13 17h7v2h-7z",
  chat: "M4 5h16v11H10l-5 4v-4H4z",
  pin: "M9 3h6M10 3v6l-3 4h10l-3-4V3M12 13v8",
  down: "M12 5v14M6 13l6 6 6-6",
  bell: "M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15L6 16ZM10 20.5h4",
  reply: "M10 6 4 12l6 6M4 12h9a7 7 0 0 1 7 7",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  erase: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  letters: "M3 19 9 5l6 14M5.2 14h7.6M15.5 19l3-8 3 8M16.6 16.2h3.8",
  check: "M5 12.5 10 17.5 19.5 7",
  file: "M6 3h8l5 5v13H6zM14 3v5h5",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v5M16 3v5",
  save: "M12 4v11M6.5 10l5.5 5.5 5.5-5.5M5 20h14",
  phone: "M6 3h4l1.5 5-2.5 2a12 12 0 0 0 5 5l2-2.5 5 1.5v4a2 2 0 0 1-2 2A16 16 0 0 1 4 5a2 2 0 0 1 2-2Z",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  forward: "M5 6l7 6-7 6zM13 6l7 6-7 6z",
};

/** A decorative line icon; the control that holds it carries the words. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A round button that shows only an icon and says `label` to screen readers. */
export function iconButton(name, label, attributes = {}) {
  return el("button", { type: "button", class: "icon-button", ...attributes, "aria-label": label,
    title: label }, icon(name));
}

/** A size in bytes as people write it, with the decimal comma. */
export function sizeText(bytes) {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1).replace(".", ",")} MB`;
}

/** A random id made by the page, also where the page is not served over HTTPS. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Session or local storage that never throws (private mode, full disk). */
export function remember(store, key, value) {
  try {
    if (value === null || value === "") store.removeItem(key);
    else store.setItem(key, value);
  } catch {
    // The page works without memory; only the unsent text is then not kept.
  }
}

export function recall(store, key) {
  try {
    return store.getItem(key);
  } catch {
    return null;
  }
}
