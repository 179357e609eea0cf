// Where the reader is in the chat: new lines do not move somebody who reads older ones; a button leads to them. And on a
// phone the desk is as high as what the keyboard leaves.

const scroller = document.querySelector(".chat-scroll");
const button = document.getElementById("newest-lines");
const NEAR = 80;

const newest = () => document.querySelector("#chat input[name=read_to]")?.value || "";
const isBelow = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
let seen = newest();

function follow() {
  if (isBelow()) {
    seen = newest();
    button.hidden = true;
  } else if (newest() !== seen) {
    button.hidden = false;
  }
}

if (scroller && button) {
  // Whoever reads the newest lines goes on seeing them when the reply box grows or the keyboard comes up.
  let wasBelow = isBelow();
  new ResizeObserver(() => {
    if (wasBelow) scroller.scrollTop = scroller.scrollHeight;
  }).observe(scroller);
  scroller.addEventListener("scroll", () => (wasBelow = isBelow()), { passive: true });
  scroller.addEventListener("scroll", follow, { passive: true });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "chat") follow();
  });
  button.addEventListener("click", () => {
    scroller.scrollTop = scroller.scrollHeight;
    scroller.focus({ preventScroll: true });
    follow();
  });
}

// iOS lays the keyboard over the page: only visualViewport says what can be seen.
const view = window.visualViewport;
if (view && scroller) {
  const fit = () => {
    document.body.style.setProperty("--seen-height", `${Math.round(view.height)}px`);
    if (view.offsetTop) window.scrollTo(0, 0);
  };
  view.addEventListener("resize", fit);
  fit();
}
