// The demo's stickers, each a drawn face with its word.

import { el } from "./el.js";

export const STICKERS = [
  { packageId: "446", stickerId: "1988", keyword: "ありがとう", face: "thanks" },
  { packageId: "446", stickerId: "1989", keyword: "了解です", face: "ok" },
  { packageId: "446", stickerId: "1990", keyword: "うれしい", face: "glad" },
  { packageId: "446", stickerId: "1991", keyword: "大好き", face: "love" },
  { packageId: "446", stickerId: "1992", keyword: "うーん", face: "hmm" },
  { packageId: "446", stickerId: "1993", keyword: "かなしい", face: "sad" },
];

export function stickerTile(stickerId, keyword) {
  const known = STICKERS.find((one) => one.stickerId === stickerId);
  const word = keyword ?? known?.keyword ?? "スタンプ";
  const tile = el("div", { class: "sticker", role: "img", "aria-label": `スタンプ: ${word}` });
  tile.append(el("img", { src: `/phone/static/stickers/${known?.face ?? "glad"}.svg`, alt: "" }), el("span", {}, word));
  return tile;
}
