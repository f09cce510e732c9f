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
