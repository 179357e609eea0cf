// Alerts in an open tab: asks for news, shows them in the page, in front of other windows and by a sound, and counts the
// waiting chats on the tab's and the app's icon. What is pushed while no tab is open is service_worker.js's.

const EVERY_MS = 5_000;
const MOST_SHOWN = 4;
const place = document.getElementById("toasts");
const PERSON_KEY = "goen-push-person";

// Of several open tabs one makes the sounds.
let isFirst = !navigator.locks;
if (navigator.locks) {
  navigator.locks.request("goen-alerts", () => {
    isFirst = true;
    return new Promise(() => {});
  });
}

const sound = new Audio(place.dataset.sound);
sound.preload = "none";

function ring() {
  // A browser that was not touched yet plays nothing; the alert is on the page all the same.
  sound.play().catch(() => {});
}

function toast(alert) {
  const part = document.createElement("div");
  part.className = alert.urgent ? "alert-toast alert-toast-urgent" : "alert-toast";
  const link = document.createElement("a");
  link.href = alert.address;
  link.textContent = alert.title;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn-close";
  close.setAttribute("aria-label", place.dataset.close);
  close.addEventListener("click", () => part.remove());
  part.append(link, close);
  part.dataset.tag = alert.tag;
  for (const old of place.querySelectorAll(".alert-toast")) if (old.dataset.tag === alert.tag) old.remove();
  place.append(part);
  while (place.children.length > MOST_SHOWN) place.firstElementChild.remove();
}

async function inFront(alert) {
  if (!("Notification" in window) || Notification.permission !== "granted" || document.hasFocus()) return;
  const shown = { tag: alert.tag, icon: place.dataset.icon, data: { address: alert.address } };
  const registration = await navigator.serviceWorker?.getRegistration(place.dataset.scope);
  if (registration) {
    await registration.showNotification(alert.title, shown);
    return;
  }
  const notification = new Notification(alert.title, shown);
  notification.addEventListener("click", () => {
    window.focus();
    window.location.assign(alert.address);
  });
}

let counted = 0;

function count(waiting) {
  if (navigator.setAppBadge) (waiting ? navigator.setAppBadge(waiting) : navigator.clearAppBadge()).catch(() => {});
  if (waiting === counted) return;
  counted = waiting;
  const link = document.querySelector("link[rel=icon]");
  link.dataset.plain ??= link.href;
  if (!waiting) {
    link.href = link.dataset.plain;
    return;
  }
  const image = new Image(64, 64);
  image.addEventListener("load", () => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 64;
    const draw = canvas.getContext("2d");
    draw.drawImage(image, 0, 0, 64, 64);
    draw.fillStyle = "#c4281c";
    draw.beginPath();
    draw.arc(44, 20, 20, 0, 2 * Math.PI);
    draw.fill();
    draw.fillStyle = "#fff";
    draw.font = "bold 28px sans-serif";
    draw.textAlign = "center";
    draw.textBaseline = "middle";
    draw.fillText(waiting > 9 ? "9+" : String(waiting), 44, 21);
    if (waiting === counted) link.href = canvas.toDataURL("image/png");
  });
  image.src = link.dataset.plain;
}

// After signing in again the browser still has its subscription: the same person's goes with the new session.
async function renew() {
  if (localStorage.getItem(PERSON_KEY) !== place.dataset.person) return;
  const registration = await navigator.serviceWorker?.getRegistration(place.dataset.scope);
  const subscription = await registration?.pushManager?.getSubscription();
  if (subscription) await send(subscription);
}

function encoded(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

export function post(address, fields) {
  const token = document.querySelector("[name=csrf_token]").value;
  return fetch(address, { method: "POST", body: new URLSearchParams({ ...fields, csrf_token: token }) });
}

export function send(subscription) {
  const key = encoded(subscription.getKey("p256dh"));
  const secret = encoded(subscription.getKey("auth"));
  return post(place.dataset.devices, { endpoint: subscription.endpoint, key, secret });
}

let wasRenewed = false;
const AFTER_KEY = `goen-alerts-after-${place.dataset.person}`;

async function ask() {
  const after = sessionStorage.getItem(AFTER_KEY);
  const address = after === null ? place.dataset.news : `${place.dataset.news}?after=${after}`;
  const answer = await fetch(address, { headers: { Accept: "application/json" }, redirect: "error" });
  if (!answer.ok) return;
  const news = await answer.json();
  sessionStorage.setItem(AFTER_KEY, String(news.newest));
  count(news.waiting);
  for (const alert of news.alerts) {
    toast(alert);
    if (isFirst && alert.desktop && !news.device) await inFront(alert);
  }
  if (isFirst && news.alerts.some((alert) => alert.sound)) ring();
  if (!news.device && !wasRenewed) {
    wasRenewed = true;
    await renew();
  }
}

async function follow() {
  for (;;) {
    await ask().catch(() => {}); // the connection may be away for a moment
    await new Promise((resume) => setTimeout(resume, EVERY_MS));
  }
}

follow();
