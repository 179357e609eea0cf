// What the console's pages do beyond plain forms: keep drafts, send by keyboard, insert FAQ answers, follow the chat.
"use strict";

document.documentElement.classList.add("js");

const form = document.getElementById("reply");
const box = document.getElementById("reply-text");
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
  const bare = document.title.replace(/^\(\d+\) /, "");
  const count = Number(part.dataset.waiting);
  document.title = count ? `(${count}) ${bare}` : bare;
}

// Drafts live in the tab: a reload, a sign-in or a wrong click does not cost what was typed.
function keepDraft() {
  if (box.value) sessionStorage.setItem(form.dataset.draft, box.value);
  else sessionStorage.removeItem(form.dataset.draft);
}

function measure() {
  const left = Number(form.dataset.longest) - box.value.length; // JavaScript counts UTF-16 units, as LINE does
  const count = document.getElementById("reply-count");
  count.textContent = left < 500 ? String(left) : "";
  count.classList.toggle("too-long", left < 0);
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, window.innerHeight * 0.4)}px`;
}

function tell(words) {
  const place = document.getElementById("reply-error");
  place.textContent = words;
  place.hidden = !words;
}

function insert(words) {
  const start = box.selectionStart;
  const gap = start > 0 && !/\n$/.test(box.value.slice(0, start)) ? "\n" : "";
  box.setRangeText(gap + words, start, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input"));
  box.focus();
}

if (form && box) {
  let sending = "";
  if (!box.value) box.value = sessionStorage.getItem(form.dataset.draft) || "";
  measure();
  box.addEventListener("input", () => {
    keepDraft();
    measure();
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // Enter here ends a conversion to kanji
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (!document.getElementById("send").disabled) form.requestSubmit();
    }
  });
  form.addEventListener("htmx:beforeRequest", () => {
    sending = box.value;
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    const answer = event.detail.xhr;
    const key = answer.getResponseHeader("X-Next-Key");
    if (key) form.elements.key.value = key;
    if (answer.status >= 200 && answer.status < 300) {
      tell("");
      box.value = box.value === sending ? "" : box.value.replace(sending, "");
      keepDraft();
      measure();
      toBottom();
    } else if (answer.status !== 422) {
      tell(form.dataset.lost); // the same key goes with the next try: what did arrive is not sent twice
    }
  });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (button && box) insert(button.dataset.insert);
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

if (scroller) {
  let follow = true;
  toBottom();
  document.body.addEventListener("htmx:beforeSwap", () => {
    follow = atBottom();
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "chat" && follow) toBottom();
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

// A part that the layout hides has nobody to read it.
document.body.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.target;
  if (part.classList.contains("live") && part.offsetParent === null) event.preventDefault();
});

// What is newest stands to the right.
for (const chart of document.querySelectorAll(".chart-scroll")) chart.scrollLeft = chart.scrollWidth;

// On a small screen the chat comes first; customer and FAQ open by a tap.
const side = document.querySelector(".pane-side");
if (side && window.matchMedia("(max-width: 1099px)").matches) side.open = false;
