// The message box: text, stickers, pictures, places. Enter sends, except while an input method is composing Japanese.

import { pickPicture, pickPlace } from "./actions.js";
import { el, iconButton } from "./el.js";
import * as server from "./server.js";
import { choose, toast } from "./sheets.js";
import { STICKERS } from "./stickers.js";
import { isAccount } from "./store.js";

const MOST = 5000;

export function makeComposer(owner, peer) {
  const input = el("textarea", { rows: "1", maxlength: String(MOST), placeholder: "メッセージを入力", "aria-label": "メッセージ" });
  const send = iconButton("send", "送信", () => submit(), { class: "send" });
  const tray = el("div", { class: "tray", hidden: true, role: "group", "aria-label": "スタンプ" });
  for (const one of STICKERS) {
    tray.append(el("button", { type: "button", "aria-label": one.keyword, onclick: () => sendSticker(one) }, el("img", { src: `/phone/static/stickers/${one.face}.svg`, alt: "" }), el("span", {}, one.keyword)));
  }
  const row = el("form", { class: "composer" }, isAccount(peer) ? iconButton("plus", "写真や位置情報を送る", attach) : null, input, isAccount(peer) ? iconButton("smile", "スタンプを選ぶ", () => showTray(tray.hidden)) : null, send);
  const node = el("div", { class: "composer-area" }, row, tray);

  function grow() {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 120)}px`;
    send.disabled = input.value.trim() === "";
  }

  function showTray(wanted) {
    tray.hidden = !wanted;
    if (wanted) node.dispatchEvent(new Event("tray"));
  }

  async function submit() {
    const text = input.value;
    if (text.trim() === "") return;
    input.value = "";
    grow();
    if ((await server.say(owner, text, peer)) === null && input.value === "") {
      input.value = text;
      grow();
    }
  }

  async function sendSticker(one) {
    showTray(false);
    await server.sticker(owner, peer, { packageId: one.packageId, stickerId: one.stickerId, keyword: one.keyword });
  }

  async function attach() {
    const chosen = await choose("送るもの", [
      { label: "写真", value: "picture" },
      { label: "位置情報", value: "place" },
    ]);
    if (chosen === "picture") pickPicture(owner, peer);
    if (chosen === "place") await pickPlace(owner, peer);
  }

  input.addEventListener("input", grow);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
  });
  row.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  // Its height is unknown until it is in the page, which may be only after the person has added the shop.
  new ResizeObserver(() => input.style.height === "0px" && grow()).observe(node);
  requestAnimationFrame(grow);

  return {
    node,
    hideTray: () => showTray(false),
    fill(words) {
      input.value = words.slice(0, MOST);
      if (words.length > MOST) toast("長すぎるので、途中までにしました。");
      requestAnimationFrame(() => {
        grow();
        input.focus();
      });
    },
  };
}
