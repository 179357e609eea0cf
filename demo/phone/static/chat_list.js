// The list of chats on one person's phone; for a stranger, the shop's card with the friend button.

import { becomeFriend, openLink } from "./actions.js";
import { COLORS } from "./bubbles.js";
import { avatar, button, el, iconButton } from "./el.js";
import { panelButton } from "./panel.js";
import { arriveAndShow, switchPerson } from "./people.js";
import { preview } from "./preview.js";
import { form } from "./sheets.js";
import { account, accounts, chat, chatPeers, friendship, isAccount, person, shopNow, unread, world } from "./store.js";
import { listTime } from "./times.js";
import { show } from "./view.js";

export function makeChatList(owner) {
  const list = el("div", { class: "chat-list" });
  const title = el("h1", {});
  const root = el(
    "section",
    { class: "chats", "aria-label": "トーク一覧" },
    el("header", { class: "bar" }, iconButton("person", "ほかのお客さまに切り替える", () => switchPerson(owner), { class: "only-narrow" }), title, panelButton(), iconButton("plus", "紹介リンクを開く・人を増やす", () => more(owner))),
    list,
  );

  function refresh() {
    const me = person(owner);
    if (!me) return;
    title.textContent = `${me.name}さんのトーク`;
    const rows = [...accounts(), ...chatPeers(owner)]
      .map((peer) => ({ peer, last: chat(owner, peer).at(-1) }))
      .filter(({ peer, last }) => !isAccount(peer) || last || friendship(owner, peer) !== "stranger")
      .sort((a, b) => (b.last?.at ?? 0) - (a.last?.at ?? 0));
    list.replaceChildren(...(me.friendship === "stranger" ? [shopCard(owner)] : []), ...rows.map((one) => chatRow(owner, one)));
  }

  refresh();
  return { node: root, refresh };
}

function shopCard(owner) {
  return el(
    "div",
    { class: "shop-card" },
    avatar(world.shop.name, COLORS.shop, "large"),
    el("strong", {}, world.shop.name),
    el("span", {}, world.shop.basicId),
    button("友だちに追加", () => becomeFriend(owner), { class: "strong" }),
  );
}

function chatRow(owner, { peer, last }) {
  const other = isAccount(peer) ? { name: account(peer).name, color: COLORS[peer] } : person(peer);
  const count = unread(owner, peer);
  return el(
    "button",
    { type: "button", class: "chat-row", onclick: () => show(owner, peer) },
    avatar(other?.name ?? "？", other?.color ?? "#777777"),
    el("span", { class: "chat-words" }, el("strong", {}, other?.name ?? ""), el("span", {}, last ? preview(last) : "トークを始めましょう")),
    el("span", { class: "chat-side" }, last ? el("time", {}, listTime(last.at, shopNow())) : null, count ? el("b", { class: "badge", "aria-label": `未読${count}件` }, String(count)) : null),
  );
}

async function more(owner) {
  const answer = await form("リンクを開く", [
    { name: "link", label: "紹介リンク（QRコードの中身）", type: "url", placeholder: "https://line.me/R/…", note: "友だちから届いたリンクや、QRコードを読み取った結果です。" },
    { name: "name", label: "新しい人で開くときは、その人の名前", maxlength: "20" },
  ], "開く");
  if (!answer) return;
  const opener = answer.name?.trim() ? await arriveAndShow(answer.name.trim()) : owner;
  if (opener && answer.link?.trim()) await openLink(answer.link.trim(), opener);
}
