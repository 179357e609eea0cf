// Calls the platform's JSON API for what a person does. Errors are shown as a sentence on the screen.

import { toast } from "./sheets.js";

async function post(path, body, headers) {
  let answer;
  try {
    answer = await fetch(`/phone/api/${path}`, { method: "POST", body, headers });
  } catch {
    throw new Error("つながりません。デモが動いているか確かめてください。");
  }
  const payload = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(payload.error ?? `うまくいきませんでした（${answer.status}）。`);
  return payload;
}

const json = (path, value) => post(path, JSON.stringify(value), { "Content-Type": "application/json" });

// The response, or null after an error has been shown.
async function orToast(promise) {
  try {
    return await promise;
  } catch (error) {
    toast(error.message);
    return null;
  }
}

const of = (id, verb, peer = "shop") => `people/${encodeURIComponent(id)}/${peer === "support" ? "support/" : ""}${verb}`;

export const arrive = (name) => orToast(json("people", { name }));
export const follow = (id, account) => orToast(json(of(id, "follow", account), {}));
export const block = (id, account) => orToast(json(of(id, "block", account), {}));
export const say = (id, text, peer) => orToast(json(of(id, "text", peer), { text, peer: peer === "support" ? "shop" : peer }));
export const postback = (id, account, data, displayText, params) => orToast(json(of(id, "postback", account), { data, displayText, params }));
export const sticker = (id, account, chosen) => orToast(json(of(id, "sticker", account), chosen));
export const place = (id, account, chosen) => orToast(json(of(id, "location", account), chosen));
export const picture = (id, account, file) => orToast(post(of(id, "image", account), file, { "Content-Type": file.type }));
export const unsend = (id, account, message) => orToast(json(of(id, "unsend", account), { id: message }));
export const share = (id, to, text) => orToast(json(of(id, "share"), { to, text }));
export const login = (id, url, agreed) => orToast(json(of(id, "login"), { url, ...agreed }));
export const buy = (person, product) => json("controls/buy", { person, product });
export const travel = (person, days) => json("controls/travel", { person, days });

// The keys of the tour's steps that were done; null when the demo does not answer.
export async function tour() {
  try {
    const answer = await fetch("/phone/api/tour");
    return answer.ok ? (await answer.json()).done : null;
  } catch {
    return null;
  }
}

// {url, page}: where this machine serves the address, and the shop's page there if it leads into LINE, else null.
export async function shopPage(url) {
  try {
    const answer = await fetch(`/phone/api/page?url=${encodeURIComponent(url)}`);
    if (answer.ok) return await answer.json();
  } catch {
    // not answered: the address is opened as it is
  }
  return { url, page: null };
}
