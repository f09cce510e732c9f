/**
 * Suggestions below a box as one types: ARIA's pattern of a combobox with a list.
 *
 * What is typed stays as it is until a suggestion is chosen, and is sent as it is if none is. Fetched
 * when the box is first used (`site.mjs`), so that nobody waits for it who does not type.
 */
import Combobox from "@github/combobox-nav";
import { indexed, matching, parted } from "./matching.mjs";

// So long after the last letter the number of suggestions is announced; sooner, a screen reader
// would break off in the middle of reading out what is typed.
const PAUSE_MS = 700;

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

/**
 * Offers what matches of the names, which are a line each, below the input; at once if what is in
 * it is no longer what was there before.
 */
export function suggest(input, names, before) {
  const index = indexed(names.split("\n"));
  const id = `${input.id}-suggestions`;
  const list = element("ul", {
    id,
    class: "rpec-suggestions__list",
    role: "listbox",
    "aria-label": "Suggestions",
    hidden: "",
  });
  const status = element("div", { class: "govuk-visually-hidden", role: "status" });
  input.after(list, status);

  const combobox = new Combobox(input, list, { tabInsertsSuggestions: false });
  let announcement;
  let pressed = false;

  function option(name, number) {
    const [before, typed, after] = parted(name, input.value);
    const attributes = { id: `${id}-${number}`, class: "rpec-suggestions__option", role: "option" };
    return element("li", attributes, before, element("strong", {}, typed), after);
  }

  function show(found) {
    list.replaceChildren(...found.map(option));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    combobox.clearSelection();
    clearTimeout(announcement);
    status.textContent = "";
    if (found.length === 0) return;
    const count = found.length === 1 ? "1 suggestion" : `${found.length} suggestions`;
    announcement = setTimeout(() => {
      status.textContent = `${count}. Use the up and down arrows to choose.`;
    }, PAUSE_MS);
  }

  const open = () => show(matching(input.value, index));
  const close = () => show([]);

  input.addEventListener("input", open);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      // A browser would empty the box.
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" && list.hidden) open();
  });

  // Not when a telephone's keyboard is put away to see the list, and not between pressing and
  // letting go elsewhere: what stands below the list would move away from under the pointer.
  document.addEventListener("mousedown", () => (pressed = true));
  document.addEventListener("mouseup", () => (pressed = false));
  input.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !pressed) close();
  });
  document.addEventListener("click", (event) => {
    if (event.target !== input && !list.contains(event.target)) close();
  });

  // The box keeps the focus while a suggestion is pressed.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("combobox-commit", (event) => {
    input.value = event.target.textContent;
    close();
    if (input.type === "search") input.form.submit();
  });

  // It listens all the time: stopped within a composed letter it would miss that letter's end.
  combobox.start();
  close();
  if (input.value !== before) open();
}
