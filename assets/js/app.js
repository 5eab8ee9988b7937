// The little the browser does by itself. Clicks, changes and forms become one message to the server ("act"); all the rest
// is Dash. Text from the server is only ever set as text, never as markup.
(function () {
  const OFFLINE = "No connection to your server. Nothing was changed; try again when it is back.";
  // One action at a time: Dash drops the answer of one that another overtakes, and with it a toast or a refresh.
  const queue = [];
  let acting = 0;
  const say = (act, value, more) => { queue.push(Object.assign({ act, value, at: Date.now() + Math.random() }, more || {})); next(); };
  function next() {
    if (acting || !queue.length) return;
    acting = setTimeout(answered, 8000);
    window.dash_clientside.set_props("action", { data: queue.shift() });
  }
  function answered() {
    clearTimeout(acting);
    acting = 0;
    next();
    if (!asking) settleSoon();
  }

  // What takes longer than a blink says so: a thin line at the top, and the pressed button stays pressed. An action's answer
  // may lead to a page, whose request follows at once: only when none does is it over.
  const pressed = new Set();
  let asking = 0, slow = 0, quiet = 0;
  function began() {
    clearTimeout(quiet);
    if (!asking++) slow = setTimeout(() => working(true), 400);
  }
  function ended() {
    if (--asking) return;
    clearTimeout(slow);
    settleSoon();
  }
  function settleSoon() {
    clearTimeout(quiet);
    quiet = setTimeout(() => {
      working(false);
      if (acting) return;
      for (const button of pressed) {
        button.removeAttribute("aria-busy");
        // Not one that the server has said meanwhile is not to be pressed.
        if (button.dataset.act) button.disabled = false;
      }
      pressed.clear();
    }, 150);
  }
  function working(on) {
    const line = document.getElementById("busy");
    if (!line || line.classList.contains("on") === on) return;
    line.classList.toggle("on", on);
    line.firstElementChild.textContent = on ? "Working\u2026" : "";
  }
  function press(button) {
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    pressed.add(button);
  }

  // What the server refuses before any callback, and a server that cannot be reached, are said like everything else.
  const asked = window.fetch;
  const isAction = (request) => request[1] && typeof request[1].body === "string" && request[1].body.includes('"id":"action","property":"data","value":{"act"');
  const isUpdate = (request) => String(request[0].url || request[0]).includes("_dash-update");
  window.fetch = (...request) => {
    const update = isUpdate(request), action = isAction(request);
    if (update) began();
    // It is on its way, and may take its time.
    if (action && acting) { clearTimeout(acting); acting = setTimeout(answered, 120000); }
    return asked(...request).finally(() => {
      if (update) ended();
      if (action) { taken = sent; sent = null; setTimeout(answered, 30); }
    }).then((answer) => {
      if (!answer.ok && update) answer.clone().json().then((body) => body.error && show({ error: body.error }), () => {});
      return answer;
    }, (error) => {
      if (error.name !== "AbortError" && !leaving) show({ error: OFFLINE });
      throw error;
    });
  };
  let leaving = false;
  window.addEventListener("pagehide", () => { leaving = true; });

  // A form of the page that was taken shows what the server says from then on. A box or a choice that was refused goes back; what
  // was typed stays, to be mended.
  let sent = null, taken = null, touched = null;

  const drawn = {}, toasts = [];
  // A drawer on its way out still has the focus and its form: nobody types there, and nothing said there would be read.
  const closing = (target) => target.closest(".offcanvas:not(.show)");
  const typing = (target) => target.closest && target.closest("input, select, textarea, [contenteditable]");
  // What the other scripts here stand on.
  const finance = Object.assign(window.finance, {
    say,
    go,
    show,
    OFFLINE,
    // Single keys are for the page: not while something is typed, nor under a drawer or the command box.
    busy: (event) => Boolean((typing(event.target) && !closing(event.target)) || document.querySelector(".offcanvas.show, #command:not([hidden])")),
    keys: () => document.documentElement.dataset.keys !== "off",
    // Whenever a tree has changed: the page, or the drawer's form.
    afterDrawing: (work, tree = "page") => (drawn[tree] = drawn[tree] || []).push(work),
    onToast: (work) => toasts.push(work),
    selected: () => {},
    drew: (tree) => (drawn[tree] || []).forEach((work) => work()),
  });

  // From page to page the period and the currency go along.
  function kept(anchor) {
    const pages = ["/", "/transactions", "/budgets"], now = new URLSearchParams(location.search), query = new URLSearchParams();
    if (!pages.includes(anchor.pathname) || !pages.includes(location.pathname) || anchor.pathname === location.pathname) return anchor.href;
    for (const name of ["p", "cur"]) if (now.has(name)) query.set(name, now.get(name));
    return anchor.pathname + (query.size ? "?" + query : "");
  }

  function go(href, replace) {
    history[replace ? "replaceState" : "pushState"]({}, "", href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  // A chart's numbers as a table, made when it is opened and again when they change.
  function table(details) {
    const slot = details.querySelector("[data-table]");
    if (!slot || !details.open || slot.dataset.drawn === slot.dataset.table) return;
    slot.dataset.drawn = slot.dataset.table;
    const [heads, ...rows] = JSON.parse(slot.dataset.table);
    const made = document.createElement("table"), line = (cells, tag) => {
      const row = document.createElement("tr");
      for (const text of cells) { const cell = document.createElement(tag); cell.textContent = text; if (tag === "th") cell.scope = "col"; row.append(cell); }
      return row;
    };
    made.className = "chart-table";
    made.createTHead().append(line(heads, "th"));
    made.createTBody().append(...rows.map((cells) => line(cells, "td")));
    slot.replaceChildren(made);
    // What scrolls must be reached by the keyboard too.
    if (slot.scrollWidth > slot.clientWidth) slot.tabIndex = 0;
  }
  document.addEventListener("toggle", (event) => { if (event.target.matches && event.target.matches(".table-view")) table(event.target); }, true);
  window.addEventListener("beforeprint", () => document.querySelectorAll(".table-view").forEach((details) => { details.open = true; table(details); }));

  document.addEventListener("click", (event) => {
    const anchor = event.target.closest("a[href^='/']:not([data-plain])");
    if (anchor && document.getElementById("page") && !event.defaultPrevented && !event.button && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault();
      const leaves = anchor.pathname !== location.pathname;
      go(anchor.closest(".nav-item, .bottom-bar") ? kept(anchor) : anchor.href);
      if (leaves) window.scrollTo(0, 0);
    }
    const target = event.target.closest("[data-act]");
    if (target && !/^(INPUT|SELECT|FORM)$/.test(target.tagName)) {
      event.preventDefault();
      if (target.dataset.act === "theme") return switchTheme();
      if (target.dataset.once) { if (target.disabled) return; press(target); }
      say(target.dataset.act, target.dataset.value, { extra: target.dataset.extra });
    }
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target) || event.target.closest("a, button[data-act]")) menu.removeAttribute("open");
    });
  });

  // A lone field says what changes when it changes: data-change stands on the element around it.
  document.addEventListener("change", (event) => {
    const holder = event.target.closest("[data-change]");
    if (holder) touched = event.target;
    if (holder) say(holder.dataset.change, holder.dataset.value, { text: event.target.type === "checkbox" ? event.target.checked : event.target.value, extra: holder.dataset.extra });
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-act]");
    if (!form) return;
    event.preventDefault();
    clearErrors(form);
    sent = form.closest("#page") ? form : null;
    say(form.dataset.act, form.dataset.value, { fields: Object.fromEntries(new FormData(form).entries()), extra: (event.submitter && event.submitter.value) || "" });
  });

  finance.afterDrawing(() => { if (taken) finance.reset(taken.elements); taken = null; });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelectorAll("details.menu[open]").forEach((menu) => { menu.removeAttribute("open"); menu.querySelector("summary").focus(); });
  });

  // Chips that scroll in their own box come into sight with the focus.
  document.addEventListener("focusin", (event) => {
    if (event.target.closest(".filters, .chips")) event.target.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  // "Custom" leads to the days to choose; from a year, that has no such menu, by way of the page that has.
  let choosing = false;
  function choose() {
    const form = document.querySelector(".period form[data-act=custom-period]"), menu = form && form.closest("details");
    choosing = !menu;
    if (!menu) return false;
    menu.open = true;
    form.querySelector("input").focus();
    return true;
  }
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-open=custom]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (choose()) { event.preventDefault(); event.stopImmediatePropagation(); }
  }, true);
  finance.afterDrawing(() => { if (choosing) choose(); });

  // On a phone the field opens from its icon.
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-open=search]")) return;
    const box = document.querySelector(".head .search");
    box.classList.toggle("on");
    if (box.classList.contains("on")) box.querySelector("input").focus();
  });

  // A search narrows while it is typed: 150 ms after the last key the address follows, without a step in the history.
  let typed = null, later = 0;
  document.addEventListener("input", (event) => {
    if (!event.target.closest("[data-typed=search]")) return;
    typed = event.target.value;
    clearTimeout(later);
    later = setTimeout(() => {
      const query = new URLSearchParams(location.search);
      query.delete("page");
      if (typed.trim()) query.set("q", typed.trim()); else query.delete("q");
      go(location.pathname + "?" + query, true);
    }, 150);
  });
  finance.afterDrawing(() => {
    const rest = ["/import", "/accounts", "/settings", "/categories", "/rules", "/history"].includes(location.pathname);
    document.querySelectorAll(".nav-item, .bottom-bar a, .bottom-bar summary").forEach((item) => {
      const here = item.tagName === "SUMMARY" ? rest : item.getAttribute("href") === location.pathname;
      if (here) item.setAttribute("aria-current", "page"); else item.removeAttribute("aria-current");
    });
    // Where Plotly could not be loaded the tables stand in for the charts.
    if (!window.Plotly) document.querySelectorAll(".table-view:not([open])").forEach((details) => { details.open = true; });
    document.querySelectorAll(".table-view[open]").forEach(table);
    const field = document.querySelector("[data-typed=search] input");
    if (field && field === document.activeElement && typed !== null && field.value !== typed) field.value = typed;
    else if (field !== document.activeElement) typed = null;
  });

  // A form that takes another's place in the drawer, as the next of several does, takes the focus as an opening one does.
  finance.afterDrawing(() => {
    const drawer = document.getElementById("drawer"), at = document.activeElement;
    const first = drawer && (!at || at === document.body || at === drawer) && drawer.querySelector("form.entry input[name=amount]");
    if (first && !drawer.querySelector("[data-act=delete-transaction]")) first.focus();
  }, "form");

  // An opening drawer takes the focus itself; what is typed belongs into its first field.
  document.addEventListener("focusin", (event) => {
    // The drawer is named by its title, which Dash gives no id.
    const title = event.target.closest("#drawer") && document.querySelector("#drawer .offcanvas-title");
    if (title) title.id = "drawer-title";
    const first = event.target.id === "drawer" && ["input[name=name]", "input[name=amount]", "input[name=balance]", "input"].map((css) => event.target.querySelector(css)).find(Boolean);
    if (first && !event.target.querySelector("[data-act=delete-transaction]")) first.focus();
  });

  document.addEventListener("visibilitychange", () => { if (!document.hidden && window.dash_clientside && document.getElementById("page")) say("look"); });

  function switchTheme() {
    const theme = document.documentElement.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    document.cookie = "theme=" + theme + "; path=/; max-age=31536000; samesite=lax";
    document.dispatchEvent(new Event("appearance"));
  }

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
    if (toast.error) {
      taken = null;
      if (touched && touched.matches("[type=checkbox], select")) finance.reset([touched]);
    }
    touched = null;
    toasts.forEach((work) => work(toast));
    // The drawer's form comes last in the page, and is the one in use while it is open.
    const forms = [...document.querySelectorAll(".offcanvas.show form, form[data-act]")].filter((form) => !closing(form)).reverse();
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
    for (const offer of [].concat(toast.more || [])) {
      const more = document.createElement("button");
      more.type = "button";
      more.className = "also";
      more.textContent = offer.label;
      more.addEventListener("click", () => { box.remove(); if (offer.href) return go(offer.href); say(offer.act, offer.value || "", { extra: offer.extra, text: offer.text }); });
      box.append(more);
    }
    const close = document.createElement("button");
    close.className = "close";
    close.type = "button";
    close.setAttribute("aria-label", "Close message");
    close.textContent = "\u00d7";
    close.addEventListener("click", () => box.remove());
    box.append(close);
    if (!toast.error && document.documentElement.dataset.keep !== "on") {
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
      found: () => { setTimeout(() => finance.found && finance.found()); return window.dash_clientside.no_update; },
      selected: (data) => { finance.selected(data); return window.dash_clientside.no_update; },
      toast: (toast) => { if (toast) show(toast); return window.dash_clientside.no_update; },
    },
  });
})();
