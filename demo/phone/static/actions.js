// Carries out the action object of whatever a person taps in a message.

import { understand } from "./links.js";
import * as server from "./server.js";
import { choose, confirm, consent, form, offer, toast } from "./sheets.js";
import { account, accounts, allPeople, friendship, person, world } from "./store.js";
import { show } from "./view.js";

// `peer` is the account whose message or menu it is in.
export async function perform(action, owner, peer) {
  switch (action.type) {
    case "postback":
      if (action.inputOption === "openKeyboard") show(owner, peer, action.fillInText ?? "");
      return server.postback(owner, peer, action.data, action.displayText ?? action.text);
    case "message":
      return server.say(owner, action.text, peer);
    case "uri":
      return openLink(action.uri, owner);
    case "datetimepicker":
      return pickTime(action, owner, peer);
    case "clipboard":
      return copy(action.clipboardText);
    case "camera":
    case "cameraRoll":
      return pickPicture(owner, peer);
    case "location":
      return pickPlace(owner, peer);
    default:
      return toast("このボタンはデモでは使えません。");
  }
}

export async function openLink(uri, owner) {
  const link = understand(uri);
  switch (link?.kind) {
    case "page":
      return openPage(link.url, owner);
    case "call":
      return toast(`${link.number} に電話をかけます（デモではかかりません）。`);
    case "message":
      return writeToShop(link, owner);
    case "share":
      return shareText(link.text, owner);
    case "friend":
      return accountOf(link.to) ? becomeFriend(owner, accountOf(link.to)) : toast("このアカウントは見つかりません。");
    default:
      return toast("このリンクは開けません。");
  }
}

// A page of the shop whose button opens LINE is shown on the phone, since LINE is this page.
async function openPage(url, owner) {
  const found = await server.shopPage(url);
  if (found.page === null) window.open(found.url, "_blank", "noopener");
  else await showPage(found.page, owner);
}

async function showPage(page, owner) {
  const ways = [[page.login_button, page.login], [page.button, page.link]].filter(([, target]) => target);
  const target = await offer(page.title, page.lead, ways.map(([label, value]) => ({ label, value })));
  if (target && target === page.login) await signIn(page.login, owner);
  else if (target) await openLink(target, owner);
}

// LINE Login, as the LINE app would show it; the shop's page that it ends on is shown like any other.
async function signIn(url, owner) {
  const { name } = world.shop;
  const friend = person(owner).friendship === "friend" ? null : `「${name}」を友だちに追加`;
  const agreed = await consent("LINEログイン", `「${name}」が、あなたのプロフィール（名前・写真）を受け取ります。`, friend, "許可する");
  const answer = await server.login(owner, url, { allow: agreed !== null, friend: agreed?.ticked ?? false });
  if (answer?.page) await showPage(answer.page, owner);
  else if (answer) toast("ページをひらけませんでした。");
}

// Which of the shop's accounts has that LINE ID.
const accountOf = (id) => accounts().find((peer) => account(peer).basicId.toLowerCase() === id.toLowerCase());

// The text waits in the composer until the person sends it; somebody who is no friend yet is asked to add the shop.
async function writeToShop(link, owner) {
  const peer = accountOf(link.to);
  if (!peer) return toast("このアカウントは見つかりません。");
  if (await becomeFriend(owner, peer)) show(owner, peer, link.text);
  return undefined;
}

export async function becomeFriend(owner, peer = "shop") {
  if (friendship(owner, peer) === "friend") {
    show(owner, peer);
    return true;
  }
  const { name } = account(peer);
  const yes = await confirm(name, `「${name}」を友だちに追加しますか？`, "友だちに追加");
  if (!yes || (await server.follow(owner, peer)) === null) return false;
  show(owner, peer);
  return true;
}

async function shareText(text, owner) {
  const others = allPeople().filter((one) => one.id !== owner);
  if (others.length === 0) return toast("送れる相手がいません。「新しいお客さま」で人を増やせます。");
  const to = await choose("だれに送りますか？", others.map((one) => ({ label: one.name, value: one.id, face: one.color })));
  if (to && (await server.share(owner, to, text)) !== null) toast(`${person(to).name}さんに送りました。`);
  return undefined;
}

async function pickTime(action, owner, peer) {
  const type = { date: "date", time: "time", datetime: "datetime-local" }[action.mode];
  const limits = { min: action.min, max: action.max, value: action.initial };
  const picked = await form("日時を選ぶ", [{ name: "when", label: action.label ?? "日時", type, required: true, ...limits }], "決定");
  if (picked) await server.postback(owner, peer, action.data, null, { [action.mode]: picked.when });
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("コピーしました。");
  } catch {
    toast(text);
  }
}

export function pickPicture(owner, peer) {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = "image/jpeg,image/png";
  input.addEventListener("change", () => input.files[0] && server.picture(owner, peer, input.files[0]));
  input.click();
}

const PLACES = [
  { title: "東京駅", address: "東京都千代田区丸の内1丁目", latitude: 35.681236, longitude: 139.767125 },
  { title: "京都駅", address: "京都府京都市下京区東塩小路町", latitude: 34.985849, longitude: 135.758767 },
  { title: "札幌駅", address: "北海道札幌市北区北6条西4丁目", latitude: 43.068661, longitude: 141.350755 },
];

export async function pickPlace(owner, peer) {
  const chosen = await choose("位置情報を送る", PLACES.map((one) => ({ label: one.title, value: one, note: one.address })));
  if (chosen) await server.place(owner, peer, chosen);
}
