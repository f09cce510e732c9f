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
