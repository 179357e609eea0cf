// This device on the notifications page: takes web push or not, tries it, and says in words what is wrong.

import { post, send } from "./alerts.js";

const card = document.getElementById("this-device");
const page = document.getElementById("toasts").dataset;
const words = document.getElementById("words").dataset;
const said = document.getElementById("test-words");
const PERSON_KEY = "goen-push-person";
const isApple = /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
const isInstalled = window.matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
const button = (name) => document.getElementById(`device-${name}`);

function show(state) {
  for (const part of card.querySelectorAll("[data-state]")) part.hidden = part.dataset.state !== state;
  button("on").hidden = !["off", "failed"].includes(state);
  button("off").hidden = state !== "on";
  button("test").hidden = !["on", "off"].includes(state);
}

function say(text) {
  said.textContent = text;
  said.hidden = !text;
}

function bytes(key) {
  const text = atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function isOurs(subscription) {
  const key = subscription.options?.applicationServerKey;
  if (!key) return true;
  const wanted = bytes(card.dataset.key);
  return new Uint8Array(key).every((byte, at) => byte === wanted[at]);
}

async function current() {
  const registration = await navigator.serviceWorker.getRegistration(page.scope);
  return registration?.pushManager.getSubscription() ?? null;
}

async function state() {
  if (!window.isSecureContext) return "insecure";
  if (isApple && !isInstalled) return "iphone";
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  const subscription = await current();
  if (!subscription || Notification.permission !== "granted" || !isOurs(subscription)) return "off";
  const isMine = localStorage.getItem(PERSON_KEY) === page.person;
  return isMine && (await send(subscription)).ok ? "on" : "off";
}

async function turnOn() {
  say("");
  if ((await Notification.requestPermission()) !== "granted") return state();
  await navigator.serviceWorker.register(page.worker, { scope: page.scope });
  const registration = await navigator.serviceWorker.ready;
  const old = await registration.pushManager.getSubscription();
  if (old && !isOurs(old)) await old.unsubscribe(); // the shop has another key now
  const options = { userVisibleOnly: true, applicationServerKey: bytes(card.dataset.key) };
  const answer = await send(await registration.pushManager.subscribe(options));
  if (!answer.ok) throw new Error(answer.status === 422 ? await answer.text() : "");
  localStorage.setItem(PERSON_KEY, page.person);
  return "on";
}

async function turnOff() {
  say("");
  localStorage.removeItem(PERSON_KEY);
  const subscription = await current();
  if (subscription) {
    await post(card.dataset.remove, { endpoint: subscription.endpoint });
    await subscription.unsubscribe();
  }
  return "off";
}

let hasArrived = false;
navigator.serviceWorker?.addEventListener("message", (event) => {
  if (!String(event.data?.shown).startsWith("test-")) return;
  hasArrived = true;
  say(words.arrived);
});

async function tryIt() {
  const now = await state();
  show(now);
  if (now !== "on") {
    say(now === "off" ? words.off : "");
    return;
  }
  hasArrived = false;
  say(words.asking);
  const answer = await post(card.dataset.test, {});
  const { delivery } = await answer.json();
  for (let tries = 0; tries < 8 && !hasArrived; tries += 1) {
    await new Promise((resume) => setTimeout(resume, 1_500));
    const outcome = await (await fetch(`${card.dataset.test}/${delivery}`)).json();
    if (!hasArrived) say(outcome.is_over || tries > 4 ? outcome.words : words.asking);
    if (outcome.is_over) return;
  }
}

async function press(action) {
  try {
    show(await action());
  } catch (error) {
    document.getElementById("device-fault").textContent = error.message;
    show("failed");
  }
}

button("on").addEventListener("click", () => press(turnOn));
button("off").addEventListener("click", () => press(turnOff));
button("test").addEventListener("click", () => tryIt().catch(() => say(words.noAnswer)));
document.getElementById("sound-test").addEventListener("click", () => {
  new Audio(page.sound).play().then(
    () => say(""),
    () => say(words.silent),
  );
});
press(state);
