// Keyboard shortcuts of the desk: J and K move through the chats, R replies, A assigns, E resolves, ? shows help. Never
// while somebody types or converts to kanji, and not for people who switched them off.

const help = document.getElementById("keys-help");
const ask = document.getElementById("resolve-ask");
const switched = document.getElementById("keys-on");
const OFF = "goen:keys-off";

function isOff() {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false;
  }
}

function go(step) {
  const rows = [...document.querySelectorAll(".queue a[id^=row-]")];
  const here = rows.findIndex((row) => row.hasAttribute("aria-current"));
  const next = here < 0 ? rows[0] : rows[here + step];
  next?.click();
}

function askFirst() {
  document.getElementById("still-waiting").hidden = !document.querySelector(".ticket-state.state-waiting");
  ask.showModal();
}

const deeds = {
  j: () => go(1),
  k: () => go(-1),
  r: () => document.getElementById("reply-text")?.focus(),
  a: () => document.querySelector("[data-key=assign] [value=me]")?.click(),
  e: () => document.querySelector("[data-key=resolve]") && askFirst(),
  "?": () => help.showModal(),
};

function isTyping(target) {
  return target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const deed = deeds[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!deed || (isOff() && event.key !== "?")) return;
  event.preventDefault();
  deed();
});

switched.checked = !isOff();
switched.addEventListener("change", () => {
  try {
    if (switched.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  } catch {
    // localStorage is forbidden: the choice holds for this page only
  }
});
document.getElementById("keys-open").addEventListener("click", () => help.showModal());
// Resolving notifies the customer: ask once more, whether by the key or by the button.
let isSure = false;
document.addEventListener("submit", (event) => {
  if (isSure || !event.target.matches("[data-key=resolve]")) return;
  event.preventDefault();
  askFirst();
});
ask.addEventListener("close", () => {
  isSure = ask.returnValue === "yes";
  if (isSure) document.querySelector("[data-key=resolve]")?.requestSubmit();
  ask.returnValue = "";
});
