// Sends replies to the server: stored in the browser first, then posted with their own key until the server has stored
// them. The key makes repeated posts one reply; the replies of one chat are posted in order.

import * as drafts from "./drafts.js";

const desk = document.getElementById("desk");
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 10000;
const PATIENCE = 15000;
const REFUSED = [403, 404, 409, 413, 422];
const busy = new Set();
const waits = new Map();
let callbacks = {};

// Callbacks: stored(ticket, answer, html), refused(ticket, answer, status, why), waiting(ticket, words).
export function listen(those) {
  callbacks = those;
}

export function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID exists in secure contexts only
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export async function flush(ticket) {
  if (busy.has(ticket)) return;
  busy.add(ticket);
  try {
    let answer;
    while ((answer = drafts.promises(ticket)[0])) {
      if (!(await deliver(ticket, answer))) return;
      waits.delete(ticket);
    }
  } finally {
    busy.delete(ticket);
  }
}

export function flushAll() {
  drafts.ticketsWithPromises().forEach(flush);
}

// Age in seconds: the server decides how old an unsent reply may be.
function ageOf(answer) {
  return String(Math.max(0, Math.round((Date.now() - Number(answer.at)) / 1000)) || 0);
}

// The reply as a form: a list becomes a field for each of its values; what only this page shows stays here.
function fieldsOf({ files, ...answer }) {
  const fields = new URLSearchParams({ age: ageOf(answer), csrf_token: document.querySelector("[name=csrf_token]").value });
  for (const [name, value] of Object.entries(answer)) for (const each of [value].flat()) fields.append(name, each);
  return fields;
}

// Posts the oldest reply of a chat; returns whether the next one may go.
async function deliver(ticket, answer) {
  let status = 0;
  let body = "";
  try {
    const response = await fetch(`${desk.dataset.tickets}/${ticket}/reply`, {
      method: "POST",
      headers: { "HX-Request": "true" },
      body: fieldsOf(answer),
      signal: AbortSignal.timeout(PATIENCE),
    });
    status = response.status;
    body = await response.text();
  } catch {
    status = 0; // no complete response: it may be stored or not, and repeating the same key finds out
  }
  if (status === 200) {
    drafts.settle(ticket, answer.key);
    callbacks.stored(ticket, answer, body);
    return true;
  }
  if (REFUSED.includes(status)) {
    drafts.settle(ticket, answer.key);
    callbacks.refused(ticket, answer, status, status === 409 || status === 422 ? body : desk.dataset.refused);
    return true;
  }
  if (status === 400 || status === 401) {
    callbacks.waiting(ticket, status === 401 ? desk.dataset.signedOut : desk.dataset.stale);
    return false;
  }
  callbacks.waiting(ticket, desk.dataset.waiting);
  const wait = Math.min((waits.get(ticket) || FIRST_WAIT / 2) * 2, LONGEST_WAIT);
  waits.set(ticket, wait);
  setTimeout(() => flush(ticket), wait);
  return false;
}

window.addEventListener("online", flushAll);
