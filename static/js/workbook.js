// The filled workbook is chosen and sent where the button stands. Without this script the button
// leads to a page with the same form.

document.querySelectorAll("form[data-workbook]").forEach((form) => {
  const input = form.querySelector("[type=file]");
  const button = form.querySelector("[data-pick]");
  const progress = form.querySelector("[data-progress]");
  const words = progress.textContent;
  button.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (!form.dataset.sending) input.click();
  });
  input.addEventListener("change", () => {
    if (!input.files.length) return;
    progress.textContent = `đang nạp và kiểm tra ${input.files[0].name}…`;
    form.requestSubmit();
  });
  // Back to a page that the browser kept: nothing is under way any more.
  window.addEventListener("pageshow", () => {
    progress.textContent = words;
    input.value = "";
  });
});
