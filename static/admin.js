// Asks before somebody leaves words behind that they have typed and not sent.
const typed = new Set();
for (const form of document.querySelectorAll("#content form[method=post]")) {
  if (["login-form", "changelist-form"].includes(form.id)) {
    continue;
  }
  // A form that was refused holds words that are saved nowhere.
  if (form.matches("[data-unsaved]") || form.querySelector(".errorlist")) {
    typed.add(form);
  }
  form.addEventListener("input", () => typed.add(form));
  form.addEventListener("change", () => typed.add(form));
  form.addEventListener("submit", () => typed.clear());
}
window.addEventListener("beforeunload", (event) => {
  if (typed.size > 0) {
    event.preventDefault();
  }
});

// Django names these pictures without saying that they are any, so that no name is read out.
window.addEventListener("load", () => {
  for (const picture of document.querySelectorAll(".help-tooltip[aria-label]")) {
    picture.setAttribute("role", "img");
  }
});

// Copies a text at one click. Without script, the same link leads to the text alone.
for (const link of document.querySelectorAll("[data-copies]")) {
  link.addEventListener("click", async (event) => {
    const name = link.dataset.copies;
    const status = document.querySelector(`[data-copied="${name}"]`);
    if (!navigator.clipboard) {
      return;
    }
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(document.getElementById(name).value);
      status.textContent = "Copied.";
    } catch {
      window.location = link.href;
    }
  });
}
