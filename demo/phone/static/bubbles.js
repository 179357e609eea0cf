// Draws one bubble of a chat, of any sender and message type.

import { openLink, perform } from "./actions.js";
import { el, iconButton, avatar } from "./el.js";
import { flexMessage } from "./flex.js";
import { pictureUrl, withAddresses } from "./links.js";
import * as server from "./server.js";
import { choose } from "./sheets.js";
import { stickerTile } from "./stickers.js";
import { account, isAccount, person } from "./store.js";
import { imagemapMessage, templateMessage } from "./templates.js";
import { clockTime } from "./times.js";

export const COLORS = { shop: "#0a7d42", support: "#1b62c4" };

// `before` is the bubble above: a second one in the same minute repeats no picture and no name.
export function bubbleRow(entry, before = null) {
  if (entry.unsent || entry.side === "note") {
    const who = entry.side === "mine" ? "メッセージの送信を取り消しました" : (entry.message.text ?? "");
    return el("div", { class: "note" }, who);
  }
  const again = before?.side === entry.side && !before.unsent && clockTime(before.at) === clockTime(entry.at) && senderName(before) === senderName(entry);
  const row = el("div", { class: `bubble-row ${entry.side}${again ? " again" : ""}`, "data-entry": entry.id, tabindex: "-1" });
  const stamp = el("div", { class: "stamp" }, entry.side === "mine" && entry.read ? el("span", {}, "既読") : null, el("time", {}, clockTime(entry.at)));
  const wide = ["flex", "template", "imagemap"].includes(entry.message.type);
  const said = el("div", { class: wide ? "said wide" : "said" }, content(entry));
  if (entry.side === "mine") {
    row.append(isAccount(entry.peer) ? ownMenu(entry) : "", stamp, said);
  } else {
    row.append(sender(entry), el("div", { class: "with-name" }, el("span", { class: "who" }, senderName(entry)), el("div", { class: "said-line" }, said, stamp)));
  }
  return row;
}

function senderName(entry) {
  if (!isAccount(entry.peer)) return person(entry.peer)?.name ?? "";
  return entry.message.sender?.name ?? account(entry.peer)?.name ?? "";
}

function sender(entry) {
  const icon = entry.message.sender?.iconUrl && pictureUrl(entry.message.sender.iconUrl);
  if (icon) return el("img", { class: "avatar", src: icon, alt: "" });
  return avatar(senderName(entry), COLORS[entry.peer] ?? person(entry.peer)?.color ?? "#777777");
}

function ownMenu(entry) {
  const open = async () => {
    const chosen = await choose("このメッセージ", [{ label: "送信を取り消す", value: "unsend", danger: true }]);
    if (chosen === "unsend") await server.unsend(entry.owner, entry.peer, entry.id);
  };
  return iconButton("dots", "メッセージのメニュー", open, { class: "own-menu" });
}

function content(entry) {
  const { message, owner } = entry;
  const tap = (action) => perform(action, owner, entry.peer);
  switch (message.type) {
    case "text":
      return el("div", { class: "balloon" }, words(message.text, owner));
    case "textV2":
      return el("div", { class: "balloon" }, words(substituted(message), owner));
    case "flex":
      return flexMessage(message, tap);
    case "template":
      return templateMessage(message, tap);
    case "imagemap":
      return imagemapMessage(message, tap);
    case "image":
      return picture(entry);
    case "sticker":
      return stickerTile(message.stickerId, message.keywords?.[0]);
    case "location":
      return el("div", { class: "place" }, el("div", { class: "map", "aria-hidden": "true" }), el("strong", {}, message.title), el("span", {}, message.address));
    case "video":
      return playable("video", message.originalContentUrl);
    case "audio":
      return message.contentProvider ? playable("audio", `/phone/content/${entry.id}`, true) : playable("audio", message.originalContentUrl);
    default:
      return el("div", { class: "balloon" }, message.altText ?? "このメッセージは表示できません");
  }
}

function words(text, owner) {
  return withAddresses(text).map((piece) =>
    piece.uri
      ? el("a", { href: piece.uri, target: "_blank", rel: "noopener", onclick: (event) => (event.preventDefault(), openLink(piece.uri, owner)) }, piece.text)
      : piece.text,
  );
}

function substituted({ text, substitution = {} }) {
  return text.replace(/\{(\w+)\}/g, (all, name) => {
    const chosen = substitution[name];
    if (chosen?.type !== "mention") return chosen ? "" : all;
    return chosen.mentionee.type === "all" ? "@All" : `@${person(chosen.mentionee.userId)?.name ?? ""}`;
  });
}

function picture(entry) {
  const { message } = entry;
  const preview = message.contentProvider ? `/phone/content/${entry.id}` : pictureUrl(message.previewImageUrl);
  const full = message.contentProvider ? preview : pictureUrl(message.originalContentUrl);
  if (!preview || !full) return el("div", { class: "balloon" }, "画像を表示できません");
  return el("a", { class: "picture", href: full, target: "_blank", rel: "noopener" }, el("img", { src: preview, alt: "画像を開く" }));
}

function playable(tag, url, own = false) {
  const source = own ? url : pictureUrl(url);
  return source ? el(tag, { class: "playable", src: source, controls: true, preload: "none" }) : el("div", { class: "balloon" }, "再生できません");
}
