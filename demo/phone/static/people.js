// All people of the demo whose phone can be shown: the list on the left, and a sheet on a narrow screen.

import { avatar, button, el } from "./el.js";
import { preview } from "./preview.js";
import * as server from "./server.js";
import { choose, form } from "./sheets.js";
import { chat, allPeople, load, person, unread } from "./store.js";
import { current, show } from "./view.js";

const FRIENDSHIPS = { stranger: "友だち未追加", friend: "友だち", blocking: "ブロック中" };
const MANY = 8;

export function makePeople(root) {
  const list = el("div", { class: "people-list" });
  const search = el("input", { type: "search", placeholder: "名前でさがす", "aria-label": "お客さまを名前でさがす", hidden: true });
  search.addEventListener("input", refresh);
  root.append(el("h2", {}, "お客さま"), search, list, button("新しいお客さま", newCustomer, { class: "strong wide" }));

  function refresh() {
    const all = allPeople();
    search.hidden = all.length <= MANY;
    const wanted = search.value.trim();
    const { owner } = current();
    list.replaceChildren(...all.filter((one) => one.name.includes(wanted)).map((one) => personRow(one, one.id === owner)));
  }

  refresh();
  return { refresh };
}

function personRow(one, chosen) {
  const last = chat(one.id, "shop").at(-1);
  const count = unread(one.id);
  return el(
    "button",
    { type: "button", class: chosen ? "person chosen" : "person", "aria-current": chosen ? "true" : null, onclick: () => show(one.id, one.friendship === "stranger" ? null : "shop") },
    avatar(one.name, one.color),
    el("span", { class: "chat-words" }, el("strong", {}, one.name), el("span", {}, last && one.friendship === "friend" ? preview(last) : FRIENDSHIPS[one.friendship])),
    count ? el("b", { class: "badge", "aria-label": `未読${count}件` }, String(count)) : null,
  );
}

async function newCustomer() {
  const answer = await form("新しいお客さま", [{ name: "name", label: "名前", required: true, maxlength: "20", placeholder: "例：山田 花子" }], "作る");
  if (answer?.name.trim()) await arriveAndShow(answer.name.trim());
}

export async function arriveAndShow(name) {
  const made = await server.arrive(name);
  if (made === null) return null;
  if (!person(made.id)) await load();
  show(made.id);
  return made.id;
}

export async function switchPerson(owner) {
  const others = allPeople().filter((one) => one.id !== owner);
  const chosen = await choose("だれのスマートフォンですか？", [
    ...others.map((one) => ({ label: one.name, value: one.id, face: one.color, note: FRIENDSHIPS[one.friendship] })),
    { label: "新しいお客さま", value: "new" },
  ]);
  if (chosen === "new") await newCustomer();
  else if (chosen) show(chosen);
}
