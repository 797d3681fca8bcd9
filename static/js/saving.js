// Saving as typed, and the truth about it, for every page that does so. Parts of the page (a whole
// form, or each row of a grid) post themselves by htmx; this file says what became of it and sees
// to it that nobody leaves with text the server does not have.
//
// window.watchSaving({
//   desk            where people type
//   form            what a person without a script would send
//   partOf(element) the part that saves this element, or null
//   refused         what a 403 means here, in words
//   onRefused(part) called where the server answered but did not take everything
// })
window.watchSaving = ({ desk, form, partOf, refused, onRefused }) => {
  const state = () => document.getElementById("trang-thai-luu");
  const counts = new Map(); // part → how often typed in, how many of those are carried, saved
  const failing = new Map(); // part → the answer's status
  let why = ""; // what the server's last 403 gave as its reason
  const contested = new Set(); // parts of which the server took only some
  let failedAt = null;
  let retry = null;

  const countOf = (part) => {
    if (!counts.has(part)) counts.set(part, { edits: 0, carried: 0, saved: 0 });
    return counts.get(part);
  };
  const unsaved = () => [...counts.keys()].filter((part) => {
    const { edits, saved } = counts.get(part);
    return edits !== saved && part.isConnected;
  });
  const isDirty = () => unsaved().length > 0;
  const saveAgain = (parts) => parts.forEach((part) => htmx.trigger(part, "save-again"));

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

  const HOPELESS = [403, 404];
  const reasonFor = (status) => {
    if (status === 401) return "phiên làm việc đã hết, đăng nhập lại ở thẻ khác rồi bấm Thử lại";
    if (status === 403 && why) return `${why} Chép phần chữ vừa gõ để dùng sau`;
    if (status === 403) return `${refused}, hoặc trang đã cũ. Chép phần chữ vừa gõ rồi tải lại trang`;
    if (status === 404) return "dòng này không còn nữa. Chép phần chữ vừa gõ rồi tải lại trang";
    if (status === 413) return "chữ quá dài";
    if (status >= 500) return "máy chủ gặp lỗi";
    return "mất kết nối";
  };

  const reasonOf = (text) => {
    const answer = new DOMParser().parseFromString(text, "text/html");
    return answer.querySelector("[data-why]")?.textContent.trim() ?? "";
  };

  const sayFailing = () => {
    const statuses = [...failing.values()];
    const status = statuses.find((each) => HOPELESS.includes(each)) ?? statuses[0];
    const many = failing.size > 1 ? ` ${failing.size} dòng` : "";
    say("unmet", `Chưa lưu được${many} từ ${failedAt}: ${reasonFor(status)}; chữ vẫn còn trên trang này. `);
    state().classList.add("bad");
    const worthwhile = [...failing].filter(([, each]) => !HOPELESS.includes(each)).map(([part]) => part);
    if (worthwhile.length === 0) return;
    const again = document.createElement("button");
    again.type = "button";
    again.className = "btn btn-link";
    again.textContent = "Thử lại";
    again.addEventListener("click", () => saveAgain(worthwhile));
    state().append(again);
    clearTimeout(retry);
    if (status !== 401) retry = setTimeout(saveAgain, 10000, worthwhile);
  };

  const fail = (part, status) => {
    failedAt = failedAt || clock();
    failing.set(part, status);
    part.classList.add("unsaved");
    sayFailing();
  };

  // Fields may stand outside the form's element and belong to it by their form attribute.
  desk.addEventListener("input", (event) => {
    const part = partOf(event.target);
    if (!part) return;
    countOf(part).edits += 1;
    if (!failing.size) say("part", "Đang lưu…");
  });

  desk.addEventListener("htmx:beforeRequest", (event) => {
    const part = event.detail.elt;
    if (partOf(part) !== part) return;
    countOf(part).carried = countOf(part).edits;
    clearTimeout(retry);
    if (failing.size) say("part", "Đang lưu lại…");
  });
  desk.addEventListener("htmx:afterRequest", (event) => {
    const part = event.detail.elt;
    if (partOf(part) !== part) return;
    const status = event.detail.xhr ? event.detail.xhr.status : 0;
    if (!event.detail.successful) {
      if (status === 403) why = reasonOf(event.detail.xhr.responseText);
      fail(part, status);
      return;
    }
    failing.delete(part);
    part.classList.remove("unsaved");
    if (!failing.size) failedAt = null;
    // The server answered but did not take everything: two people wrote in one field.
    const isRefused = Boolean(event.detail.xhr.getResponseHeader("X-Unsaved"));
    const count = countOf(part);
    count.saved = isRefused ? -1 : count.carried;
    if (isRefused) {
      contested.add(part);
      onRefused(part);
    } else {
      contested.delete(part);
    }
    // What the server has just said is true of this part alone: others may be under way.
    if (failing.size) sayFailing();
    else if (contested.size > 0 && !isRefused) say("ask", "Còn chỗ chưa lưu; xem dòng báo");
    else if (!isRefused && isDirty()) say("part", "Đang lưu…");
    if (!isDirty()) document.dispatchEvent(new CustomEvent("session:saved", { detail: { form } }));
  });

  // Signed in again beside this page (session.js): what waited goes through now.
  document.addEventListener("session:renewed", () => saveAgain([...failing.keys()]));

  // Whoever clicks a link or another button within the second after typing is let go once the
  // text is safe; where it cannot be saved, the browser's own question is what is left.
  let isLeavingOnPurpose = false;
  let goOn = null;
  const afterSaving = (event, next) => {
    if (!isDirty() || failing.size) return;
    event.preventDefault();
    event.stopPropagation();
    goOn = next;
    saveAgain(unsaved());
  };
  desk.addEventListener("htmx:afterRequest", () => {
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
  // A slow line brings the page before this script: what was typed meanwhile is saved too. What a
  // browser puts back into a page that it restores is nobody's typing.
  document.addEventListener("DOMContentLoaded", () => {
    if (performance.getEntriesByType("navigation")[0].type !== "navigate") return;
    const typed = [...form.elements].filter((field) => isTypedIn(field) && partOf(field));
    const parts = [...new Set(typed.map(partOf))];
    if (parts.length === 0) return;
    parts.forEach((part) => { countOf(part).edits += 1; });
    say("part", "Đang lưu…");
    saveAgain(parts);
  });

  function isTypedIn(field) {
    if (["radio", "checkbox"].includes(field.type)) return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") {
      const served = [...field.options].find((each) => each.defaultSelected) ?? field.options[0];
      return Boolean(served) && field.value !== served.value;
    }
    const isText = field.tagName === "TEXTAREA" || ["text", "search"].includes(field.type);
    return isText && field.value !== field.defaultValue;
  }

  // The last chance, when the window closes or the way leads back: sent without waiting.
  window.addEventListener("pagehide", () => {
    if (isLeavingOnPurpose) return;
    unsaved().forEach((part) => navigator.sendBeacon(part.getAttribute("hx-post"), bodyOf(part)));
  });

  function bodyOf(part) {
    if (part === form) return new FormData(form);
    const body = new FormData();
    const fields = [form.elements.namedItem("csrfmiddlewaretoken"), ...part.querySelectorAll("[name]")];
    fields.filter((field) => field.type !== "submit").forEach((field) => body.append(field.name, field.value));
    return body;
  }
};
