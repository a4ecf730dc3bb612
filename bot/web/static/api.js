/** Talking to the server: one function per address, one kind of error. */

import { WORDS } from "./words.js";

/** The server answered, but not with what was asked. `status` 0 means no answer at all. */
export class ApiError extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }

  /** True when the same request may be sent again later without asking the person. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

async function refusal(response) {
  try {
    const body = await response.json();
    if (typeof body.error === "string" && body.error) return body.error;
  } catch {
    // Not JSON (a proxy answered): a sentence of our own follows.
  }
  return response.status === 413 ? WORDS.tooLarge : WORDS.requestFailed;
}

async function call(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", cache: "no-store", ...options });
  } catch {
    throw new ApiError(WORDS.requestFailed, 0);
  }
  if (!response.ok) throw new ApiError(await refusal(response), response.status);
  try {
    return await response.json();
  } catch {
    return {};
  }
}

const OURS = { "X-Requested-With": "motdaumoi" };

function post(path, body) {
  const headers = { ...OURS, "Content-Type": "application/json" };
  return call(path, { method: "POST", headers, body: JSON.stringify(body) });
}

function messageForm({ clientId, text, replyTo, files, record }) {
  const form = new FormData();
  form.append("client_id", clientId);
  form.append("text", text);
  if (replyTo) form.append("reply_to", String(replyTo.id));
  if (record) form.append("record", "true");
  for (const file of files) form.append("files", file, file.name);
  return form;
}

export const api = {
  session: () => call("/api/session"),
  board: () => call("/api/board"),
  readiness: () => call("/api/readiness"),
  messages: (person, after, limit = 200) =>
    call(`/api/chats/${person}/messages?after=${after}&limit=${limit}`),
  menu: (person) => call(`/api/chats/${person}/menu`),
  send: (person, item) =>
    call(`/api/chats/${person}/messages`,
      { method: "POST", headers: OURS, body: messageForm(item) }),
  answer: (person, clientId, prompt, n) =>
    post(`/api/chats/${person}/answers`, { client_id: clientId, prompt, n }),
  shown: (person, seq) => post(`/api/chats/${person}/shown`, { seq }),
  rooms: (person) => call(`/api/rooms/${person}`),
  room: (person, stream, what) => call(`/api/rooms/${person}/${stream}/${what}`),
  sendToRoom: (person, stream, item) =>
    call(`/api/rooms/${person}/${stream}/messages`,
      { method: "POST", headers: OURS, body: messageForm(item) }),
  tapInRoom: (person, stream, clientId, prompt, n) =>
    post(`/api/rooms/${person}/${stream}/taps`, { client_id: clientId, prompt, n }),
  shownInRoom: (person, stream, seq) => post(`/api/rooms/${person}/${stream}/shown`, { seq }),
  forward: (step) => post("/api/clock", step),
  link: (code) => call(`/api/link/${encodeURIComponent(code)}`),
  enter: (code) => post(`/api/link/${encodeURIComponent(code)}`, {}),
  requestLink: (clientId, name, phone) =>
    post("/api/link-request", { client_id: clientId, name, phone }),
  signOut: () => post("/api/sign-out", {}),
};
