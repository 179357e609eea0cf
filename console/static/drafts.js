// Stores drafts, and replies that the server has not yet stored, by person and chat, in localStorage. Where that is
// forbidden (some private windows), they last as long as the page.

const desk = document.getElementById("desk");
const memory = new Map();

function read(name) {
  try {
    return localStorage.getItem(name) ?? memory.get(name) ?? null;
  } catch {
    return memory.get(name) ?? null;
  }
}

function write(name, value) {
  if (value === null) memory.delete(name);
  else memory.set(name, value);
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // not stored: it stays in memory
  }
}

const nameOf = (what, ticket) => `goen:${what}:${desk.dataset.staff}:${ticket}`;

export function draft(ticket) {
  return read(nameOf("draft", ticket)) || "";
}

export function keepDraft(ticket, text) {
  write(nameOf("draft", ticket), text || null);
}

export function promises(ticket) {
  try {
    return JSON.parse(read(nameOf("promised", ticket)) || "[]");
  } catch {
    return [];
  }
}

export function promise(ticket, answer) {
  write(nameOf("promised", ticket), JSON.stringify([...promises(ticket), answer]));
}

export function settle(ticket, key) {
  const left = promises(ticket).filter((each) => each.key !== key);
  write(nameOf("promised", ticket), left.length ? JSON.stringify(left) : null);
}

export function ticketsWithPromises() {
  const start = nameOf("promised", "");
  let names = [...memory.keys()];
  try {
    names = names.concat(Object.keys(localStorage));
  } catch {
    // not readable: use those in memory
  }
  return [...new Set(names.filter((name) => name.startsWith(start)).map((name) => name.slice(start.length)))];
}
