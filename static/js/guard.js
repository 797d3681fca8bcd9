// A form that is saved by its button alone says so before somebody leaves with words in it.
(() => {
  for (const form of document.querySelectorAll("form[data-guard]")) {
    let isDirty = "unsaved" in form.dataset; // sent once, and came back without being saved
    form.addEventListener("input", () => { isDirty = true; });
    document.addEventListener("submit", (event) => {
      if (event.target === form) isDirty = false;
    });
    window.addEventListener("beforeunload", (event) => {
      if (isDirty) event.preventDefault();
    });
  }
})();
