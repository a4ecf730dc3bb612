/** The first minute: three lines on what this is, and a sample ready to send. */

import { el, recall, remember } from "./dom.js";
import { WORDS } from "./words.js";

const SEEN = "mdm.intro.seen";

export function introWanted(session) {
  return Boolean(session.intro?.length) && !recall(sessionStorage, SEEN);
}

/** The card; `onStart` begins the sample, `onLater` only puts the card away. */
export function introCard(session, onStart, onLater) {
  const done = (next) => () => {
    remember(sessionStorage, SEEN, "1");
    next();
  };
  const start = session.start
    ? el("button", { type: "button", class: "primary", text: session.start.label,
      onclick: done(onStart) }) : null;
  return el("section", { class: "intro", "aria-label": WORDS.intro },
    el("p", { class: "intro-name", text: WORDS.product }),
    ...session.intro.map((line) => el("p", { text: line })),
    el("div", { class: "intro-buttons" }, start,
      el("button", { type: "button", class: "plain", text: WORDS.introLater,
        onclick: done(onLater) })));
}

async function photo(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(address);
  const bytes = await response.blob();
  return new File([bytes], address.split("/").pop(), { type: bytes.type || "image/jpeg" });
}

/** Put the sample line and photos into the composer of their person, ready to be sent. */
export async function offerSample(start, chat) {
  const found = await Promise.allSettled((start.photos || []).map(photo));
  const files = found.filter((each) => each.status === "fulfilled").map((each) => each.value);
  const whole = files.length === found.length;
  chat.offerDraft({ text: start.text, files }, whole ? WORDS.introReady : WORDS.introPhotoLost);
}
