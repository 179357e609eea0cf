// Behaviour of all pages beyond plain forms: follow the chat, announce new messages, open and close panels. The reply
// box is in desk.js.
"use strict";

document.documentElement.classList.add("js");

const scroller = document.querySelector(".chat-scroll");

function atBottom() {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
}

function toBottom() {
  scroller.scrollTop = scroller.scrollHeight;
}

function showWaiting() {
  const part = document.querySelector("#chat [data-waiting], #queue [data-waiting]");
  if (!part) return;
  const bare = document.title.replace(/^\(\d+\+?\) /, "");
  const count = part.dataset.waiting;
  document.title = count === "0" ? bare : `(${count}) ${bare}`;
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".topbar details[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const menu = document.querySelector(".topbar details[open]");
  if (event.key === "Escape" && menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A second click on a slow connection must not submit twice. Forms that scripts send prevent the submit themselves.
const SENDING = 10_000;
const sentAt = new WeakMap();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (Date.now() - (sentAt.get(form) ?? 0) < SENDING) {
    event.preventDefault();
    return;
  }
  sentAt.set(form, Date.now());
  setTimeout(() => event.defaultPrevented && sentAt.delete(form));
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) sentAt.delete(form);
});

if (scroller) {
  let follow = true;
  const sought = document.getElementById("sought");
  if (sought) sought.scrollIntoView({ block: "center" });
  else toBottom();
  document.body.addEventListener("htmx:beforeSwap", () => {
    follow = atBottom();
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id === "chat" && follow) toBottom();
  });
}

function lastSaid() {
  const lines = document.querySelectorAll("#chat [data-said]");
  return lines.length ? { count: lines.length, words: lines[lines.length - 1].dataset.said } : { count: 0, words: "" };
}

let heard = lastSaid();
document.body.addEventListener("htmx:afterSwap", () => {
  showWaiting();
  const now = lastSaid();
  if (now.words && (now.count !== heard.count || now.words !== heard.words)) {
    document.getElementById("announcer").textContent = now.words;
  }
  heard = now;
});

// Nothing polls for a part that the layout hides.
document.body.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.target;
  if (part.classList.contains("live") && part.offsetParent === null) event.preventDefault();
});

// Charts scroll to the newest value, on the right.
for (const chart of document.querySelectorAll(".chart-scroll")) chart.scrollLeft = chart.scrollWidth;

// On a small screen the chat comes first; customer and FAQ open by a tap.
const side = document.querySelector(".pane-side");
if (side && window.matchMedia("(max-width: 1099px)").matches) side.open = false;
