// The editor of flows: how many characters are left, and only the fields that the chosen event uses. Without scripts
// all fields are there, with their limits in words.
"use strict";

const sheet = document.querySelector("main");

function countLeft(field) {
  const place = document.querySelector(`[data-left-of="${CSS.escape(field.id)}"]`);
  const left = Number(field.dataset.longest) - field.value.length;
  place.textContent = place.dataset[left < 0 ? "over" : "left"].replace("#", Math.abs(left).toLocaleString());
  place.classList.toggle("too-long", left < 0);
}

function showUsed(field) {
  const event = document.getElementById(field.dataset.event);
  const filled = field.querySelector("input, textarea, select").value !== "";
  field.hidden = !filled && !field.dataset.usedWith.split(" ").includes(event.value);
}

for (const field of document.querySelectorAll("[data-longest]")) {
  countLeft(field);
  field.addEventListener("input", () => countLeft(field));
}
for (const field of document.querySelectorAll("[data-used-with]")) {
  showUsed(field);
  document.getElementById(field.dataset.event).addEventListener("change", () => showUsed(field));
}

// A page that is left with something typed and not saved asks first.
let typed = false;
sheet.addEventListener("input", (event) => {
  if (event.target.closest(".step-form, .flow-settings")) typed = true;
});
sheet.addEventListener("submit", () => {
  typed = false;
});
window.addEventListener("beforeunload", (event) => {
  if (typed) event.preventDefault();
});
