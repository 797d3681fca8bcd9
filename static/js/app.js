// Small things for every page. Nothing here is needed to get work done.

// Nothing is sent twice: while a form is under way, a second press on its button is ignored.
// What never arrives leaves the page where it is, so the lock also opens by itself.
const UNLOCK_AFTER_MS = 10000;
// The answer to a form with data-answers-file always leaves the page: there only the button that
// was pressed waits, for as long as a double click may take.
const DOUBLE_CLICK_MS = 1500;

function unlock(held) {
  delete held.dataset.sending;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  const answersFile = "answersFile" in form.dataset;
  const held = (answersFile && event.submitter) || form;
  if (held.dataset.sending) {
    event.preventDefault();
    return;
  }
  if (event.defaultPrevented) return; // htmx or another script sends it and answers for it
  held.dataset.sending = "true";
  setTimeout(unlock, answersFile ? DOUBLE_CLICK_MS : UNLOCK_AFTER_MS, held);
});

// What is shown once is the answer to a form: loaded again, the page would send it again and make
// new codes or another password, and what was just written down would be good for nothing.
const shownOnce = document.querySelector("[data-reload-to]");
if (shownOnce) history.replaceState(null, "", shownOnce.dataset.reloadTo);

// Back to a page that the browser kept: its forms must work again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("[data-sending]").forEach(unlock);
});

// Menus close as menus do: by Escape, giving the focus back, or by a press elsewhere.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});
