// Lines of a register: each saves itself (saving.js). Here is what a grid has besides: the way of
// the keyboard from row to row, what the server understood put back into fields that nobody has
// typed in since, and the choice between two people's versions.
(() => {
  const form = document.querySelector("form[data-lines]");
  if (!form || !window.htmx) return;
  const partOf = (element) => element.closest("[data-line]");
  const desk = form.closest(".sheet");

  window.watchSaving({
    desk,
    form,
    partOf,
    refused: "danh sách không nhận sửa nữa",
    onRefused: (part) => part.querySelector(".line-messages").scrollIntoView({ block: "nearest" }),
  });

  // --- what came back ----------------------------------------------------------------------------

  const fieldsOf = (part, name) =>
    [...part.querySelectorAll(`[name="${part.dataset.line}-${name}"]`)];
  const valueOf = (part, name) => {
    const fields = fieldsOf(part, name);
    const chosen = fields[0]?.type === "radio" ? fields.find((field) => field.checked) : fields[0];
    return chosen ? chosen.value : "";
  };
  const setValue = (part, name, value) => {
    fieldsOf(part, name).forEach((field) => {
      if (field.type === "radio") {
        field.checked = field.value === value;
        return;
      }
      const isNew = field.tagName === "SELECT"
        && ![...field.options].some((option) => option.value === value);
      if (isNew) field.append(new Option(value, value));
      field.value = value;
    });
  };
  const sent = new WeakMap(); // part → what its fields said when the request left

  desk.addEventListener("htmx:beforeRequest", (event) => {
    const part = event.detail.elt;
    if (partOf(part) !== part) return;
    const names = [...part.querySelectorAll(`[name^="${part.dataset.line}-"]`)]
      .map((field) => field.name.slice(part.dataset.line.length + 1));
    sent.set(part, new Map(names.map((name) => [name, valueOf(part, name)])));
  });

  desk.addEventListener("line:saved", (event) => {
    const part = partOf(event.target);
    const { base, shown, wrong } = event.detail;
    fieldsOf(part, "base")[0].value = base;
    Object.entries(shown).forEach(([name, value]) => {
      const isTypedOn = valueOf(part, name) !== sent.get(part).get(name);
      const [field] = fieldsOf(part, name);
      const isUnderHands = field && field === document.activeElement && field.tagName === "INPUT";
      if (!isTypedOn && !isUnderHands) setValue(part, name, value);
    });
    part.querySelectorAll(".is-invalid").forEach((field) => field.classList.remove("is-invalid"));
    wrong.flatMap((name) => fieldsOf(part, name)).forEach((field) => field.classList.add("is-invalid"));
  });

  // --- two people in one field -------------------------------------------------------------------

  desk.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=mine], button[name=theirs]");
    const part = button && partOf(button);
    if (!part) return;
    event.preventDefault();
    const seen = JSON.parse(fieldsOf(part, "seen")[0].value);
    const base = fieldsOf(part, "base")[0];
    base.value = JSON.stringify({ ...JSON.parse(base.value), ...seen });
    if (button.name === "theirs") {
      Object.entries(seen).forEach(([name, value]) => setValue(part, name, value));
    }
    htmx.trigger(part, "save-again");
  });

  // --- the keyboard ------------------------------------------------------------------------------

  const table = desk.querySelector("table.grid-units");
  if (!table) return;

  // An open list of ratings moves by arrows itself. Newer browsers say that it is open.
  let opened = null;
  const isOpen = (field) => {
    if (CSS.supports("selector(:open)")) return field.matches(":open");
    return field === opened;
  };
  table.addEventListener("mousedown", (event) => { opened = event.target.closest("select"); });
  table.addEventListener("change", () => { opened = null; });
  table.addEventListener("focusout", () => { opened = null; });

  table.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.classList.contains("cell") || event.isComposing) return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || (field.tagName === "SELECT" && isOpen(field))) return;
    event.preventDefault();
    const column = [...table.querySelectorAll(`[data-column="${field.dataset.column}"]`)];
    const next = column[column.indexOf(field) + step];
    if (!next) {
      if (event.key === "Enter") htmx.trigger(partOf(field), "save-again");
      return;
    }
    next.focus();
    if (next.select) next.select();
  });

  // Rows are saved side by side, so an answer may come after a newer one: what it counted is old.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const shown = event.detail.target.dataset.at;
    const fresh = event.detail.fragment.querySelector("[data-at]");
    if (shown && fresh && Number(fresh.dataset.at) < Number(shown)) event.detail.shouldSwap = false;
  });
})();
