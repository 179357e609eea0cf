// Follows the platform: holds all people and bubbles, and calls listeners when something changed.

const people = new Map();
const entries = new Map();
const listeners = new Set();
const seenUpTo = new Map(); // ids are too long for numbers, and all of one length, so they compare as text
let cursor = 0;
let session = null;

export const world = { now: Date.now(), nowReceivedAt: Date.now(), shop: { name: "", basicId: "" }, support: null, controls: null, online: true };

export const person = (id) => people.get(id);
export const allPeople = () => [...people.values()];
export const chat = (owner, peer) => [...entries.values()].filter((one) => one.owner === owner && one.peer === peer);
export const shopNow = () => world.now + (Date.now() - world.nowReceivedAt);

// The shop's accounts: `shop`, and `support`, where staff write by themselves. Other peers are people.
export const accounts = () => (world.support === null ? ["shop"] : ["shop", "support"]);
export const isAccount = (peer) => peer === "shop" || peer === "support";
export const account = (peer) => (peer === "support" ? world.support : world.shop);
export const friendship = (owner, peer = "shop") => (peer === "support" ? person(owner)?.support : person(owner)?.friendship);

export function chatPeers(owner) {
  const peers = new Set([...entries.values()].filter((one) => one.owner === owner).map((one) => one.peer));
  return [...peers].filter((one) => !isAccount(one));
}

export function unread(owner, peer = null) {
  return [...entries.values()].filter(
    (one) =>
      one.owner === owner &&
      one.side === "theirs" &&
      (peer === null || one.peer === peer) &&
      one.id > (seenUpTo.get(`${one.owner} ${one.peer}`) ?? ""),
  ).length;
}

export function markSeen(owner, peer) {
  const last = chat(owner, peer).at(-1);
  if (last) seenUpTo.set(`${owner} ${peer}`, last.id);
}

export function onChange(listener) {
  listeners.add(listener);
}

export function announce() {
  for (const listener of listeners) listener();
}

// Sets the shop's time when the platform reported it outside the feed, as after a time travel.
export function setNow(now) {
  Object.assign(world, { now, nowReceivedAt: Date.now() });
  announce();
}

function take(update) {
  if (session !== null && session !== update.session) {
    location.reload();
    return;
  }
  const first = session === null;
  session = update.session;
  cursor = update.cursor;
  Object.assign(world, { now: update.now, nowReceivedAt: Date.now(), shop: update.shop, support: update.support, controls: update.controls });
  for (const one of update.people) people.set(one.id, { ...one, typingUntil: { shop: Date.now() + one.typingMs, support: Date.now() + one.supportTypingMs } });
  for (const one of update.entries) entries.set(one.id, one);
  if (first) for (const one of entries.values()) seenUpTo.set(`${one.owner} ${one.peer}`, one.id);
}

async function ask(wait) {
  const answer = await fetch(`/phone/api/updates?after=${cursor}&wait=${wait}`);
  if (!answer.ok) throw new Error(`updates: ${answer.status}`);
  take(await answer.json());
}

export async function load() {
  await ask(0);
}

// Long polling: the platform holds each request until there is something new.
export async function follow() {
  for (;;) {
    try {
      await ask(15);
      world.online = true;
    } catch {
      world.online = false;
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
    announce();
  }
}
