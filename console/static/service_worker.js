// Shows what is pushed to this device, and opens the chat when it is tapped. Stores no page and answers no request of
// the browser, so that nothing of a customer stays on the device.
"use strict";

const HOME = new URL("./", self.location.href);

function read(data) {
  try {
    return data.json();
  } catch {
    return null;
  }
}

function inside(address) {
  const url = new URL(typeof address === "string" ? address : "", HOME);
  return url.origin === HOME.origin && url.pathname.startsWith(HOME.pathname) ? url.href : HOME.href;
}

async function show(content) {
  const title = content && typeof content.title === "string" ? content.title : "Goen";
  const tag = content && typeof content.tag === "string" ? content.tag : "goen";
  await self.registration.showNotification(title, {
    tag,
    renotify: true,
    icon: new URL("static/app/app-192.png", HOME).href,
    badge: new URL("static/app/badge-96.png", HOME).href,
    data: { address: inside(content && content.address) },
  });
  if (content && Number.isInteger(content.waiting) && self.navigator.setAppBadge) {
    await self.navigator.setAppBadge(content.waiting).catch(() => {});
  }
  for (const client of await self.clients.matchAll({ type: "window", includeUncontrolled: true })) {
    client.postMessage({ shown: tag });
  }
}

async function open(address) {
  const tabs = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = tabs.find((tab) => tab.url === address);
  if (there) return there.focus();
  return self.clients.openWindow(address);
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("push", (event) => event.waitUntil(show(event.data ? read(event.data) : null)));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(inside(event.notification.data && event.notification.data.address)));
});
