// The budgets' cells: what they may be set to, and arrows from row to row.
(function () {
  const finance = window.finance;
  let menu = null, field = null;
  // What was chosen for a cell is on its way: leaving the cell does not send it a second time.
  let chosen = "";

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
    const holder = input.closest("[data-change]");
    input.focus({ preventScroll: true });
    close();
    input.value = chosen = text;
    input.select();
    finance.say("set-budget", holder.dataset.value, { text, extra: holder.dataset.extra + (more ? " " + more : "") });
  }

  const cell = (target) => target.closest && target.closest(".budget-grid input");
  document.addEventListener("focusin", (event) => {
    const input = cell(event.target);
    if (input) { chosen = ""; input.select(); open(input); }
    else if (!event.target.closest(".suggestions")) close();
  });
  document.addEventListener("change", (event) => {
    if (cell(event.target) && chosen && event.target.value === chosen) event.stopImmediatePropagation();
  }, true);
  // A cell that another tab has changed meanwhile is shown as it stands.
  finance.onToast((toast) => { if (toast.error && document.querySelector(".budget-grid")) finance.say("look"); });
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
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); finance.reset([input]); close(); return; }
    if (step && !event.altKey) {
      event.preventDefault();
      const next = inputs[inputs.indexOf(input) + step];
      // Leaving the cell is what saves it.
      if (next) next.focus(); else input.blur();
    }
  });
})();
