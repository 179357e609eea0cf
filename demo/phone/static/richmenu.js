// The rich menu below the chat: a picture with tappable areas, which its bar folds and unfolds.

import { perform } from "./actions.js";
import { button, el } from "./el.js";
import { person } from "./store.js";
import { tappablePicture } from "./templates.js";

export function makeRichMenu(owner, composer) {
  const node = el("div", { class: "rich-menu", hidden: true });
  const bar = el("div", { class: "rich-bar", hidden: true });
  let drawn = null;
  let open = false;

  function refresh() {
    const menu = person(owner)?.menu ?? null;
    if ((menu?.richMenuId ?? null) === drawn) return;
    drawn = menu?.richMenuId ?? null;
    open = menu?.selected ?? false;
    bar.hidden = menu === null;
    if (menu === null) {
      node.replaceChildren();
      bar.replaceChildren();
      node.hidden = true;
      return;
    }
    const areas = menu.areas.map(({ bounds, action }) => ({ bounds, action, label: labelOf(action) }));
    node.replaceChildren(tappablePicture(`/phone/richmenu/${menu.richMenuId}`, menu.size, areas, (action) => perform(action, owner, "shop")));
    const toggle = button(menu.chatBarText, () => setOpen(!open), { class: "rich-toggle" });
    bar.replaceChildren(toggle);
    setOpen(open);
  }

  function setOpen(value) {
    open = value;
    node.hidden = !open;
    if (open) composer.hideTray();
    bar.firstChild?.setAttribute("aria-expanded", String(open));
  }

  composer.node.addEventListener("tray", () => setOpen(false));
  return { node, bar, refresh };
}

const labelOf = (action) => action.label || action.displayText || action.text || action.uri || "メニュー";
