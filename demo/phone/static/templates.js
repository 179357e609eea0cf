// LINE's template messages (buttons, confirm, carousels) and image maps.

import { button, el, setStyle } from "./el.js";
import { color } from "./flex_measures.js";
import { pictureUrl } from "./links.js";

export function templateMessage(message, tap) {
  const { template } = message;
  switch (template.type) {
    case "confirm":
      return el("div", { class: "template confirm" }, el("p", {}, template.text), actions(template.actions, tap));
    case "carousel":
      return row(message.altText, template.columns.map((column) => card({ ...template, ...column }, tap)));
    case "image_carousel":
      return row(message.altText, template.columns.map((column) => pictureCard(column, tap)));
    default:
      return card(template, tap);
  }
}

const row = (label, cards) => el("div", { class: "flex-carousel", role: "group", "aria-label": label, tabindex: "0" }, cards);

const actions = (list, tap) =>
  el("div", { class: "template-actions" }, list.map((action) => button(action.label, () => tap(action))));

function card(part, tap) {
  const node = el("div", { class: "template" });
  const url = part.thumbnailImageUrl && pictureUrl(part.thumbnailImageUrl);
  if (url) {
    const picture = el("img", { src: url, alt: "", class: `thumbnail ${part.imageAspectRatio ?? "rectangle"} ${part.imageSize ?? "cover"}` });
    picture.style.backgroundColor = color(part.imageBackgroundColor) ?? "#ffffff";
    node.append(picture);
  }
  node.append(el("div", { class: "template-words" }, part.title ? el("strong", {}, part.title) : null, el("p", {}, part.text)));
  if (part.defaultAction) node.firstChild.addEventListener("click", () => tap(part.defaultAction));
  node.append(actions(part.actions, tap));
  return node;
}

function pictureCard(column, tap) {
  const url = pictureUrl(column.imageUrl);
  return el(
    "button",
    { type: "button", class: "picture-card", onclick: () => tap(column.action) },
    url ? el("img", { src: url, alt: "" }) : null,
    el("span", {}, column.action.label ?? "開く"),
  );
}

// A picture of `size` with invisible buttons over it; for image maps and rich menus.
export function tappablePicture(url, size, areas, tap) {
  const node = el("div", { class: "tappable-picture" });
  node.style.aspectRatio = `${size.width} / ${size.height}`;
  node.append(el("img", { src: url, alt: "" }));
  for (const { bounds, action, label } of areas) {
    const area = el("button", { type: "button", "aria-label": label, onclick: () => tap(action) });
    setStyle(area, {
      left: `${(bounds.x / size.width) * 100}%`,
      top: `${(bounds.y / size.height) * 100}%`,
      width: `${(bounds.width / size.width) * 100}%`,
      height: `${(bounds.height / size.height) * 100}%`,
    });
    node.append(area);
  }
  return node;
}

export function imagemapMessage(message, tap) {
  const areas = message.actions.map((action) => ({
    bounds: action.area,
    label: action.label || action.text || action.linkUri || action.clipboardText,
    action: action.type === "uri" ? { type: "uri", uri: action.linkUri } : action,
  }));
  return tappablePicture(pictureUrl(`${message.baseUrl}/1040`) ?? "", message.baseSize, areas, tap);
}
