// Makes DOM nodes. Texts become text nodes only, so nothing a shop sends can become markup.

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "style") setStyle(node, value);
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function setStyle(node, style) {
  for (const [name, value] of Object.entries(style)) {
    if (value !== undefined && value !== null) node.style[name] = value;
  }
}

export function button(label, onclick, props = {}) {
  return el("button", { type: "button", onclick, ...props }, label);
}

export function avatar(name, color, extra = "") {
  const face = el("span", { class: `avatar ${extra}`, "aria-hidden": "true" }, Array.from(name)[0] ?? "？");
  face.style.backgroundColor = color;
  return face;
}

// Line icons, drawn here so that no font or picture is needed.
const ICONS = {
  back: "M15 5l-7 7 7 7",
  more: "M5 7h14M5 12h14M5 17h14",
  plus: "M12 5v14M5 12h14",
  send: "M4 12l16-7-5 15-4-6z",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14.5c1 1.3 2.1 2 3.5 2s2.500-.7 3.500-2M9 9.500v.5M15 9.500v.5",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.500 9v.01",
  pin: "M12 21s7-6.500 7-11.500A7 7 0 0 0 5 9.500C5 14.500 12 21 12 21zM12 12a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
  keyboard: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M7 14h10",
  dots: "M6 12h.01M12 12h.01M18 12h.01",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.500-7 8-7s8 3 8 7",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name, label, onclick, props = {}) {
  return el("button", { type: "button", "aria-label": label, title: label, onclick, ...props, class: `icon-button ${props.class ?? ""}` }, icon(name));
}
