// The reply box: drafts, length, a warning when a colleague replied meanwhile, and replies that are being sent.

import * as drafts from "./drafts.js";
import * as sending from "./sending.js";

const desk = document.getElementById("desk");
const notice = document.getElementById("desk-notice");
const form = document.getElementById("reply");
export const box = document.getElementById("reply-text");
const ticket = form?.dataset.ticket;
const TYPING_LASTS = 8000;
let typedAt = -Infinity;
let warned = false;

function say(words) {
  const place = document.getElementById("reply-error") || notice;
  if (place.textContent !== words) place.textContent = words; // a live region: announce a change only
  place.hidden = !words;
}

function measure() {
  const left = Number(form.dataset.longest) - box.value.length; // JavaScript counts UTF-16 units, as LINE does
  const count = document.getElementById("reply-count");
  count.textContent = left < 500 ? String(left) : "";
  count.classList.toggle("too-long", left < 0);
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, window.innerHeight * 0.4)}px`;
}

function changed() {
  drafts.keepDraft(ticket, box.value);
  measure();
  markDrafts();
}

export function insert(words) {
  const start = box.selectionStart;
  const gap = start > 0 && !/\n$/.test(box.value.slice(0, start)) ? "\n" : "";
  box.setRangeText(gap + words, start, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input"));
  box.focus();
}

// Marks in the list of chats what only this browser knows: drafts and replies that are being sent.
export function markDrafts() {
  for (const row of document.querySelectorAll(".queue a[id^=row-]")) {
    const about = row.id.slice("row-".length);
    const words = drafts.promises(about).length
      ? desk.dataset.hasPromise
      : drafts.draft(about) && desk.dataset.hasDraft;
    let mark = row.querySelector(".why-draft");
    if (!words) {
      mark?.remove();
      continue;
    }
    if (!mark) {
      mark = document.createElement("span");
      mark.className = "why why-draft";
      row.querySelector(".row-tags").prepend(mark);
    }
    mark.textContent = words;
  }
}

// A colleague replied after this draft was begun: warn, and let the person decide.
function checkColleagues() {
  const room = document.querySelector("#room [data-answered]");
  if (!room || !form) return;
  const newest = Number(room.dataset.answered);
  if (!box.value.trim()) form.elements.seen.value = newest;
  const warn = newest > Number(form.elements.seen.value);
  if (warn) say(room.dataset.answeredWords);
  else if (warned) say("");
  if (warn || warned) ask(warn);
  warned = warn;
}

function ask(whether) {
  document.getElementById("send-anyway").hidden = !whether;
  document.getElementById("send").hidden = whether;
}

function showPromises(words) {
  const list = document.getElementById("promised");
  if (!list) return;
  list.replaceChildren(
    ...drafts.promises(ticket).map((answer) => {
      const line = document.createElement("li");
      line.className = "line from-staff is-queued";
      const parts = [["span", "who", desk.dataset.me], ["p", "bubble", answer.text], ["span", "under", ""]];
      for (const [tag, name, text] of parts) {
        const part = line.appendChild(document.createElement(tag));
        part.className = name;
        part.textContent = text;
      }
      const state = line.lastChild.appendChild(document.createElement("span"));
      state.className = "state";
      state.textContent = words || desk.dataset.sending;
      return line;
    }),
  );
  markDrafts();
}

function toBottom() {
  const scroller = document.querySelector(".chat-scroll");
  scroller.scrollTop = scroller.scrollHeight;
}

function send(anyway) {
  const answer = { key: sending.freshKey(), text: box.value, seen: form.elements.seen.value, at: Date.now() };
  if (anyway) answer.anyway = "1";
  drafts.promise(ticket, answer);
  box.value = "";
  typedAt = -Infinity;
  changed();
  say("");
  ask(false);
  showPromises();
  toBottom();
  box.focus();
  sending.flush(ticket);
}

sending.listen({
  stored(about, answer, html) {
    if (about !== ticket) return markDrafts();
    htmx.swap("#chat", html, { swapStyle: "outerHTML" });
    showPromises();
    toBottom();
  },
  refused(about, answer, status, why) {
    if (about !== ticket) {
      drafts.keepDraft(about, [answer.text, drafts.draft(about)].filter(Boolean).join("\n"));
      notice.textContent = `${desk.dataset.elsewhere} ${why}`;
      notice.hidden = false;
      return markDrafts();
    }
    box.value = [answer.text, box.value].filter(Boolean).join("\n");
    changed();
    showPromises();
    say(why);
    ask(status === 409);
    box.focus();
  },
  waiting(about, words) {
    if (about !== ticket) return markDrafts();
    const scroller = document.querySelector(".chat-scroll");
    const follow = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
    showPromises(words);
    if (follow) toBottom();
  },
});

if (form) {
  if (box.value) drafts.keepDraft(ticket, box.value);
  else box.value = drafts.draft(ticket);
  changed();
  showPromises();
  box.addEventListener("input", () => {
    typedAt = performance.now();
    changed();
    if (!box.value) checkColleagues();
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // Enter here ends a conversion to kanji
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      const anyway = document.getElementById("send-anyway");
      form.requestSubmit(anyway.hidden ? document.getElementById("send") : anyway);
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(event.submitter?.id === "send-anyway");
  });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (button && box) insert(button.dataset.insert);
});

// The request for who is here also reports this person's presence, so a page in the background does not make it.
document.body.addEventListener("htmx:configRequest", (event) => {
  if (event.target.id !== "room") return;
  if (document.hidden) event.preventDefault();
  if (performance.now() - typedAt < TYPING_LASTS) event.detail.parameters.typing = "1";
});

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id === "queue") markDrafts();
  checkColleagues();
});

setInterval(() => {
  const seconds = document.querySelector("#room [data-seconds]");
  const left = Number(seconds?.textContent);
  if (!left) return;
  seconds.textContent = String(left - 1);
  document.querySelector("#room .cost-free").hidden = left === 1;
  document.querySelector("#room .cost-paid").hidden = left !== 1;
}, 1000);

window.addEventListener("storage", () => {
  showPromises();
  markDrafts();
});

markDrafts();
sending.flushAll();
