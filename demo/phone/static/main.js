// Starts the page: loads all people and chats, shows the chosen phone, and follows changes.

import { el } from "./el.js";
import { makeChat } from "./chat.js";
import { makePanel } from "./panel.js";
import { makePeople } from "./people.js";
import { makeChatList } from "./chat_list.js";
import { allPeople, follow, load, onChange, person, world } from "./store.js";
import { useZone } from "./times.js";
import { current, onView } from "./view.js";

const screen = document.getElementById("screen");
const offline = el("div", { class: "offline", role: "status", hidden: true }, "接続が切れました。つなぎ直しています…");
let open = { key: null, refresh() {} };

function draw() {
  const view = current();
  const owner = person(view.owner) ? view.owner : allPeople()[0]?.id;
  if (owner && owner !== view.owner) {
    location.replace(world.controls?.tour ? `#p=${owner}&c=shop` : `#p=${owner}`); // the tour begins with the question
    return;
  }
  if (!owner) {
    screen.replaceChildren(el("p", { class: "empty" }, "まだお客さまがいません。「新しいお客さま」から始めてください。"));
    open = { key: null, refresh() {} };
    return;
  }
  const key = `${owner} ${view.peer ?? ""}`;
  if (key === open.key) {
    open.refresh();
    return;
  }
  const made = view.peer ? makeChat(owner, view.peer) : makeChatList(owner);
  open = { key, refresh: made.refresh };
  screen.replaceChildren(made.node, offline);
  made.refresh();
}

await load();
useZone(world.controls?.timezone ?? "Asia/Tokyo");
const people = makePeople(document.getElementById("people"));
const panel = makePanel(document.getElementById("panel"), document.getElementById("tour-bar"));

function refresh() {
  offline.hidden = world.online;
  draw();
  people.refresh();
  panel.refresh();
}

onView(refresh);
onChange(refresh);
refresh();
follow();
