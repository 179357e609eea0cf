// Canned replies: `/` at the beginning of a word opens a searchable list; arrows choose, Enter inserts, Escape closes.
// Text that an input method is still converting to kanji is left alone.

import { box, insert } from "./composer.js";

const panel = document.getElementById("canned");
const input = document.getElementById("canned-sought");
const list = document.getElementById("canned-list");
const opener = document.getElementById("canned-open");
const texts = [...document.querySelectorAll("#canned-select option")].map((option) => ({
  id: option.value,
  name: option.textContent,
  text: option.dataset.text,
}));
let slashAt = -1; // position of the `/` that opened the list; -1 when the button did
let chosen = 0;

const plain = (words) => words.normalize("NFKC").toLowerCase();

function matching() {
  const wanted = plain(input.value.trim());
  return texts.filter((each) => plain(`${each.name} ${each.text}`).includes(wanted));
}

function show() {
  const found = matching();
  chosen = Math.max(0, Math.min(chosen, found.length - 1));
  list.replaceChildren(
    ...found.map((each, place) => {
      const option = document.createElement("li");
      option.id = `canned-${each.id}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", String(place === chosen));
      const name = option.appendChild(document.createElement("strong"));
      name.textContent = each.name;
      const text = option.appendChild(document.createElement("span"));
      text.textContent = each.text;
      option.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the field
      option.addEventListener("click", () => take(each));
      return option;
    }),
  );
  document.getElementById("canned-none").textContent = found.length
    ? ""
    : document.getElementById("desk").dataset.noMatch;
  if (found.length) input.setAttribute("aria-activedescendant", `canned-${found[chosen].id}`);
  else input.removeAttribute("aria-activedescendant");
  list.children[chosen]?.scrollIntoView({ block: "nearest" });
}

function open(at) {
  slashAt = at;
  chosen = 0;
  input.value = "";
  panel.hidden = false;
  opener.setAttribute("aria-expanded", "true");
  show();
  input.focus();
}

function close() {
  panel.hidden = true;
  opener.setAttribute("aria-expanded", "false");
  box.focus();
}

function take(each) {
  if (slashAt >= 0) {
    box.setRangeText("", slashAt, slashAt + 1, "end");
  }
  close();
  insert(each.text);
}

function openAtSlash() {
  const at = box.selectionStart - 1;
  if (at < 0 || !"/／".includes(box.value[at])) return;
  if (at === 0 || /\s/.test(box.value[at - 1])) open(at);
}

if (panel) {
  box.addEventListener("input", (event) => {
    if (!event.isComposing && event.inputType === "insertText") openAtSlash();
  });
  box.addEventListener("compositionend", () => setTimeout(openAtSlash));
  opener.addEventListener("click", () => (panel.hidden ? open(-1) : close()));
  input.addEventListener("input", () => {
    chosen = 0;
    show();
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const found = matching();
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && found.length) {
      chosen = (chosen + steps[event.key] + found.length) % found.length;
      show();
    } else if (event.key === "Enter") {
      if (found[chosen]) take(found[chosen]);
    } else if (event.key === "Escape") {
      close();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
  panel.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !panel.contains(event.relatedTarget) && event.relatedTarget !== opener) {
      panel.hidden = true;
      opener.setAttribute("aria-expanded", "false");
    }
  });
}
