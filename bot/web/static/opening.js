/** What every page does first: ask who is here, and keep asking while the server is away. */

import { api } from "./api.js";
import { Banner, inAppLine } from "./banner.js";
import { el } from "./dom.js";
import { WORDS } from "./words.js";

const LONGEST_WAIT = 15_000;

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** The session; waits for the server as long as it takes, saying so in place. */
export async function openSession(root) {
  for (let wait = 1000; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    try {
      return await api.session();
    } catch {
      root.replaceChildren(el("p", { class: "opening", role: "status", text: WORDS.cannotOpen }));
      await pause(wait);
    }
  }
}

/** The lines above any page. Returns the banner, or null outside a rehearsal. */
export function addTop(root, session) {
  const banner = session.rehearsal ? new Banner(session.clock_text, session.signed_in) : null;
  if (banner) root.append(banner.node);
  const hint = inAppLine();
  if (hint) root.append(hint);
  return banner;
}
