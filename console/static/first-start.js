"use strict";

// Copies a setting, and goes on by itself once Goen runs. The page works without it.
document.documentElement.classList.add("js");

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // without https, browsers give no clipboard
    }
    button.textContent = button.dataset.done;
  });
}

const starting = document.getElementById("starting");
if (starting) {
  const ask = async () => {
    try {
      const answer = await fetch("/readyz", { cache: "no-store" });
      if (answer.ok) {
        location.assign(starting.dataset.next);
        return;
      }
    } catch {
      // nobody listens in the moment between set-up and the product
    }
    setTimeout(ask, 1000);
  };
  setTimeout(ask, 1500);
}
