// The reply box: drafts, length, gifts, a warning when a colleague replied meanwhile, and replies that are being sent.

import * as attachments from "./attachments.js";
import * as drafts from "./drafts.js";
import * as sending from "./sending.js";

const desk = document.getElementById("desk");
const notice = document.getElementById("desk-notice");
const form = document.getElementById("reply");
export const box = document.getElementById("reply-text");
const ticket = form?.dataset.ticket;
const TYPING_LASTS = 8000;
let typedAt = -Infinity;
const GIFT = ["coupon", "points", "reason"];
let warned = false;
let giftIsStale = false;

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

// The gift that is chosen, as the form sends it; empty when there is none.
function gift() {
  const { coupon, points, reason, gift: number } = form.elements;
  if (!coupon.value && !points.value) return {};
  return { coupon: coupon.value, points: points.value, reason: reason.value, gift: number.value };
}

function setGift(values) {
  for (const name of GIFT) form.elements[name].value = values[name] || "";
  markGift();
}

function markGift() {
  const giving = document.getElementById("giving");
  const isChosen = Object.keys(gift()).length > 0;
  giving.classList.toggle("is-chosen", isChosen);
  const summary = giving.querySelector("summary");
  summary.textContent = isChosen ? `${desk.dataset.give} ✓` : desk.dataset.give;
}

// The next gift's number: a page that offers an old one would be refused.
function checkGifts() {
  const number = document.querySelector("#room [data-gift]")?.dataset.gift;
  if (!form || !number || (gift().gift && !giftIsStale)) return;
  form.elements.gift.value = number;
  giftIsStale = false;
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
      const body = answer.text ? ["p", "bubble", answer.text] : ["p", "bubble promised-files", ""];
      for (const [tag, name, text] of [["span", "who", desk.dataset.me], body, ["span", "under", ""]]) {
        const part = line.appendChild(document.createElement(tag));
        part.className = name;
        part.textContent = text;
      }
      for (const file of answer.files || []) {
        const part = line.querySelector(".bubble").appendChild(document.createElement(file.picture ? "img" : "span"));
        if (file.picture) Object.assign(part, { src: file.picture, alt: file.name });
        else part.textContent = ` ${file.name}`;
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
  if (attachments.isUploading()) return say(desk.dataset.uploading);
  const files = attachments.listed();
  const answer = { key: sending.freshKey(), text: box.value, seen: form.elements.seen.value, at: Date.now(), ...gift() };
  if (files.length) Object.assign(answer, { attachment: files.map((each) => each.id), files });
  if (anyway) answer.anyway = "1";
  drafts.promise(ticket, answer);
  box.value = "";
  typedAt = -Infinity;
  attachments.hide(answer.attachment || []);
  setGift({});
  document.getElementById("giving").open = false;
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
    if (answer.gift) form.elements.gift.value = String(Number(answer.gift) + 1);
    attachments.hide(answer.attachment || []);
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
    if (answer.gift) {
      setGift(answer);
      giftIsStale = true;
    }
    if (answer.attachment) attachments.refresh().catch(() => {});
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
  for (const each of drafts.promises(ticket)) attachments.hide(each.attachment || []);
  changed();
  markGift();
  showPromises();
  form.addEventListener("attached", () => {
    for (const each of drafts.promises(ticket)) attachments.hide(each.attachment || []);
    say("");
  });
  document.getElementById("giving").addEventListener("input", markGift);
  document.getElementById("giving").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input")) event.preventDefault(); // sends nothing by accident
    if (event.key === "Escape") {
      event.currentTarget.open = false;
      box.focus();
    }
  });
  box.addEventListener("focus", () => {
    document.getElementById("giving").open = false;
  });
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
  checkGifts();
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
