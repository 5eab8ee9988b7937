// The command box, and the keys that go somewhere: the list of them stands in Settings, under Shortcuts.
(function () {
  const finance = window.finance;
  const box = () => document.getElementById("command");
  const input = () => document.querySelector("#command input");
  const options = () => [...document.querySelectorAll("#command [role=option]")];
  let at = 0, back = null, later = 0, leading = 0, stale = false, entered = false;

  function open(text) {
    if (!box() || !box().hidden) return;
    back = document.activeElement;
    stale = true;
    entered = false;
    box().hidden = false;
    input().value = text || "";
    input().focus();
    ask();
  }

  function close(stay) {
    if (!box() || box().hidden) return;
    box().hidden = true;
    if (!stay && back && back.isConnected) back.focus();
  }

  function ask() {
    window.dash_clientside.set_props("asked", { data: { text: input().value, at: Date.now(), path: location.pathname + location.search } });
  }

  function mark(to) {
    const all = options();
    at = all.length ? (to + all.length) % all.length : 0;
    all.forEach((option, i) => option.setAttribute("aria-selected", i === at));
    if (all[at]) { all[at].scrollIntoView({ block: "nearest" }); input().setAttribute("aria-activedescendant", all[at].id); }
  }

  function choose() {
    const option = options()[at];
    if (option) { close(true); option.click(); }
  }

  // What this tab did since it was signed in: of that the keys take back, and of nothing else.
  const steps = () => JSON.parse(sessionStorage.getItem("steps") || "[]");
  finance.onToast((toast) => { if (toast.revision) sessionStorage.setItem("steps", JSON.stringify([...steps(), toast.revision].slice(-100))); });
  function undo() {
    finance.say("undo-last", steps());
  }
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#command [data-act=undo-last]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    close(true);
    undo();
  }, true);

  document.addEventListener("input", (event) => {
    if (event.target.closest("#command")) { stale = true; entered = false; clearTimeout(later); later = setTimeout(ask, 120); }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open=command]")) return open();
    if (event.target.id === "command" || event.target.closest("#command [role=option]")) close(true);
  });

  // Keeps the tab key inside: there is one field, and the list follows the arrows.
  document.addEventListener("keydown", (event) => {
    if (!box() || box().hidden) return;
    const act = (work) => { event.preventDefault(); event.stopImmediatePropagation(); work(); };
    if (event.key === "Escape") act(() => close());
    else if (event.key === "ArrowDown") act(() => mark(at + 1));
    else if (event.key === "ArrowUp") act(() => mark(at - 1));
    else if (event.key === "Tab") act(() => mark(at + (event.shiftKey ? -1 : 1)));
    // What is listed may still be for the word before: then the answer on its way is meant.
    else if (event.key === "Enter") act(() => { if (stale) entered = true; else choose(); });
  }, true);

  function period(which) {
    const bar = document.querySelector(".period[data-now]");
    if (!bar) return;
    const query = new URLSearchParams(location.search);
    query.delete("page");
    query.set("p", which === "y" ? bar.dataset.now.slice(0, 4) : bar.dataset.now);
    finance.go(location.pathname + "?" + query);
  }

  document.addEventListener("keydown", (event) => {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && key === "k") { event.preventDefault(); return open(); }
    const free = !finance.busy(event);
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && key === "z" && free) { event.preventDefault(); return undo(); }
    if (!free || event.ctrlKey || event.metaKey || event.altKey) return;
    const link = { ArrowLeft: ".step.back", ArrowRight: ".step.forward" }[key];
    const target = link && !event.target.closest("details[open], [role=grid], [role=radiogroup]") && document.querySelector(link + ":not([aria-disabled=true])");
    if (target) { event.preventDefault(); return target.click(); }
    // What is selected is let go of first (assets/js/grid.js).
    if (key === "Escape") { if (document.body.classList.contains("has-bulk")) return; const clear = document.querySelector(".clear-filters"); if (clear && !document.querySelector("details.menu[open]")) clear.click(); return; }
    if (!finance.keys()) return;
    const page = Date.now() - leading < 1200 && { d: "/", t: "/transactions", b: "/budgets", i: "/import", a: "/accounts", c: "/categories", h: "/history", s: "/settings" }[key];
    leading = 0;
    if (page) { event.preventDefault(); event.stopImmediatePropagation(); return finance.go(page); }
    if (key === "g") { leading = Date.now(); return event.stopImmediatePropagation(); }
    const work = {
      "/": () => open(),
      "?": () => finance.go("/settings?tab=shortcuts"),
      n: () => finance.say("open-transaction", "new"),
      t: () => period("m"),
      y: () => period("y"),
    }[key];
    if (work) { event.preventDefault(); work(); }
  }, true);

  window.finance.found = () => {
    if (!input()) return;
    input().setAttribute("aria-expanded", String(options().length > 0));
    const answer = document.querySelector("#command [data-for]");
    mark(0);
    if (!answer || answer.dataset.for !== input().value.trim().replace(/\s+/g, " ")) return;
    stale = false;
    if (entered) { entered = false; choose(); }
  };
})();
