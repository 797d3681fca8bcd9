// A paper opened beside the work is brought into sight, and closing it leads back to its line.
(() => {
  let opener = null;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-opens-paper]");
    if (link) opener = link;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const pane = event.target;
    if (pane.id !== "xem") return;
    const title = pane.querySelector("#xem-ten");
    if (!title) {
      if (opener?.isConnected) opener.focus();
      return;
    }
    pane.scrollIntoView({ block: "start" });
    title.focus({ preventScroll: true });
  });
})();
