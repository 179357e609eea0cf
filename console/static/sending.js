// Decides how an answer gets to the server: kept first, then sent with its own key until the server says it is stored.
// The key makes it one answer however often it is sent; the answers of one chat go in their order.

import * as drafts from "./drafts.js";

const desk = document.getElementById("desk");
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 10000;
const PATIENCE = 15000;
const REFUSED = [403, 404, 409, 413, 422];
const busy = new Set();
const waits = new Map();
let tellers = {};

// What to call: stored(ticket, answer, html), refused(ticket, answer, status, why), waiting(ticket, words).
export function listen(those) {
  tellers = those;
}

export function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID is there by https only
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

// In seconds: the server decides how long a promise holds.
function ageOf(answer) {
  return String(Math.max(0, Math.round((Date.now() - Number(answer.at)) / 1000)) || 0);
}

// Whether the next one may go.
async function deliver(ticket, answer) {
  let status = 0;
  let body = "";
  try {
    const response = await fetch(`${desk.dataset.tickets}/${ticket}/reply`, {
      method: "POST",
      headers: { "HX-Request": "true" },
      body: new URLSearchParams({ ...answer, age: ageOf(answer), csrf_token: document.querySelector("[name=csrf_token]").value }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    status = response.status;
    body = await response.text();
  } catch {
    status = 0; // no answer, or half of one: it may be stored or not, and the same key finds out
  }
  if (status === 200) {
    drafts.settle(ticket, answer.key);
    tellers.stored(ticket, answer, body);
    return true;
  }
  if (REFUSED.includes(status)) {
    drafts.settle(ticket, answer.key);
    tellers.refused(ticket, answer, status, status === 409 || status === 422 ? body : desk.dataset.refused);
    return true;
  }
  if (status === 400 || status === 401) {
    tellers.waiting(ticket, status === 401 ? desk.dataset.signedOut : desk.dataset.stale);
    return false;
  }
  tellers.waiting(ticket, desk.dataset.waiting);
  const wait = Math.min((waits.get(ticket) || FIRST_WAIT / 2) * 2, LONGEST_WAIT);
  waits.set(ticket, wait);
  setTimeout(() => flush(ticket), wait);
  return false;
}

window.addEventListener("online", flushAll);
