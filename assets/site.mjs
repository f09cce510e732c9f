/**
 * What script improves. Nothing on the site needs it: a page without anything to improve is left alone.
 */
import { Button, CharacterCount, ErrorSummary, createAll, isSupported } from "govuk-frontend";

/** Shows a print button, which says nothing to a browser that cannot act on it. */
function showPrintButtons() {
  for (const button of document.querySelectorAll('[data-module="rpec-print"]')) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

/** Opens what is folded while the page is printed, and folds it again afterwards. */
function printWhatIsFolded() {
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open], .rpec-comparison *)")];
    for (const details of opened) details.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
    opened = [];
  });
}

/** Makes a box that knows where names are suggest them, from the first time that it is used. */
function suggestNames() {
  for (const { dataset, firstElementChild: input } of document.querySelectorAll("[data-names]")) {
    const begin = () => {
      const before = input.value;
      // At once, so that a screen reader that comes to the box hears what it is.
      const role = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" };
      for (const name in role) input.setAttribute(name, role[name]);
      const names = fetch(dataset.names).then((answer) => (answer.ok ? answer.text() : Promise.reject()));
      Promise.all([import(dataset.script), names])
        .then(([{ suggest }, text]) => suggest(input, text, before))
        // Without names it is the box that it was.
        .catch(() => Object.keys(role).forEach((name) => input.removeAttribute(name)));
    };
    if (document.activeElement === input) begin();
    else input.addEventListener("focus", begin, { once: true });
  }
}

if (document.querySelector("[data-module]")) {
  if ("noModule" in HTMLScriptElement.prototype) {
    // govuk-frontend's components start only where this class says that its rules apply.
    document.body.classList.add("js-enabled", "govuk-frontend-supported");
  }
  if (isSupported()) {
    createAll(ErrorSummary);
    createAll(CharacterCount);
    createAll(Button);
  }
  showPrintButtons();
}
if (document.querySelector("details")) printWhatIsFolded();
suggestNames();
