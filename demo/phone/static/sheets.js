// Sheets that slide up from below, for questions, choices and small forms; and the toast.

import { avatar, button, el } from "./el.js";

let toastTimer = 0;

export function toast(words) {
  const place = document.getElementById("toast");
  place.textContent = words;
  place.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (place.hidden = true), 4500);
}

// Opens a sheet; `build` gets a function that closes it with an answer. Resolves with the answer, or null.
export function sheet(title, build) {
  return new Promise((resolve) => {
    const dialog = el("dialog", { class: "sheet", "aria-label": title });
    const close = (answer) => {
      dialog.remove();
      resolve(answer);
    };
    dialog.addEventListener("close", () => close(null));
    dialog.addEventListener("click", (event) => event.target === dialog && close(null));
    dialog.append(el("div", { class: "sheet-body" }, el("h2", {}, title), build(close)));
    document.body.append(dialog);
    within(dialog, document.querySelector(".screen"));
    dialog.showModal();
  });
}

// The sheet covers the phone's screen, not the window.
function within(dialog, screen) {
  const { left, width, bottom } = screen.getBoundingClientRect();
  Object.assign(dialog.style, { left: `${left}px`, width: `${width}px`, bottom: `${window.innerHeight - bottom}px` });
}

export function choose(title, choices) {
  return sheet(title, (close) =>
    el(
      "div",
      { class: "sheet-list" },
      choices.map(({ label, value, face, danger, note }) =>
        button([face ? avatar(label, face) : null, el("span", {}, label), note ? el("small", {}, note) : null], () => close(value), {
          class: danger ? "row danger" : "row",
        }),
      ),
      button("キャンセル", () => close(null), { class: "row quiet" }),
    ),
  );
}

export function confirm(title, words, yes) {
  return sheet(title, (close) =>
    el("div", {}, el("p", {}, words), el("div", { class: "sheet-buttons" }, button("やめる", () => close(null), { class: "plain" }), button(yes, () => close(true), { class: "strong" }))),
  );
}

// A text and one or more buttons, the main one first. Resolves with the value of the chosen one, or null.
export function offer(title, words, choices) {
  return sheet(title, (close) =>
    el(
      "div",
      {},
      el("p", {}, words),
      el(
        "div",
        { class: "sheet-buttons stacked" },
        choices.map(({ label, value }, number) => button(label, () => close(value), { class: number === 0 ? "strong" : "plain" })),
        button("とじる", () => close(null), { class: "plain" }),
      ),
    ),
  );
}

// A question with one box to tick (or none). Resolves with {ticked}, or null.
export function consent(title, words, box, yes) {
  return sheet(title, (close) => {
    const tick = el("input", { type: "checkbox", id: "consent-box" });
    tick.checked = true;
    return el(
      "div",
      {},
      el("p", {}, words),
      box === null ? null : el("p", {}, tick, el("label", { for: "consent-box" }, ` ${box}`)),
      el("div", { class: "sheet-buttons" }, button("キャンセル", () => close(null), { class: "plain" }), button(yes, () => close({ ticked: box !== null && tick.checked }), { class: "strong" })),
    );
  });
}

// A small form. Fields: {name, label, type?, value?, options?, required?, maxlength?}. Resolves with their values.
export function form(title, fields, yes) {
  return sheet(title, (close) => {
    const made = el("form", { class: "sheet-form", method: "dialog" });
    for (const { label, options, note, ...rest } of fields) {
      const id = `field-${rest.name}`;
      const input = options
        ? el("select", { id, ...rest }, options.map((one) => el("option", { value: one.value }, one.label)))
        : el("input", { id, autocomplete: "off", ...rest });
      made.append(el("label", { for: id }, label), input);
      if (note) made.append(el("small", {}, note));
    }
    made.append(
      el("div", { class: "sheet-buttons" }, button("やめる", () => close(null), { class: "plain" }), el("button", { class: "strong" }, yes)),
    );
    made.addEventListener("submit", (event) => {
      event.preventDefault();
      close(Object.fromEntries(new FormData(made)));
    });
    return made;
  });
}
