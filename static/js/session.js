// Signing out by idleness that loses no text.
//
// - Two minutes before the end a note offers to go on; typing counts as being there.
// - A request answered 401 (or the time run out) says so, leaves everything on the page where it
//   is and offers signing in beside it; afterwards the page works on.
// - What is typed in a form is kept in this tab (sessionStorage, per person and page) and offered
//   back when the page is opened again; signing out clears it.
//
// Other scripts take part by events on document:
//   "session:expired"                    a request of theirs came back 401
//   "session:saved", {detail: {form}}    what the form holds is stored on the server
// and hear "session:renewed" when the person has signed in again and requests go through.
// Forms with data-no-keep, passwords and files are never kept.
(() => {
  const settings = document.currentScript.dataset;
  const user = settings.user;
  const idleMs = Number(settings.idleSeconds) * 1000;
  const WARN_MS = 2 * 60 * 1000;
  const GRACE_MS = 3000; // the server's clock decides; ask it a moment after
  const TICK_MS = 5000;
  const KEEP_AFTER_MS = 300;
  const UNTIL = "session-until";
  const SIGNED_OUT = "session-signed-out";
  const KEPT = "kept:";

  // --- storage that may be switched off --------------------------------------------------------

  function read(store, key) {
    try {
      return store().getItem(key);
    } catch {
      return null; // storage refused: the page works, it only keeps nothing
    }
  }

  function write(store, key, value) {
    try {
      if (value === null) store().removeItem(key);
      else store().setItem(key, value);
    } catch {
      // refused or full: as above
    }
  }

  const tab = () => window.sessionStorage;
  const browser = () => window.localStorage;

  function keptKeys() {
    try {
      return Object.keys(tab()).filter((key) => key.startsWith(KEPT));
    } catch {
      return [];
    }
  }

  // --- the note --------------------------------------------------------------------------------

  let note = null;
  let noteKind = "";

  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    made.append(...children);
    return made;
  }

  function button(label, kind, act) {
    const made = element("button", { type: "button", class: `btn ${kind}` }, label);
    made.addEventListener("click", act);
    return made;
  }

  function show(kind, text, ...controls) {
    if (noteKind === kind) {
      note.querySelector("p").textContent = text;
      return;
    }
    hide();
    noteKind = kind;
    note = element(
      "div",
      { class: "session-note notice", role: kind === "expired" ? "alert" : "status" },
      element("p", {}, text),
      element("div", { class: "actions" }, ...controls),
    );
    document.body.append(note);
  }

  function hide() {
    if (note) note.remove();
    note = null;
    noteKind = "";
  }

  // --- the time --------------------------------------------------------------------------------

  let expired = false;
  let lastContact = Date.now();

  function alive() {
    lastContact = Date.now();
    write(browser, UNTIL, String(lastContact + idleMs));
    if (noteKind === "warning") hide();
  }

  async function ask() {
    let answer;
    try {
      answer = await fetch(settings.session, {
        headers: { "X-Requested-With": "XMLHttpRequest" },
        cache: "no-store",
      });
    } catch {
      return; // no network: nothing is known, and nothing is claimed
    }
    if (answer.status === 401) {
      expire();
    } else if (answer.ok && answer.headers.get("X-User") === user) {
      const wasExpired = expired;
      expired = false;
      renewTokens();
      alive();
      if (wasExpired) {
        document.dispatchEvent(new CustomEvent("session:renewed"));
        show("back", "Đã đăng nhập lại. Làm tiếp ở trang này.", button("Đóng", "btn-link", hide));
      }
    } else if (answer.ok) {
      expire("Trình duyệt này đang đăng nhập bằng tài khoản khác. Chữ đang gõ vẫn ở trang này.");
    }
  }

  // Signing in gives a new token; the forms that were open before carry the old one.
  function renewTokens() {
    const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    if (!token) return;
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => {
      input.value = token[1];
    });
  }

  function expire(text = "Phiên làm việc đã hết. Chữ đang gõ vẫn ở trang này, chưa gửi đi.") {
    expired = true;
    document.querySelectorAll("form").forEach(keep);
    const door = element(
      "a",
      { class: "btn btn-primary", href: `${settings.signIn}?next=${encodeURIComponent(settings.account)}`, target: "_blank", rel: "opener" },
      "Đăng nhập ở thẻ mới",
    );
    show("expired", text, door, button("Đã đăng nhập, làm tiếp", "btn-plain", ask));
  }

  function tick() {
    if (expired) return;
    const left = Number(read(browser, UNTIL) || lastContact + idleMs) - Date.now();
    if (left < -GRACE_MS) {
      ask();
    } else if (left < WARN_MS) {
      const minutes = Math.max(Math.ceil(left / 60000), 1);
      const text = `Không có thao tác: khoảng ${minutes} phút nữa hệ thống tự đăng xuất.`;
      show("warning", text, button("Tiếp tục làm việc", "btn-primary", ask));
    } else if (noteKind === "warning") {
      hide();
    }
  }

  // --- what is typed ---------------------------------------------------------------------------

  const NOT_KEPT = new Set(["hidden", "password", "file", "submit", "button", "reset", "image"]);

  function fieldsOf(form) {
    return [...form.elements].filter((field) => field.name && !NOT_KEPT.has(field.type));
  }

  function valueOf(field) {
    if (field.type === "checkbox" || field.type === "radio") return field.checked;
    if (field.type === "select-multiple") {
      return [...field.options].map((option) => option.selected);
    }
    return field.value;
  }

  function setValue(field, value) {
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = value;
    } else if (field.type === "select-multiple") {
      [...field.options].forEach((option, place) => {
        option.selected = value[place];
      });
    } else {
      field.value = value;
    }
  }

  function textOf(form) {
    return JSON.stringify(fieldsOf(form).map((field) => [field.name, valueOf(field)]));
  }

  function isKeepable(form) {
    return form.method === "post" && !("noKeep" in form.dataset) && fieldsOf(form).length > 0;
  }

  function keyOf(form) {
    const action = form.getAttribute("action") || "";
    const alike = [...document.forms].filter(
      (other) => (other.getAttribute("action") || "") === action,
    );
    return `${KEPT}${user}:${location.pathname}:${form.id || action}:${alike.indexOf(form)}`;
  }

  const asOpened = new WeakMap(); // what the server sent, to know whether anything was typed

  function keep(form) {
    if (!user || !isKeepable(form)) return;
    const text = textOf(form);
    if (asOpened.get(form) === text) return;
    write(tab, keyOf(form), JSON.stringify({ at: Date.now(), text, sent: false }));
  }

  function forget(form, stored = textOf(form)) {
    asOpened.set(form, stored);
    write(tab, keyOf(form), null);
    keep(form); // what was typed while the request was under way
  }

  function mark(key, sent) {
    const entry = JSON.parse(read(tab, key));
    if (entry) write(tab, key, JSON.stringify({ ...entry, sent }));
  }

  function offer(form) {
    asOpened.set(form, textOf(form));
    const key = keyOf(form);
    const entry = JSON.parse(read(tab, key));
    if (!entry) return;
    if (entry.sent || entry.text === textOf(form)) {
      write(tab, key, null);
      return;
    }
    const time = new Date(entry.at).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
    const asked = element(
      "div",
      { class: "notice notice-info kept-note", role: "status" },
      element("p", {}, `Chữ đang gõ lúc ${time} được giữ lại – khôi phục?`),
    );
    const restore = () => {
      const values = JSON.parse(entry.text);
      fieldsOf(form).forEach((field, place) => {
        const [name, value] = values[place] || [];
        // Only what differs: a field left alone is not written anew, nor its row saved.
        if (name === field.name && JSON.stringify(valueOf(field)) !== JSON.stringify(value)) {
          setValue(field, value);
          field.dispatchEvent(new Event("input", { bubbles: true }));
          field.dispatchEvent(new Event("change", { bubbles: true }));
        }
      });
      asked.remove();
    };
    const drop = () => {
      write(tab, key, null);
      asked.remove();
    };
    asked.append(
      element(
        "div",
        { class: "actions" },
        button("Khôi phục", "btn-primary", restore),
        button("Bỏ", "btn-link", drop),
      ),
    );
    form.before(asked);
  }

  let waiting = 0;
  function typed(event) {
    const form = event.target.form;
    if (!form) return;
    clearTimeout(waiting);
    waiting = setTimeout(keep, KEEP_AFTER_MS, form);
    if (!expired && Date.now() - lastContact > idleMs / 3) {
      lastContact = Date.now(); // at most one question per third of the time
      ask();
    }
  }

  // --- what happens ----------------------------------------------------------------------------

  function clearAll() {
    keptKeys().forEach((key) => write(tab, key, null));
  }

  if (!user) {
    // The door, or an error page: what was sent on the way here did not arrive.
    keptKeys().forEach((key) => mark(key, false));
    return;
  }

  keptKeys()
    .filter((key) => !key.startsWith(`${KEPT}${user}:`))
    .forEach((key) => write(tab, key, null));
  const navigation = performance.getEntriesByType("navigation")[0];
  if (navigation && (navigation.type === "back_forward" || navigation.responseStatus >= 400)) {
    // Refused, or come back to after the network failed: what was sent may not have arrived.
    keptKeys().forEach((key) => mark(key, false));
  }
  [...document.forms].filter(isKeepable).forEach(offer);
  alive();
  setInterval(tick, TICK_MS);

  document.addEventListener("input", typed);
  document.addEventListener("change", typed);
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (form.getAttribute("action") === settings.signOut || "signsOut" in form.dataset) {
        clearTimeout(waiting); // or the field that this press has left would be kept after all
        clearAll();
        write(browser, SIGNED_OUT, String(Date.now()));
        return;
      }
      if (form.method !== "post") return;
      if (expired) {
        event.preventDefault();
        event.stopImmediatePropagation();
        note.querySelector("a").focus();
        return;
      }
      clearTimeout(waiting); // or the last field, left by this press, would be kept as not sent
      if (isKeepable(form)) {
        keep(form);
        mark(keyOf(form), true);
      }
    },
    true,
  );
  const underWay = new WeakMap();
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.detail.elt.closest("form");
    if (form && isKeepable(form)) underWay.set(event.detail.xhr, textOf(form));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { xhr, elt, successful } = event.detail;
    if (xhr.status === 401) {
      expire();
    } else if (successful) {
      alive();
      const form = elt.closest("form");
      const isStored = event.detail.requestConfig.verb === "post";
      const isWhole = !xhr.getResponseHeader("X-Unsaved"); // set where two wrote in one field
      if (form && isStored && isWhole && isKeepable(form)) {
        forget(form, underWay.get(xhr));
      }
    }
  });
  document.addEventListener("session:expired", () => expire());
  document.addEventListener("session:saved", (event) => {
    alive();
    forget(event.detail.form);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    if (expired) ask();
    else tick();
  });
  window.addEventListener("focus", () => {
    if (expired) ask();
  });
  window.addEventListener("storage", (event) => {
    if (event.key === SIGNED_OUT) {
      clearAll();
      ask();
    }
  });
})();
