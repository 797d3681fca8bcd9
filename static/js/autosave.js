// A whole form that is saved as typed: one part of its page (saving.js).
(() => {
  const form = document.querySelector("form[data-autosave]");
  if (!form || !window.htmx) return;

  window.watchSaving({
    desk: form.closest(".desk"),
    form,
    partOf: (element) => (element === form || element.form === form ? form : null),
    refused: form.dataset.refused || "hồ sơ không nhận sửa nữa",
    onRefused: () => {
      document.getElementById("hai-nguoi-cung-sua").scrollIntoView({ block: "nearest" });
    },
  });
})();
