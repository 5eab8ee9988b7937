// The little the browser does by itself. Clicks, changes and forms become one message to the server ("act"); all the rest
// is Dash. Text from the server is only ever set as text, never as markup.
(function () {
  const say = (act, value, more) =>
    window.dash_clientside.set_props("action", { data: Object.assign({ act, value, at: Date.now() + Math.random() }, more || {}) });

  document.addEventListener("click", (event) => {
    const anchor = event.target.closest("a[href^='/']:not([data-plain])");
    if (anchor && document.getElementById("page") && !event.defaultPrevented && !event.button && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault();
      const leaves = anchor.pathname !== location.pathname;
      history.pushState({}, "", anchor.href);
      window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
      if (leaves) window.scrollTo(0, 0);
    }
    const target = event.target.closest("[data-act]");
    if (target && !/^(INPUT|SELECT|FORM)$/.test(target.tagName)) {
      event.preventDefault();
      if (target.dataset.act === "theme") return switchTheme();
      if (target.dataset.once) { if (target.disabled) return; target.disabled = true; setTimeout(() => { target.disabled = false; }, 4000); }
      say(target.dataset.act, target.dataset.value, { extra: target.dataset.extra });
    }
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target) || event.target.closest("a")) menu.removeAttribute("open");
    });
  });

  // A lone field says what changes when it changes: data-change stands on the element around it.
  document.addEventListener("change", (event) => {
    const holder = event.target.closest("[data-change]");
    if (holder) say(holder.dataset.change, holder.dataset.value, { text: event.target.type === "checkbox" ? event.target.checked : event.target.value, extra: holder.dataset.extra });
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-act]");
    if (!form) return;
    event.preventDefault();
    clearErrors(form);
    say(form.dataset.act, form.dataset.value, { fields: Object.fromEntries(new FormData(form).entries()), extra: (event.submitter && event.submitter.value) || "" });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelectorAll("details.menu[open]").forEach((menu) => { menu.removeAttribute("open"); menu.querySelector("summary").focus(); });
    const typing = event.target.closest("input, select, textarea, [contenteditable], .offcanvas.show");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "n" || event.key === "N") { event.preventDefault(); say("open-transaction", "new"); }
    const step = { ArrowLeft: ".step.back", ArrowRight: ".step.forward" }[event.key];
    const link = step && document.querySelector(step + ":not([aria-disabled=true])");
    if (link && !event.target.closest("details[open]")) link.click();
  });

  // An opening drawer takes the focus itself; what is typed belongs into its first field.
  document.addEventListener("focusin", (event) => {
    const first = event.target.id === "drawer" && event.target.querySelector("input[inputmode=decimal], input[name=name]");
    if (first && !event.target.querySelector("[data-act=delete-transaction]")) { (event.target.querySelector("input[name=name]") || first).focus(); }
  });

  document.addEventListener("visibilitychange", () => { if (!document.hidden && window.dash_clientside && document.getElementById("page")) say("look"); });

  function switchTheme() {
    const root = document.documentElement;
    const theme = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    root.setAttribute("data-bs-theme", theme);
    document.cookie = "theme=" + theme + "; path=/; max-age=31536000; samesite=lax";
    window.dash_clientside.set_props("theme", { data: theme });
  }

  // A file may be dropped anywhere on the import page; the drop is handed on to the upload.
  const zone = () => document.querySelector("#upload > *");
  const tooLarge = (files) => [...files].some((file) => file.size > 10 * 2 ** 20);
  const refuse = () => show({ error: "This file is larger than 10 MB. Split it, or import it with the command line." });
  document.addEventListener("dragover", (event) => { if (zone()) { event.preventDefault(); document.body.classList.add("dragging"); } });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) document.body.classList.remove("dragging"); });
  document.addEventListener("drop", (event) => {
    document.body.classList.remove("dragging");
    if (!zone()) return;
    if (tooLarge(event.dataTransfer.files)) { event.preventDefault(); event.stopPropagation(); return refuse(); }
    if (event.target.closest("#upload")) return;
    event.preventDefault();
    zone().dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: event.dataTransfer }));
  }, true);
  document.addEventListener("change", (event) => {
    if (event.target.closest("#upload") && event.target.files && tooLarge(event.target.files)) { event.stopPropagation(); refuse(); event.target.value = ""; }
  }, true);

  function clearErrors(form) {
    form.querySelectorAll(".field.wrong").forEach((field) => field.classList.remove("wrong"));
    form.querySelectorAll(".field-error").forEach((note) => note.remove());
  }

  function mark(form, name, message) {
    const input = form.querySelector(`[name="${CSS.escape(name)}"]`);
    const field = input && input.closest(".field");
    if (!field) return false;
    const note = document.createElement("div");
    note.className = "field-error";
    note.id = "error-" + name;
    note.setAttribute("role", "alert");
    note.textContent = message;
    field.classList.add("wrong");
    field.append(note);
    input.setAttribute("aria-describedby", note.id);
    input.focus();
    return true;
  }

  function show(toast) {
    // The drawer's form comes last in the page, and is the one in use while it is open.
    const forms = [...document.querySelectorAll(".offcanvas.show form, form[data-act]")].reverse();
    if (toast.error && toast.field && forms.some((form) => mark(form, toast.field, toast.error))) return;
    const list = document.getElementById("toasts");
    const box = document.createElement("div");
    box.className = "toast-box" + (toast.error ? " error" : "");
    box.setAttribute("role", toast.error ? "alert" : "status");
    const text = document.createElement("span");
    text.textContent = toast.error || toast.message;
    box.append(text);
    if (toast.revision) {
      const undo = document.createElement("button");
      undo.type = "button";
      undo.className = "undo";
      undo.textContent = "Undo";
      undo.addEventListener("click", () => { box.remove(); say("undo", String(toast.revision)); });
      box.append(undo);
    }
    const close = document.createElement("button");
    close.type = "button";
    close.setAttribute("aria-label", "Close message");
    close.textContent = "\u00d7";
    close.addEventListener("click", () => box.remove());
    box.append(close);
    if (!toast.error) {
      const time = document.createElement("div");
      time.className = "time";
      time.addEventListener("animationend", () => box.remove());
      box.append(time);
    }
    list.append(box);
    while (list.children.length > 3) list.firstChild.remove();
  }

  window.dash_clientside = Object.assign(window.dash_clientside || {}, {
    shell: {
      view: (path, search, before) => {
        const view = path + (search || "");
        return view === before ? window.dash_clientside.no_update : view;
      },
      toast: (toast) => { if (toast) show(toast); return window.dash_clientside.no_update; },
      open: (clicked) => {
        const point = clicked && clicked.points && clicked.points[0];
        const href = point && (Array.isArray(point.customdata) ? point.customdata[0] : point.customdata);
        return typeof href === "string" && href.startsWith("/") && !href.startsWith("//") ? href : window.dash_clientside.no_update;
      },
    },
  });
})();
