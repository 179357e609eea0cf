// Lays out Flex messages as LINE does: bubbles, carousels, and nested boxes.

import { el, setStyle } from "./el.js";
import { BUBBLES, border, color, gradient, length, step } from "./flex_measures.js";
import * as parts from "./flex_parts.js";

const CROSS = { top: "flex-start", center: "center", bottom: "flex-end" };

// `tap` is called with the action object of what was tapped.
export function flexMessage(message, tap) {
  const { contents } = message;
  if (contents.type === "bubble") return bubble(contents, tap);
  const row = el("div", { class: "flex-carousel", role: "group", "aria-label": message.altText, tabindex: "0" });
  row.append(...contents.contents.map((one) => bubble(one, tap)));
  return row;
}

function bubble(part, tap) {
  const size = part.size in BUBBLES ? part.size : "mega";
  const node = el("div", { class: `flex-bubble ${size}`, dir: part.direction === "rtl" ? "rtl" : null });
  node.style.width = `${BUBBLES[size]}px`;
  for (const name of ["header", "hero", "body", "footer"]) {
    if (!part[name]) continue;
    const style = part.styles?.[name] ?? {};
    const block = el("div", { class: `flex-block ${name}` });
    block.style.backgroundColor = color(style.backgroundColor) ?? "";
    if (style.separator) block.append(parts.separator({ color: style.separatorColor }, false));
    const content = component(part[name], tap, "vertical");
    if (part[name].type === "box" && !hasPadding(part[name])) content.classList.add("default-padding");
    block.append(content);
    node.append(block);
  }
  makeTappable(node, part.action, tap);
  return node;
}

const hasPadding = (box) => box.paddingAll !== undefined;

function component(part, tap, layout) {
  const node = {
    box: () => box(part, tap),
    text: () => parts.text(part),
    button: () => parts.button(part, tap),
    image: () => parts.image(part),
    video: () => component(part.altContent, tap, layout),
    icon: () => parts.iconPicture(part),
    separator: () => parts.separator(part, layout !== "vertical"),
    filler: () => el("div", { class: "flex-filler" }),
  }[part.type]?.();
  if (node === undefined) return el("div");
  place(node, part, layout);
  if (part.type !== "button") makeTappable(node, part.action, tap);
  return node;
}

// How much of the row or column a part takes, and its cross-axis alignment.
function place(node, part, layout) {
  const across = layout !== "vertical";
  const still = part.type === "icon" || part.type === "separator";
  const share = part.flex ?? (part.type === "filler" ? 1 : across && !still ? 1 : 0);
  if (part.type === "box" && (length(part.width) || (!across && length(part.height)))) node.style.flex = "0 0 auto";
  else if (across) node.style.flex = share > 0 ? `${share} 1 0` : "0 0 auto";
  else if (share > 0) node.style.flex = `${share} 0 auto`;
  if (across && share > 0) node.style.minWidth = "0";
  if (layout === "horizontal" && CROSS[part.gravity]) {
    if (part.type === "image" || part.type === "button") node.style.alignSelf = CROSS[part.gravity];
    else if (part.type === "text") setStyle(node, { alignSelf: CROSS[part.gravity] });
  }
  if (part.position === "absolute") node.style.position = "absolute";
  else if (part.offsetTop || part.offsetBottom || part.offsetStart || part.offsetEnd) node.style.position = "relative";
  setStyle(node, { top: step(part.offsetTop), bottom: step(part.offsetBottom), left: step(part.offsetStart), right: step(part.offsetEnd) });
}

function box(part, tap) {
  const node = el("div", { class: `flex-box ${part.layout}` });
  const all = step(part.paddingAll);
  setStyle(node, {
    backgroundColor: color(part.backgroundColor),
    backgroundImage: gradient(part.background),
    borderRadius: step(part.cornerRadius),
    width: length(part.width),
    maxWidth: length(part.maxWidth),
    height: length(part.height),
    maxHeight: length(part.maxHeight),
    paddingTop: step(part.paddingTop) ?? all,
    paddingBottom: step(part.paddingBottom) ?? all,
    paddingLeft: step(part.paddingStart) ?? all,
    paddingRight: step(part.paddingEnd) ?? all,
    justifyContent: part.justifyContent,
    alignItems: part.alignItems,
  });
  if (part.borderWidth || part.borderColor) {
    setStyle(node, { borderStyle: "solid", borderWidth: border(part.borderWidth ?? "normal"), borderColor: color(part.borderColor) ?? "#b7b7b7" });
  }
  part.contents.forEach((child, index) => {
    const made = component(child, tap, part.layout);
    const before = step(child.margin) ?? step(part.spacing);
    if (index > 0 && before) made.style[part.layout === "vertical" ? "marginTop" : "marginLeft"] = before;
    node.append(made);
  });
  return node;
}

function makeTappable(node, action, tap) {
  if (!action) return;
  node.classList.add("tappable");
  node.tabIndex = 0;
  node.setAttribute("role", action.type === "uri" ? "link" : "button");
  if (!node.textContent.trim() && action.label) node.setAttribute("aria-label", action.label);
  const go = (event) => {
    event.stopPropagation();
    tap(action);
  };
  node.addEventListener("click", go);
  node.addEventListener("keydown", (event) => {
    if (event.target !== node || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    go(event);
  });
}
