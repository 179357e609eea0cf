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

// A large file takes a while: how much of it has been sent.
for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [shown, sending] = [form.querySelector(".upload"), new XMLHttpRequest()];
    form.querySelector("button").disabled = true;
    shown.hidden = false;
    sending.upload.addEventListener("progress", ({ loaded, total }) => {
      const percent = total ? Math.floor((loaded / total) * 100) : 0;
      shown.querySelector("progress").value = percent;
      shown.querySelector("span").textContent = `${form.dataset.upload}: ${percent}%`;
    });
    sending.addEventListener("loadend", () => location.reload());
    sending.open("POST", form.getAttribute("action") || location.href);
    sending.send(new FormData(form));
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
