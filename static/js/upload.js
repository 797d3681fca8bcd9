// Files dropped or chosen go up one at a time, each with its own progress and its own answer.
// Without this script the same pages take the same files by an ordinary form.
//
// Markup: an element with data-upload-url holds a [data-upload-list]; inside it, where there are,
// file inputs [data-upload-input], a link [data-upload-open] that opens the picker, and a form
// that completes what was stored. data-section-url is fetched again once files are stored.
// The server answers each file with the <li> that replaces its line.

(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const WORDS = {
    waiting: "chờ đến lượt",
    checking: "đã tải xong, đang kiểm tra",
    offline: "chưa lưu: mất kết nối khi đang tải.",
    closed: "chưa lưu: hồ sơ không còn mở để sửa. Tải lại trang để xem trạng thái.",
    signedOut: "chưa lưu: đã thoát vì lâu không dùng. Đăng nhập ở thẻ khác rồi bấm Thử lại.",
    failed: "chưa lưu: hệ thống gặp lỗi.",
  };

  const sign = (name) => {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", `sign sign-${name}`);
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(SVG, "use");
    use.setAttribute("href", `#m-${name}`);
    svg.append(use);
    return svg;
  };

  const bar = () => {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", "progressline");
    svg.setAttribute("role", "img");
    for (const part of ["all", "done"]) {
      const rect = document.createElementNS(SVG, "rect");
      rect.setAttribute("class", part);
      rect.setAttribute("height", "4");
      rect.setAttribute("width", part === "all" ? "100%" : "0");
      svg.append(rect);
    }
    return svg;
  };

  // One file's line: its name, what is happening, how far it is.
  const makeLine = (name) => {
    const line = document.createElement("li");
    const says = document.createElement("span");
    says.className = "says";
    const text = document.createElement("span");
    const bold = document.createElement("b");
    bold.textContent = name;
    const state = document.createElement("span");
    text.append(bold, " ", state);
    line.append(says);
    const show = (signName, words, extra) => {
      says.replaceChildren(sign(signName), text);
      state.textContent = words;
      line.replaceChildren(says, ...(extra ? [extra] : []));
    };
    return { line, show };
  };

  class Uploads {
    constructor(root) {
      this.root = root;
      this.queue = [];
      this.isBusy = false;
      this.storedAny = false;
      this.bind();
    }

    get list() {
      return this.root.querySelector("[data-upload-list]");
    }

    get form() {
      return this.root.querySelector("form[data-upload-form]");
    }

    bind() {
      this.root.querySelectorAll("[data-upload-hint]").forEach((hint) => (hint.hidden = false));
      this.root.querySelectorAll("[data-upload-input]").forEach((input) => {
        input.addEventListener("change", () => {
          this.add(input.files);
          input.value = "";
        });
      });
      this.root.querySelector("[data-upload-open]")?.addEventListener("click", (event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        this.pick();
      });
      this.bindDrop();
      this.form?.addEventListener("submit", (event) => {
        if (this.isBusy) {
          event.preventDefault();
          this.submitsAfter = true;
        } else if (!this.form.querySelector("[name=stored]")) {
          // The server could only say that no file came; the list says what became of each.
          event.preventDefault();
          this.sayNothingStored();
        }
      });
    }

    sayNothingStored() {
      const note = this.form.querySelector("[data-upload-none]");
      note.hidden = false;
      note.scrollIntoView({ block: "nearest" });
    }

    bindDrop() {
      let depth = 0;
      const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
      const mark = () => this.root.classList.toggle("notice-info", depth > 0);
      this.root.addEventListener("dragenter", (event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        depth += 1;
        mark();
      });
      this.root.addEventListener("dragover", (event) => {
        if (carriesFiles(event)) event.preventDefault();
      });
      this.root.addEventListener("dragleave", () => {
        depth = Math.max(0, depth - 1);
        mark();
      });
      this.root.addEventListener("drop", (event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        depth = 0;
        mark();
        this.add(event.dataTransfer.files);
      });
    }

    pick() {
      const input = document.createElement("input");
      input.type = "file";
      input.multiple = true;
      input.accept = this.root.dataset.accept;
      input.addEventListener("change", () => this.add(input.files));
      input.click();
    }

    add(files) {
      for (const file of files) {
        const shown = makeLine(file.name);
        shown.show("empty", WORDS.waiting);
        this.list.append(shown.line);
        this.queue.push({ file, ...shown });
      }
      this.next();
    }

    next() {
      if (this.isBusy) return;
      const item = this.queue.shift();
      if (!item) {
        this.finish();
        return;
      }
      const limit = Number(this.root.dataset.maxBytes);
      if (limit && item.file.size > limit) {
        item.show("unmet", this.root.dataset.tooLarge);
        this.next();
        return;
      }
      this.isBusy = true;
      this.send(item);
    }

    body(file) {
      const body = new FormData();
      const token = this.root.querySelector("[name=csrfmiddlewaretoken]");
      body.append("csrfmiddlewaretoken", token.value);
      body.append("fragment", "1");
      if (this.form) body.append("details", "1"); // typed on the same page, sent with its button
      if (this.form?.elements.together?.checked) {
        body.append("together", "on");
        const first = this.form.querySelector("[name=stored]");
        if (first) body.append("stored", first.value);
      }
      body.append("files", file);
      return body;
    }

    send(item) {
      const request = new XMLHttpRequest();
      const progress = bar();
      const done = progress.querySelector(".done");
      item.show("part", "đã tải 0 %", progress);
      request.upload.addEventListener("progress", (event) => {
        if (!event.lengthComputable) return;
        const percent = Math.floor((event.loaded / event.total) * 100);
        done.setAttribute("width", `${percent}%`);
        progress.setAttribute("aria-label", `${percent} %`);
        const words = percent < 100 ? `đã tải ${percent} %` : WORDS.checking;
        item.show("part", words, progress);
      });
      request.addEventListener("load", () => this.answered(item, request));
      request.addEventListener("error", () => this.failed(item, WORDS.offline));
      request.open("POST", this.root.dataset.uploadUrl);
      request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
      request.send(this.body(item.file));
    }

    answered(item, request) {
      if (request.status === 401) return this.failed(item, WORDS.signedOut);
      if (request.status === 403 || request.status === 404) {
        item.show("lock", WORDS.closed);
        return this.settled();
      }
      if (request.status === 429) return this.failed(item, request.responseText);
      if (request.status !== 200) return this.failed(item, WORDS.failed);
      const holder = document.createElement("template");
      holder.innerHTML = request.responseText;
      const lines = [...holder.content.querySelectorAll("li")];
      item.line.replaceWith(...lines);
      lines.forEach((line) => this.remember(line.dataset.stored));
      this.settled();
    }

    remember(pk) {
      if (!pk) return;
      this.storedAny = true;
      if (this.form) this.form.querySelector("[data-upload-none]").hidden = true;
      if (!this.form || this.form.querySelector(`[name=stored][value="${pk}"]`)) return;
      const stored = document.createElement("input");
      stored.type = "hidden";
      stored.name = "stored";
      stored.value = pk;
      this.form.append(stored);
    }

    failed(item, words) {
      const again = document.createElement("button");
      again.type = "button";
      again.className = "btn btn-plain mt-1";
      again.textContent = "Thử lại";
      again.addEventListener("click", () => {
        item.show("empty", WORDS.waiting);
        this.queue.push(item);
        this.next();
      });
      item.show("unmet", words, again);
      this.submitsAfter = false;
      this.settled();
    }

    settled() {
      this.isBusy = false;
      this.next();
    }

    async finish() {
      if (this.submitsAfter) {
        this.form.requestSubmit();
        return;
      }
      if (!this.storedAny || !this.root.dataset.sectionUrl) return;
      this.storedAny = false;
      const answer = await fetch(this.root.dataset.sectionUrl, {
        headers: { "X-Requested-With": "XMLHttpRequest" },
      });
      if (!answer.ok) return;
      const holder = document.createElement("template");
      holder.innerHTML = await answer.text();
      const fresh = holder.content.querySelector("section");
      fresh.querySelector("[data-upload-list]").append(...this.list.children);
      this.root.replaceWith(fresh);
      start(fresh);
      // The verdict may hang on the evidence: let the page judge again.
      document.querySelector("form[data-autosave]")?.dispatchEvent(new Event("save-again"));
    }
  }

  const running = [];
  const start = (root) => running.push(new Uploads(root));

  window.addEventListener("beforeunload", (event) => {
    if (running.some((uploads) => uploads.isBusy)) event.preventDefault();
  });

  document.querySelectorAll("[data-upload-url]").forEach(start);
})();
