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

const of = (id, verb) => `people/${encodeURIComponent(id)}/${verb}`;

export const arrive = (name) => orToast(json("people", { name }));
export const followShop = (id) => orToast(json(of(id, "follow"), {}));
export const blockShop = (id) => orToast(json(of(id, "block"), {}));
export const say = (id, text, peer) => orToast(json(of(id, "text"), { text, peer }));
export const postback = (id, data, displayText, params) => orToast(json(of(id, "postback"), { data, displayText, params }));
export const sticker = (id, chosen) => orToast(json(of(id, "sticker"), chosen));
export const place = (id, chosen) => orToast(json(of(id, "location"), chosen));
export const picture = (id, file) => orToast(post(of(id, "image"), file, { "Content-Type": file.type }));
export const unsend = (id, message) => orToast(json(of(id, "unsend"), { id: message }));
export const share = (id, to, text) => orToast(json(of(id, "share"), { to, text }));
export const login = (id, url, agreed) => orToast(json(of(id, "login"), { url, ...agreed }));
export const buy = (person, product) => json("controls/buy", { person, product });
export const travel = (person, days) => json("controls/travel", { person, days });

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
