// The demo's controls beside the phone: the shop's clock, buying, time travel, links to the console. On a narrow screen
// it is a sheet that a button on the phone opens.

import { makeArrivals } from "./arrivals.js";
import { button, el } from "./el.js";
import * as server from "./server.js";
import { toast } from "./sheets.js";
import { person, setNow, shopNow, world } from "./store.js";
import { makeTour } from "./tour.js";
import { clockTime, longDay } from "./times.js";
import { current } from "./view.js";

const LEAPS = [
  { label: "＋1日", days: 1 },
  { label: "＋1週間", days: 7 },
  { label: "＋1か月", days: 30 },
];

export const panelButton = () => button("買い物・時間", null, { class: "panel-open", popovertarget: "panel", "aria-haspopup": "dialog" });

const outside = ({ label, url }) => (/^(https?:\/\/|\/)/.test(url) ? el("a", { href: url, target: "_blank", rel: "noopener", class: "plain wide" }, label) : "");

export function makePanel(root, bar) {
  const day = el("strong", {});
  const time = el("span", {});
  const status = el("p", { class: "panel-status", role: "status" });
  const product = el("select", { id: "product" });
  const who = el("span", { class: "panel-who" });
  const links = el("div", { class: "panel-links" });
  const flows = el("div", { class: "panel-links" });
  const aboutFlows = el("section", {}, el("h2", {}, "ステップ配信"), flows);
  const arrivals = makeArrivals(root);
  const buttons = [];
  const control = (label, run, props) => {
    const made = button(label, () => use(made, run), props);
    buttons.push(made);
    return made;
  };
  const tour = makeTour(root, bar, { buy: (who) => use(null, () => server.buy(who, world.controls.products[0].code)), travel: (who) => use(null, () => travel(7, who)) });
  root.append(
    tour.node,
    el("section", { class: "panel-clock" }, el("h2", {}, "お店の時計"), day, time, el("div", { class: "panel-leaps" }, LEAPS.map(({ label, days }) => control(label, () => travel(days)))), arrivals.node),
    el("section", {}, el("h2", {}, "お買い物"), el("label", { for: "product" }, who), product, control("買い物する", () => server.buy(current().owner, product.value), { class: "strong wide" }), el("p", { class: "panel-note" }, "荷物は、よく日に発送、そのつぎの日に届きます。")),
    status,
    el("section", {}, el("h2", {}, "お店の人になる"), links),
    aboutFlows,
    tour.restart,
    button("とじる", () => root.hidePopover(), { class: "panel-close plain wide" }),
  );
  let shownControls = "";

  async function travel(days, owner = current().owner) {
    const answer = await server.travel(owner, days);
    arrivals.show(owner, answer);
    return answer;
  }

  async function use(pressed, run) {
    for (const one of buttons) one.disabled = true;
    pressed?.setAttribute("aria-busy", "true");
    status.className = "panel-status";
    status.textContent = "しばらくお待ちください…";
    let stays = false; // what it brought is listed here
    try {
      const answer = await run();
      stays = Boolean(answer.arrived?.length || answer.coming);
      status.textContent = answer.message ?? "できました。";
      setNow(answer.now);
    } catch (error) {
      status.classList.add("bad");
      status.textContent = error.message;
    }
    pressed?.removeAttribute("aria-busy");
    for (const one of buttons) one.disabled = false;
    if (document.activeElement === document.body) pressed?.focus(); // the button lost the focus while it was disabled
    if (pressed !== null && root.matches(":popover-open") && !status.classList.contains("bad") && !stays) {
      root.hidePopover(); // its effect is seen on the phone below
      toast(status.textContent);
    }
  }

  function refresh() {
    const { controls } = world;
    root.hidden = controls === null;
    document.body.classList.toggle("with-panel", controls !== null);
    if (controls === null) return;
    tour.refresh();
    day.textContent = longDay(shopNow());
    time.textContent = clockTime(shopNow());
    const me = person(current().owner);
    arrivals.refresh(current().owner);
    who.textContent = me ? `${me.name}さんが買うもの` : "買うもの";
    const key = JSON.stringify(controls);
    if (key === shownControls) return;
    shownControls = key;
    product.replaceChildren(...controls.products.map((one) => el("option", { value: one.code }, `${one.name}　${one.price_yen.toLocaleString("ja-JP")}円`)));
    links.replaceChildren(...controls.links.map(outside));
    flows.replaceChildren(...controls.flows.map(outside));
    aboutFlows.hidden = controls.flows.length === 0;
  }

  setInterval(refresh, 10_000);
  refresh();
  return { refresh };
}
