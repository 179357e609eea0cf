// One open chat: header, bubbles by day, the typing dots, chips, composer and rich menu.

import { becomeFriend, perform } from "./actions.js";
import { bubbleRow } from "./bubbles.js";
import { button, el, iconButton } from "./el.js";
import { makeComposer } from "./composer.js";
import { panelButton } from "./panel.js";
import { makeRichMenu } from "./richmenu.js";
import * as server from "./server.js";
import { choose, confirm } from "./sheets.js";
import { account, accounts, chat, friendship, isAccount, markSeen, person, shopNow, unread } from "./store.js";
import { dayKey, dividerDay } from "./times.js";
import { show, takePrefill } from "./view.js";

export function makeChat(owner, peer) {
  const drawn = new Map();
  const dividers = [];
  const log = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": "メッセージ", tabindex: "0" });
  const typing = el("div", { class: "typing", hidden: true, role: "status" }, el("span", {}, "入力中"), el("i"), el("i"), el("i"));
  const chips = el("div", { class: "chips", role: "group", "aria-label": "返信の候補", hidden: true });
  const foot = el("div", { class: "foot" });
  const title = el("h1", {});
  const tabs = el("nav", { class: "accounts", "aria-label": "お店のアカウント", hidden: true });
  const root = el("section", { class: "chat", "aria-label": "トーク" }, header(owner, peer, title), tabs, log, chips, foot);
  const composer = makeComposer(owner, peer);
  const richMenu = peer === "shop" ? makeRichMenu(owner, composer) : null;
  let atEnd = true;
  let usedChips = null;
  let footKind = null;
  let dotsTimer = 0;

  function refresh() {
    root.classList.toggle("stranger", isAccount(peer) && friendship(owner, peer) === "stranger");
    title.textContent = isAccount(peer) ? (account(peer)?.name ?? "") : (person(peer)?.name ?? "");
    drawTabs();
    const all = chat(owner, peer);
    const grew = drawBubbles(all);
    drawTyping();
    drawChips(all.at(-1));
    drawFoot();
    richMenu?.refresh();
    const words = takePrefill(owner, peer);
    if (words !== null) composer.fill(words);
    if (atEnd || grew === "mine" || grew === "first") keepAtEnd();
    markSeen(owner, peer);
  }

  function drawBubbles(all) {
    let grew = null;
    let before = null;
    for (const entry of all) {
      const old = drawn.get(entry.id);
      if (old === undefined) {
        if (before === null || dayKey(before.at) !== dayKey(entry.at)) {
          const day = el("span");
          dividers.push({ day, at: entry.at });
          log.append(el("div", { class: "divider" }, day));
        }
        const node = bubbleRow(entry, before);
        log.append(node);
        grew = drawn.size === 0 || grew === "first" ? "first" : entry.side;
        drawn.set(entry.id, { node, changed: entry.changed });
      } else if (old.changed !== entry.changed) {
        const node = bubbleRow(entry, before);
        old.node.replaceWith(node);
        drawn.set(entry.id, { node, changed: entry.changed });
      }
      before = entry;
    }
    for (const { day, at } of dividers) day.textContent = dividerDay(at, shopNow()); // today becomes yesterday
    log.append(typing);
    return grew;
  }

  // The switch between the shop's accounts, where there are two.
  function drawTabs() {
    tabs.hidden = accounts().length < 2 || !isAccount(peer);
    if (tabs.hidden) return;
    const shown = accounts().map((one) => ({ one, name: account(one).name, count: one === peer ? 0 : unread(owner, one) }));
    const key = JSON.stringify(shown);
    if (tabs.dataset.key === key) return;
    tabs.dataset.key = key;
    tabs.replaceChildren(...shown.map(({ one, name, count }) => accountTab(owner, one, one === peer, name, count)));
  }

  // Pictures arrive late and make the log longer: stay at the end while they do.
  function keepAtEnd() {
    const down = () => (log.scrollTop = log.scrollHeight);
    down();
    for (const picture of log.querySelectorAll("img")) if (!picture.complete) picture.addEventListener("load", down, { once: true });
  }

  function drawTyping() {
    const left = (person(owner)?.typingUntil[peer] ?? 0) - Date.now();
    typing.hidden = left <= 0;
    clearTimeout(dotsTimer);
    if (left > 0) dotsTimer = setTimeout(drawTyping, left);
  }

  function drawChips(last) {
    const items = last && last.side === "theirs" && last.id !== usedChips ? (last.message.quickReply?.items ?? []) : [];
    const key = items.length ? last.id : "";
    if (chips.dataset.of === key) return;
    chips.dataset.of = key;
    chips.hidden = items.length === 0;
    chips.replaceChildren(...items.map(({ action }) => button(action.label, () => useChip(last.id, action), { class: "chip" })));
  }

  function useChip(id, action) {
    if (action.type === "postback" || action.type === "message") {
      usedChips = id;
      drawChips(chat(owner, peer).at(-1));
    }
    perform(action, owner, peer);
  }

  function drawFoot() {
    const known = isAccount(peer) ? friendship(owner, peer) : "friend";
    const kind = known === "friend" ? "write" : known;
    if (kind === footKind) return;
    footKind = kind;
    if (kind === "write") foot.replaceChildren(...[richMenu?.bar, composer.node, richMenu?.node].filter(Boolean));
    else if (kind === "blocking") foot.replaceChildren(el("div", { class: "barred" }, el("p", {}, "ブロックしています。"), button("ブロック解除", () => server.follow(owner, peer), { class: "strong" })));
    else foot.replaceChildren(el("div", { class: "barred" }, el("p", {}, "まだ友だちではありません。"), button("友だちに追加", () => becomeFriend(owner, peer), { class: "strong" })));
  }

  // A menu or the keyboard makes the log shorter: whoever was at the end stays there.
  log.addEventListener("scroll", () => (atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80));
  new ResizeObserver(() => atEnd && keepAtEnd()).observe(log);

  refresh();
  requestAnimationFrame(keepAtEnd);
  return { node: root, refresh };
}

function accountTab(owner, one, isOpen, name, count) {
  const badge = count ? el("b", { class: "badge", "aria-label": `未読${count}件` }, String(count)) : null;
  return el("button", { type: "button", "aria-current": isOpen ? "page" : null, onclick: () => show(owner, one) }, name, badge);
}

function header(owner, peer, title) {
  const menu = async () => {
    const blocking = friendship(owner, peer) === "blocking";
    const { name } = account(peer);
    const chosen = await choose(name, [
      blocking ? { label: "ブロックを解除する", value: "follow" } : { label: "ブロックする", value: "block", danger: true },
    ]);
    if (chosen === "follow") await server.follow(owner, peer);
    if (chosen === "block" && (await confirm("ブロック", `${name}からのメッセージが届かなくなります。`, "ブロックする"))) await server.block(owner, peer);
  };
  const more = isAccount(peer) ? iconButton("more", "トークのメニュー", menu) : el("span", { class: "icon-space" });
  return el(
    "header",
    { class: "bar" },
    iconButton("back", "トーク一覧へ戻る", () => show(owner)),
    title,
    panelButton(),
    more,
  );
}
