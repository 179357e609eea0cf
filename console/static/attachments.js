// Files for a reply: chosen, pasted or dropped, uploaded one after the other, shown before they are sent. The server
// checks and stores them as drafts; the reply names them by their ids.

const desk = document.getElementById("desk");
const form = document.getElementById("reply");
const pane = document.querySelector(".pane-chat");
const field = document.getElementById("attach-files");
const PATIENCE = 60000;
const SMALL_BYTES = 1_500_000;
const LONGEST_SIDE = 2048;
let waiting = [];
let busy = false;

const strip = () => document.getElementById("attachments");

// What is listed and not part of a reply that is being sent.
export function listed() {
  return [...strip().querySelectorAll("[data-attached]")].map((each) => ({
    id: each.dataset.attached,
    picture: each.querySelector("img")?.getAttribute("src") || "",
    name: each.querySelector("img")?.alt || each.querySelector(".file-name")?.textContent || "",
  }));
}

export function isUploading() {
  return busy || waiting.length > 0;
}

export function hide(ids) {
  for (const id of ids) strip().querySelector(`[data-attached="${Number(id)}"]`)?.remove();
  tidy();
}

export function refresh() {
  return post(form.dataset.attach, new FormData());
}

function tidy() {
  const list = strip().querySelector("ul");
  if (list && !list.children.length) list.remove();
}

function say(words) {
  const place = document.getElementById("attach-state");
  place.textContent = words;
  place.hidden = !words;
}

async function post(address, body) {
  body.set("csrf_token", document.querySelector("[name=csrf_token]").value);
  const headers = { "HX-Request": "true" };
  const response = await fetch(address, { method: "POST", headers, body, signal: AbortSignal.timeout(PATIENCE) });
  if (response.status !== 200 && response.status !== 422) throw new Error(String(response.status));
  htmx.swap("#attachments", await response.text(), { swapStyle: "outerHTML" });
}

// A large photo is made smaller here: it is quicker to send, and a browser that can show HEIC makes a JPEG of it.
async function smaller(file) {
  const isHeic = /\.hei[cf]$/i.test(file.name) || /hei[cf]/.test(file.type);
  const isPhoto = isHeic || (/^image\/(jpeg|webp)$/.test(file.type) && file.size > SMALL_BYTES);
  if (!isPhoto) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
    return blob ? new File([blob], file.name.replace(/\.[^.]+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file; // the server says what is wrong with it
  }
}

async function upload() {
  if (busy) return;
  busy = true;
  let said = "";
  try {
    while (waiting.length) {
      say(desk.dataset.uploading);
      const file = await smaller(waiting[0]);
      if (file.size > Number(form.dataset.mostBytes)) {
        said = `${file.name}: ${desk.dataset.tooLarge}`;
      } else {
        const body = new FormData();
        body.append("files", file, file.name);
        await post(form.dataset.attach, body);
      }
      waiting = waiting.slice(1);
    }
    say(said);
  } catch (error) {
    const isRefused = /^4/.test(error.message);
    if (isRefused) waiting = waiting.slice(1);
    say(isRefused ? desk.dataset.refused : desk.dataset.uploadWaits);
  } finally {
    busy = false;
    form.dispatchEvent(new Event("attached"));
  }
}

function add(files) {
  waiting.push(...files);
  upload();
}

if (form) {
  document.getElementById("attach-open").addEventListener("click", () => field.click());
  const takeChosen = () => {
    add([...field.files]);
    field.value = "";
  };
  field.addEventListener("change", takeChosen);
  if (field.files.length) setTimeout(takeChosen); // chosen before this script was there
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files || [])];
    if (!files.length || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    add(files);
  });
  for (const kind of ["dragenter", "dragover"]) {
    pane.addEventListener(kind, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      pane.classList.add("is-dropping");
    });
  }
  pane.addEventListener("dragleave", (event) => {
    if (!pane.contains(event.relatedTarget)) pane.classList.remove("is-dropping");
  });
  pane.addEventListener("drop", (event) => {
    pane.classList.remove("is-dropping");
    const files = [...(event.dataTransfer?.files || [])];
    if (!files.length) return;
    event.preventDefault();
    add(files);
  });
  form.addEventListener("click", (event) => {
    const off = event.target.closest(".attached-off");
    if (!off) return;
    event.preventDefault();
    const body = new FormData();
    body.set("remove", off.value);
    post(off.formAction, body).then(() => form.dispatchEvent(new Event("attached")), () => say(desk.dataset.refused));
  });
  window.addEventListener("online", upload);
}
