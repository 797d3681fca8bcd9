// Saving as typed, and the truth about it. The form posts itself by htmx; this file only says
// what happened and sees to it that nobody leaves a page with text the server does not have.
(() => {
  const form = document.querySelector("form[data-autosave]");
  if (!form || !window.htmx) return;

  const state = () => document.getElementById("trang-thai-luu");
  let edits = 0;      // how often something was typed
  let carried = 0;    // how many of those the running request carries
  let saved = 0;      // how many the server has confirmed
  let failedAt = null;
  let retry = null;

  const sign = (name) =>
    `<svg class="sign sign-${name}" aria-hidden="true"><use href="#m-${name}"/></svg> `;
  const say = (name, text) => {
    state().innerHTML = sign(name);
    state().append(text);
  };
  const clock = () =>
    new Date().toLocaleTimeString("vi-VN", {
      hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Ho_Chi_Minh",
    });
  const isDirty = () => edits !== saved;

  const reasonFor = (status) => {
    if (status === 401) return "phiên làm việc đã hết, đăng nhập lại ở thẻ khác rồi bấm Thử lại";
    if (status === 403) return "hồ sơ không nhận sửa nữa, hoặc trang đã cũ. Chép phần chữ vừa gõ rồi tải lại trang";
    if (status === 413) return "chữ quá dài";
    if (status >= 500) return "máy chủ gặp lỗi";
    return "mất kết nối";
  };

  const fail = (status) => {
    failedAt = failedAt || clock();
    say("unmet", `Chưa lưu được từ ${failedAt}: ${reasonFor(status)}; chữ vẫn còn trên trang này. `);
    state().classList.add("bad");
    if (status === 403) return;
    const again = document.createElement("button");
    again.type = "button";
    again.className = "btn btn-link";
    again.textContent = "Thử lại";
    again.addEventListener("click", () => htmx.trigger(form, "save-again"));
    state().append(again);
    clearTimeout(retry);
    if (status !== 401) retry = setTimeout(() => htmx.trigger(form, "save-again"), 10000);
  };

  const typed = () => {
    edits += 1;
    if (!failedAt) say("part", "Đang lưu…");
  };
  // Fields may stand outside the form's element and belong to it by their form attribute.
  const desk = form.closest(".desk");
  desk.addEventListener("input", (event) => {
    if (event.target.form === form) typed();
  });

  form.addEventListener("htmx:beforeRequest", () => {
    carried = edits;
    clearTimeout(retry);
    if (failedAt) say("part", "Đang lưu lại…");
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    const status = event.detail.xhr ? event.detail.xhr.status : 0;
    if (!event.detail.successful) return fail(status);
    failedAt = null;
    // The server answered but did not take everything: two people wrote in one field.
    const isRefused = event.detail.xhr.getResponseHeader("X-Unsaved");
    saved = isRefused ? -1 : carried;
    if (!isRefused && isDirty()) say("part", "Đang lưu…");
    if (isRefused) document.getElementById("hai-nguoi-cung-sua").scrollIntoView({ block: "nearest" });
  });

  // Signed in again beside this page (session.js): what waited goes through now.
  document.addEventListener("session:renewed", () => {
    if (failedAt) htmx.trigger(form, "save-again");
  });

  // Whoever clicks a link or another button within the second after typing is let go once the
  // text is safe; where it cannot be saved, the browser's own question is what is left.
  let isLeavingOnPurpose = false;
  let goOn = null;
  const afterSaving = (event, next) => {
    if (!isDirty() || failedAt) return;
    event.preventDefault();
    event.stopPropagation();
    goOn = next;
    htmx.trigger(form, "save-again");
  };
  form.addEventListener("htmx:afterRequest", () => {
    if (!goOn || isDirty()) return;
    const next = goOn;
    goOn = null;
    isLeavingOnPurpose = true;
    next();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-discard]")) {
      isLeavingOnPurpose = true;
      return;
    }
    const link = event.target.closest("a[href]");
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!link || !isPlain || link.target || link.getAttribute("href").startsWith("#")) return;
    afterSaving(event, () => { window.location.href = link.href; });
  }, true);
  document.addEventListener("submit", (event) => {
    if (event.target === form) {
      isLeavingOnPurpose = true;
      return;
    }
    const button = event.submitter;
    afterSaving(event, () => event.target.requestSubmit(button));
  }, true);
  window.addEventListener("pageshow", () => { isLeavingOnPurpose = false; });
  window.addEventListener("beforeunload", (event) => {
    if (isDirty() && !isLeavingOnPurpose) event.preventDefault();
  });
  // The last chance, when the window closes or the way leads back: sent without waiting.
  window.addEventListener("pagehide", () => {
    if (isDirty() && !isLeavingOnPurpose) navigator.sendBeacon(form.action, new FormData(form));
  });
})();
