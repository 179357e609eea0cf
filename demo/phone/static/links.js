// Parses an address that a person taps: open a page, write to the shop, share, call. Anything else does nothing.

const OPENABLE = new Set(["http:", "https:", "tel:", "line:"]);

function parsed(uri) {
  try {
    const url = new URL(uri);
    return OPENABLE.has(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// Pictures may come over https, or over http from this machine's own shop.
export function pictureUrl(uri) {
  const url = parsed(uri);
  if (url === null) return null;
  const here = ["127.0.0.1", "localhost"].includes(url.hostname);
  return url.protocol === "https:" || (url.protocol === "http:" && here) ? url.href : null;
}

// {kind: "page" | "message" | "share" | "friend" | "call", …} or null when the phone will not follow it.
export function understand(uri) {
  const url = parsed(uri);
  if (url === null) return null;
  if (url.protocol === "tel:") return { kind: "call", number: decoded(url.pathname) };
  const path = url.protocol === "line:" ? uri.slice("line:".length).split("?")[0].replace(/^\/\//, "/R/") : url.pathname;
  if (url.protocol === "line:" || url.hostname === "line.me") return lineLink(path, url.search);
  return { kind: "page", url: url.href };
}

function lineLink(path, search) {
  const [, , what, ...rest] = path.split("/");
  if (what === "oaMessage" && rest[0]) {
    return { kind: "message", to: decoded(rest[0]), text: decoded(search.slice(1)) };
  }
  if (what === "share") return { kind: "share", text: new URLSearchParams(search).get("text") ?? "" };
  if (what === "msg" && rest[0] === "text") return { kind: "share", text: decoded(search.slice(1)) };
  if (what === "ti" && rest[0] === "p" && rest[1]) return { kind: "friend", to: decoded(rest[1]) };
  return null;
}

const ADDRESS = /(?:https?:\/\/|line:\/\/)[^\s<>"'「」『』（）()、。]+/g;

// Splits a text into plain pieces and addresses: [{text}, {text, uri}, …].
export function withAddresses(text) {
  const pieces = [];
  let from = 0;
  for (const found of text.matchAll(ADDRESS)) {
    if (found.index > from) pieces.push({ text: text.slice(from, found.index) });
    pieces.push(understand(found[0]) ? { text: found[0], uri: found[0] } : { text: found[0] });
    from = found.index + found[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}
