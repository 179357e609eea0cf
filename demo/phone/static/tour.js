// The guided tour: one step after another beside the phone, in Japanese or English. A step ticks itself when the shop
// has seen it done; which step is shown and whether the tour was left is remembered by the browser.

import { button, el } from "./el.js";
import * as server from "./server.js";
import { onChange, world } from "./store.js";
import { show } from "./view.js";

const POLL_MS = 2500;
const SAID = {
  ja: {
    name: "5分のツアー", short: "ツアー", leave: "あとで", resume: "ツアーをつづける", all: "すべてのステップ", done: "できました", missing: "まだ",
    finished: "おつかれさまでした。お客さま・スタッフ・オーナーをひと回りしました。あとは自由にお試しください。",
    role: { customer: "お客さま", staff: "スタッフ", owner: "オーナー" }, other: "English", open: "くわしく",
  },
  en: {
    name: "A tour of 5 minutes", short: "Tour", leave: "Later", resume: "Go on with the tour", all: "All steps", done: "Done", missing: "Not yet",
    finished: "That was the whole loop: customer, staff and owner. The rest is yours to try.",
    role: { customer: "Customer", staff: "Staff", owner: "Owner" }, other: "日本語", open: "More",
  },
};

function remembered() {
  try {
    return JSON.parse(localStorage.getItem("goen-tour")) ?? {};
  } catch {
    return {};
  }
}

// `doing.buy(who)` and `doing.travel()` do what the controls below do.
export function makeTour(panel, bar, doing) {
  const node = el("section", { class: "tour", "aria-label": "ツアー" });
  const restart = el("p", { class: "panel-note" });
  const state = { left: false, language: navigator.language.startsWith("ja") ? "ja" : "en", ...remembered() };
  let done = new Set();
  let drawn = "";
  let busy = false;
  let listIsOpen = false;

  const steps = () => world.controls?.tour ?? [];
  const words = () => SAID[state.language];
  const shown = () => steps().find((one) => one.key === state.at) ?? steps().find((one) => !done.has(one.key)) ?? null;

  function remember(changes) {
    Object.assign(state, changes);
    localStorage.setItem("goen-tour", JSON.stringify({ left: state.left, language: state.language }));
    draw();
  }

  async function ask() {
    if (steps().length === 0 || document.hidden) return;
    const answer = await server.tour();
    if (answer === null) return;
    const now = new Set(answer);
    if (state.at && now.has(state.at) && !done.has(state.at)) state.at = null; // done just now: the next one
    done = now;
    draw();
  }

  function draw() {
    const all = steps();
    node.hidden = all.length === 0;
    bar.hidden = all.length === 0 || state.left;
    const note = world.controls?.restart?.[state.language] ?? "";
    restart.hidden = note === "";
    restart.textContent = note;
    restart.lang = node.lang = bar.lang = state.language;
    const key = JSON.stringify([all.length, state, [...done], busy]);
    if (key === drawn || all.length === 0) return;
    drawn = key;
    const focused = node.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    node.replaceChildren(...(state.left ? closed(all) : open(all, shown())));
    drawBar(all, shown());
    if (focused) (node.querySelector(`[data-name="${focused}"]`) ?? node.querySelector("button, a"))?.focus();
  }

  const count = (all) => `${all.filter((one) => done.has(one.key)).length} / ${all.length}`;

  function closed(all) {
    return [button(`${words().resume}（${count(all)}）`, () => remember({ left: false }), { class: "plain wide", "data-name": "resume" })];
  }

  function open(all, step) {
    return [
      el("div", { class: "tour-head" }, el("h2", {}, words().name), el("span", { class: "tour-count" }, count(all)), button(words().other, () => remember({ language: state.language === "ja" ? "en" : "ja" }), { class: "tour-small", "data-name": "language" })),
      el("div", { class: "tour-step", role: "status" }, ...(step ? about(step) : [el("p", {}, words().finished)])),
      step ? action(step) : "",
      el("details", { open: listIsOpen, ontoggle: (event) => (listIsOpen = event.currentTarget.open) }, el("summary", { "data-name": "all" }, words().all), el("ol", {}, all.map(listed))),
      button(words().leave, () => remember({ left: true }), { class: "tour-small", "data-name": "leave" }),
    ];
  }

  function about(step) {
    const said = step[state.language];
    return [
      el("span", { class: `tour-role ${step.role}` }, words().role[step.role]),
      el("strong", {}, said.title, done.has(step.key) ? el("span", { class: "tour-tick" }, ` ✓ ${words().done}`) : ""),
      el("p", {}, said.text),
    ];
  }

  function action(step) {
    const label = step[state.language].action;
    if (step.url) return el("a", { class: "strong wide", href: step.url, target: "_blank", rel: "noopener", "data-name": "action" }, label);
    return button(label, () => act(step), { class: "strong wide", "data-name": "action", disabled: busy, "aria-busy": busy ? "true" : null });
  }

  function listed(step) {
    const isDone = done.has(step.key);
    const label = step[state.language].title;
    return el("li", {}, el("span", { "aria-hidden": "true" }, isDone ? "✓" : "・"), button(label, () => remember({ at: step.key }), { "aria-label": `${label}（${isDone ? words().done : words().missing}）`, "data-name": `step-${step.key}` }));
  }

  function drawBar(all, step) {
    const said = step ? `${words().short} ${all.indexOf(step) + 1}/${all.length}：${step[state.language].title}` : words().finished;
    bar.replaceChildren(el("span", {}, said), button(words().open, null, { popovertarget: "panel", "aria-haspopup": "dialog" }));
  }

  async function act(step) {
    if (step.act !== "chat") {
      busy = true;
      draw();
      await (step.act === "buy" ? doing.buy(step.who) : doing.travel(step.who));
      busy = false;
    }
    if (panel.matches(":popover-open")) panel.hidePopover();
    show(step.who, "shop");
    await ask();
  }

  onChange(ask);
  setInterval(ask, POLL_MS);
  document.addEventListener("visibilitychange", ask);
  window.addEventListener("focus", ask);
  ask();
  return { node, restart, refresh: draw };
}
