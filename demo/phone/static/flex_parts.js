// The parts of a Flex message that hold no other: text, spans, buttons, images, icons, separators.

import { el, setStyle } from "./el.js";
import { color, font, imageSize, length, ratio } from "./flex_measures.js";
import { pictureUrl } from "./links.js";

const LINES = { underline: "underline", "line-through": "line-through" };
const SIDES = { start: "left", center: "center", end: "right" };
const CROSS = { top: "flex-start", center: "center", bottom: "flex-end" };

function letters(part) {
  return {
    fontSize: font(part.size),
    color: color(part.color),
    fontWeight: part.weight === "bold" ? "700" : undefined,
    fontStyle: part.style === "italic" ? "italic" : undefined,
    textDecoration: LINES[part.decoration],
  };
}

export function text(part) {
  const node = el("div", { class: part.wrap ? "flex-text wraps" : "flex-text" });
  setStyle(node, { ...letters(part), fontSize: font(part.size ?? "md"), textAlign: SIDES[part.align] });
  if (part.contents?.length) {
    for (const span of part.contents) node.append(el("span", { style: letters(span) }, span.text ?? ""));
  } else {
    node.append(part.text ?? "");
  }
  if (part.maxLines > 0 && part.wrap) {
    node.classList.add("clamped");
    node.style.webkitLineClamp = String(part.maxLines);
  }
  const spacing = length(part.lineSpacing);
  if (spacing) node.style.lineHeight = `calc(1.4em + ${spacing})`;
  return node;
}

export function button(part, tap) {
  const style = part.style ?? "link";
  const node = el("button", { type: "button", class: `flex-button ${style} ${part.height ?? "md"}` }, part.action?.label ?? "");
  const chosen = color(part.color);
  if (chosen) node.style[style === "link" ? "color" : "backgroundColor"] = chosen;
  node.addEventListener("click", () => tap(part.action));
  return node;
}

export function image(part) {
  const url = pictureUrl(part.url);
  const node = el("div", { class: "flex-image" });
  const width = imageSize(part.size);
  setStyle(node, { width, aspectRatio: ratio(part.aspectRatio), backgroundColor: color(part.backgroundColor) });
  node.style.alignSelf = CROSS[{ start: "top", end: "bottom" }[part.align] ?? "center"];
  if (url) {
    const picture = el("img", { src: url, alt: part.action?.label ?? "", loading: "lazy" });
    picture.style.objectFit = part.aspectMode === "cover" ? "cover" : "contain";
    node.append(picture);
  }
  return node;
}

export function iconPicture(part) {
  const url = pictureUrl(part.url);
  const node = el("span", { class: "flex-icon" });
  setStyle(node, { height: font(part.size ?? "md"), aspectRatio: ratio(part.aspectRatio) });
  if (url) node.append(el("img", { src: url, alt: "" }));
  return node;
}

export function separator(part, upright) {
  const node = el("div", { class: upright ? "flex-separator upright" : "flex-separator", role: "presentation" });
  node.style.backgroundColor = color(part.color) ?? "";
  return node;
}
