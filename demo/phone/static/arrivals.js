// After time travel: what arrived on the person's phone, with links into the chat and to the reason, and what comes next.

import { button, el } from "./el.js";
import { person } from "./store.js";
import { clockTime, shortDay } from "./times.js";
import { show } from "./view.js";

export function makeArrivals(panel) {
  const node = el("div", { class: "arrivals", role: "group", "aria-label": "この間に届いたもの", hidden: true });
  let owner = null;
  let news = null;

  function showNews(of, answer) {
    owner = of;
    news = answer.arrived ? answer : null;
    refresh(of);
  }

  function refresh(current) {
    node.hidden = news === null || owner !== current;
    if (node.hidden) return;
    const key = JSON.stringify(news);
    if (node.dataset.key === key) return;
    node.dataset.key = key;
    const { arrived, coming } = news;
    node.replaceChildren(
      el("h3", {}, arrived.length ? `この間に${arrived.length}通届きました` : "この間に届いたお知らせはありません"),
      arrived.length ? el("ol", { class: "arrivals-list", tabindex: "0", "aria-label": "届いたお知らせ" }, arrived.map(row)) : "",
      coming ? next(coming) : el("p", {}, `${person(owner)?.name ?? ""}さんに送る予定のものは、いまありません。`),
    );
  }

  function row({ entry, at_ms: at, text, why_url: why }) {
    return el(
      "li",
      {},
      el("span", { class: "arrivals-when" }, `${shortDay(at)} ${clockTime(at)}`),
      button(text, () => toBubble(entry), { class: "arrivals-text", "aria-label": `${text}（トークで見る）` }),
      el("a", { href: why, target: "_blank", rel: "noopener", "aria-label": `なぜ届いた？　${text}` }, "なぜ届いた？"),
    );
  }

  function toBubble(entry) {
    if (panel.matches(":popover-open")) panel.hidePopover();
    show(owner, "shop");
    requestAnimationFrame(() => {
      const bubble = document.querySelector(`[data-entry="${CSS.escape(entry)}"]`);
      bubble?.scrollIntoView({ block: "center" });
      bubble?.focus({ preventScroll: true });
    });
  }

  return { node, show: showNews, refresh };
}

function next({ when, text, may_ride: mayRide }) {
  return el(
    "p",
    { class: "arrivals-next" },
    `つぎは${when}ごろ：${text}`,
    mayRide ? el("small", {}, "その前に何か書くと、返信に添えて（無料で）届くことがあります。") : "",
  );
}
