// The form of settings: characters left, and what the phone shows, while one types. Without scripts both are there
// after saving.
"use strict";

function fill(field) {
  const examples = JSON.parse(field.dataset.examples);
  return field.value
    .replace(/\{\{|\}\}|\{(\w*)\}/g, (whole, name) => {
      if (whole === "{{") return "{";
      if (whole === "}}") return "}";
      return examples[name] ?? whole;
    });
}

function count(field) {
  const place = document.getElementById(`left-${field.id}`);
  const left = Number(field.dataset.longest) - field.value.length;
  place.textContent = place.dataset[left < 0 ? "over" : "left"].replace("#", Math.abs(left).toLocaleString());
  place.classList.toggle("too-long", left < 0);
}

function show(field) {
  const phone = document.querySelector(`[data-phone-of="${CSS.escape(field.id)}"]`);
  const words = phone.querySelector(".phone-bubble, .fx-button");
  words.textContent = fill(field);
}

const form = document.querySelector(".settings-form");
for (const field of form.querySelectorAll("[data-longest]")) {
  count(field);
  field.addEventListener("input", () => {
    count(field);
    show(field);
  });
}

// A page that is left with something typed and not saved asks first.
let typed = false;
form.addEventListener("input", () => {
  typed = true;
});
form.addEventListener("submit", () => {
  typed = false;
});
window.addEventListener("beforeunload", (event) => {
  if (typed) event.preventDefault();
});
