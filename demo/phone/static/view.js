// Which person's phone is shown, and which chat is open on it. The state is in the address, so that Back works.

const watchers = new Set();
let prefill = null;

export function current() {
  const parts = new URLSearchParams(location.hash.slice(1));
  return { owner: parts.get("p"), peer: parts.get("c") };
}

export function show(owner, peer = null, text = null) {
  prefill = text === null ? null : { owner, peer, text };
  const parts = new URLSearchParams({ p: owner, ...(peer ? { c: peer } : {}) });
  const next = `#${parts}`;
  if (location.hash === next) notify();
  else location.hash = next;
}

// The text that a link put into the composer; returned once.
export function takePrefill(owner, peer) {
  if (prefill === null || prefill.owner !== owner || prefill.peer !== peer) return null;
  const { text } = prefill;
  prefill = null;
  return text;
}

export function onView(watcher) {
  watchers.add(watcher);
}

function notify() {
  for (const watcher of watchers) watcher();
}

window.addEventListener("hashchange", notify);
