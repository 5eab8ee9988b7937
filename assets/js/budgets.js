// The budgets' cells: what they may be set to, and arrows from row to row.
(function () {
  const finance = window.finance;
  let menu = null, field = null;
  // Where the focus is, as a selector; what is typed there and not saved yet; whether that was written back after a redraw.
  let at = "", typed = null, restored = false, before = "";

  function close() {
    if (menu) menu.remove();
    menu = null;
  }

  function open(input) {
    close();
    const offers = JSON.parse(input.closest("[data-suggest]").dataset.suggest);
    field = input;
    if (!offers.length) return;
    menu = document.createElement("div");
    menu.className = "suggestions";
    menu.setAttribute("role", "listbox");
    menu.setAttribute("aria-label", "Suggestions");
    offers.forEach(([what, amount, text, more]) => {
      const row = document.createElement("button");
      row.type = "button";
      row.tabIndex = -1;
      row.setAttribute("role", "option");
      for (const text of [what, amount]) { const part = document.createElement("span"); part.textContent = text; row.append(part); }
      row.addEventListener("mousedown", (event) => event.preventDefault());
      row.addEventListener("click", () => choose(input, text, more));
      menu.append(row);
    });
    document.body.append(menu);
    // On a phone the suggestions come up from below; the cell moves out of their way.
    if (innerWidth < 768) input.scrollIntoView({ block: "center" });
    const at = input.getBoundingClientRect();
    if (innerWidth >= 768) {
      menu.style.left = Math.max(8, at.right - menu.offsetWidth) + scrollX + "px";
      menu.style.top = at.bottom + 6 + scrollY + "px";
    }
  }

  function choose(input, text, more) {
    const now = document.getElementById(input.id) || input, holder = now.closest("[data-change]");
    close();
    // What was begun to be typed is not what the cell is left with.
    now.value = text;
    typed = null;
    restored = false;
    finance.say("set-budget", holder.dataset.value, { text, extra: holder.dataset.extra + (more ? " " + more : "") });
    quietly(now);
  }

  const cell = (target) => target.closest && target.closest(".budget-grid input");
  let quiet = false;
  function quietly(input) {
    quiet = true;
    input.focus({ preventScroll: true });
    quiet = false;
  }

  document.addEventListener("focusin", (event) => {
    const input = cell(event.target), toggle = event.target.closest(".budget-grid [role=switch]");
    if (input) {
      if (at !== "#" + input.id) { typed = null; before = input.value; }
      at = "#" + input.id;
      if (!quiet) { input.select(); open(input); }
    } else if (!event.target.closest(".suggestions")) {
      close();
      at = toggle ? `[role=switch][data-value="${CSS.escape(toggle.dataset.value)}"]` : "";
    }
  });
  document.addEventListener("pointerdown", (event) => { if (!cell(event.target) && !event.target.closest(".suggestions")) at = ""; }, true);
  document.addEventListener("input", (event) => { if (cell(event.target)) typed = event.target.value; });
  // A browser says of a field that goes with the old page that it changed: only what is still there then was left by a person.
  let left = false;
  document.addEventListener("change", (event) => {
    const input = cell(event.target);
    if (!input) return;
    if (left) { if (at === "#" + input.id) { typed = null; before = input.value; } return; }
    event.stopImmediatePropagation();
    restored = false;
    queueMicrotask(() => {
      if (!input.isConnected) return;
      left = true;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      left = false;
    });
  }, true);
  // Text that was written back is no typing to the browser: it would not say that it changed.
  document.addEventListener("focusout", (event) => {
    const input = cell(event.target);
    if (input && restored) input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  // A change draws the page anew: the cell or switch that had the focus has it again, with what is being typed.
  function back() {
    const target = at && document.activeElement === document.body && document.querySelector(".budget-grid " + at);
    if (!target) return;
    const begun = typed;
    before = target.value;
    quietly(target);
    if (target.tagName !== "INPUT") return;
    if (begun === null) return target.select();
    target.value = typed = begun;
    restored = true;
  }
  finance.afterDrawing(back);
  document.addEventListener("focusout", (event) => queueMicrotask(() => { if (!event.target.isConnected) back(); }));
  document.addEventListener("keydown", (event) => {
    const input = cell(event.target);
    if (!input) {
      if (menu && event.target.closest(".suggestions")) {
        const rows = [...menu.children], at = rows.indexOf(document.activeElement);
        if (event.key === "ArrowDown") { event.preventDefault(); rows[Math.min(rows.length - 1, at + 1)].focus(); }
        if (event.key === "ArrowUp") { event.preventDefault(); if (at > 0) rows[at - 1].focus(); else field.focus(); }
        if (event.key === "Escape") { event.preventDefault(); field.focus(); close(); }
      }
      return;
    }
    const inputs = [...document.querySelectorAll(".budget-grid input")].filter((i) => i.offsetParent);
    const step = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[event.key];
    if (event.key === "ArrowDown" && event.altKey && menu) { event.preventDefault(); menu.firstChild.focus(); return; }
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); input.value = before; typed = null; restored = false; close(); return; }
    if (step && !event.altKey) {
      event.preventDefault();
      const next = inputs[inputs.indexOf(input) + step];
      // Leaving the cell is what saves it.
      if (next) next.focus(); else { at = ""; input.blur(); }
    }
  });
})();
