// The list of transactions as a spreadsheet: cells edited in place, rows selected and changed together. What the server
// drew is never altered here but by attributes; the editor lies over its cell, so that a refresh beneath it does no harm.
(function () {
  const finance = window.finance;
  const ledger = () => document.getElementById("ledger");
  const rows = () => [...document.querySelectorAll("#ledger .ledger-row[data-id]")];
  const rowOf = (id) => document.querySelector(`#ledger .ledger-row[data-id="${id}"]`);
  const cellsOf = (row) => [...row.querySelectorAll("[role=gridcell][tabindex]")];
  const narrow = () => innerWidth < 768;
  const selected = new Set();
  let everything = null, anchor = null, place = null, list = "", editor = null, waiting = null;
  const queue = [];

  // --- the server says of a row only what differs; what all rows have is put on here
  function dress() {
    const name = (cell) => (/cell-(\w+)/.exec(cell.className) || [])[1];
    for (const row of document.querySelectorAll("#ledger .ledger-row, #ledger .day-row")) {
      row.setAttribute("role", "row");
      const cells = row.children;
      for (const cell of cells) {
        cell.setAttribute("role", row.classList.contains("headings") ? "columnheader" : "gridcell");
        if (!row.dataset.id || cell.classList.contains("pick-cell")) { cell.removeAttribute("tabindex"); continue; }
        if (!cell.hasAttribute("tabindex")) cell.tabIndex = -1;
        const says = cell.querySelector(".payee") || cell;
        if (cell.classList.contains("fixed")) { delete cell.dataset.cell; continue; }
        cell.dataset.cell = name(cell);
        cell.dataset.text = cell.dataset.v === undefined ? says.textContent.trim() : cell.dataset.v;
      }
      if (row.classList.contains("part") || row.classList.contains("day-row")) continue;
      let pick = row.querySelector(".pick");
      if (!pick) {
        pick = document.createElement("button");
        pick.type = "button";
        pick.className = "pick";
        if (!row.dataset.id) pick.dataset.all = "1";
        row.querySelector(".pick-cell").append(pick);
      }
      pick.setAttribute("role", "checkbox");
      pick.tabIndex = row.dataset.id ? -1 : 0;
      const payee = row.dataset.id && row.querySelector(".payee").textContent;
      if (payee) row.querySelector(".cell-more").setAttribute("aria-label", "Open " + payee);
      row.toggleAttribute("aria-description", false);
      if (row.classList.contains("unseen")) row.setAttribute("aria-description", "to review");
      pick.setAttribute("aria-label", payee ? "Select " + payee : "Select all on this page");
    }
  }

  // --- selection
  function meant() {
    return everything || [...selected].map(Number);
  }

  function pick(row, on) {
    everything = null;
    if (on) selected.add(row.dataset.id); else selected.delete(row.dataset.id);
  }

  function toggle(row, range) {
    const all = rows(), from = all.findIndex((r) => r.dataset.id === anchor), to = all.indexOf(row);
    if (range && from >= 0) all.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((r) => pick(r, true));
    else pick(row, !selected.has(row.dataset.id));
    anchor = row.dataset.id;
    paint(true);
  }

  function clear() {
    selected.clear();
    everything = null;
    paint(false);
  }

  let asked = 0;
  function paint(changed) {
    const all = rows();
    for (const row of all) {
      const on = Boolean(everything) || selected.has(row.dataset.id);
      row.setAttribute("aria-selected", on);
      row.querySelector(".pick").setAttribute("aria-checked", on);
    }
    const head = document.querySelector("#ledger .pick[data-all]");
    const chosen = all.filter((row) => everything || selected.has(row.dataset.id)).length;
    if (head) head.setAttribute("aria-checked", chosen && chosen === all.length ? "true" : chosen ? "mixed" : "false");
    const bar = document.getElementById("bulk");
    if (!bar) return;
    const count = everything ? everything.count : selected.size;
    bar.hidden = !count;
    document.body.classList.toggle("has-bulk", Boolean(count));
    if (!count) return;
    const found = Number(ledger() ? ledger().dataset.count : 0);
    const more = bar.querySelector("[data-bulk=all]");
    more.hidden = Boolean(everything) || found <= all.length || chosen < all.length;
    more.textContent = "Select all " + found;
    if (!changed) return;
    document.getElementById("bulk-count").textContent = count + " selected";
    document.getElementById("bulk-sum").textContent = "";
    clearTimeout(asked);
    asked = setTimeout(ask, 150);
  }

  // Dash drops the answer to an action that another one overtakes: while something is being written nothing is counted.
  let changing = 0;
  function ask() {
    if (waiting || changing) { asked = setTimeout(ask, 150); return; }
    if (everything || selected.size) finance.say("count-rows", meant());
  }

  function changed() {
    clearTimeout(changing);
    changing = 0;
  }

  // --- what has the focus: one cell of the grid is in the tab order
  function home() {
    const row = (place && rowOf(place.id)) || rows()[0];
    if (!row) return null;
    const cells = cellsOf(row);
    return cells[Math.min(place ? place.column : 0, cells.length - 1)];
  }

  function rove() {
    document.querySelectorAll("#ledger [role=gridcell][tabindex='0']").forEach((cell) => { cell.tabIndex = -1; });
    const cell = home();
    if (cell) cell.tabIndex = 0;
  }

  function go(row, column) {
    if (!row) return;
    const cells = cellsOf(row);
    place = { id: row.dataset.id, column: Math.max(0, Math.min(column, cells.length - 1)) };
    rove();
    cells[place.column].focus();
    cells[place.column].scrollIntoView({ block: "nearest" });
  }

  function step(lines, columns) {
    const all = rows(), at = Math.max(0, all.findIndex((r) => place && r.dataset.id === place.id));
    go(all[Math.max(0, Math.min(all.length - 1, at + lines))], (place ? place.column : 0) + columns);
  }

  // --- the editor
  const choices = () => JSON.parse((ledger() && ledger().dataset.choices) || "{}");

  function over(box, target) {
    const at = target.getBoundingClientRect();
    const width = Math.max(at.width, 200);
    box.style.left = Math.max(8, Math.min(at.left, innerWidth - width - 8)) + scrollX + "px";
    box.style.top = at.top + scrollY + "px";
    box.style.width = width + "px";
    box.style.minHeight = at.height + "px";
  }

  function edit(cell) {
    const row = cell.closest(".ledger-row");
    if (!cell.dataset.cell || narrow()) return finance.say("open-transaction", row.dataset.id);
    const column = cellsOf(row).indexOf(cell);
    place = { id: row.dataset.id, column };
    rove();
    const name = cell.dataset.cell, before = cell.dataset.text, seen = row.dataset.revision;
    open(cell, name, before, (value, then) => {
      close();
      if (value !== null && value !== before) send(row.dataset.id, name, value, seen);
      const all = rows(), at = all.findIndex((r) => r.dataset.id === place.id);
      if (then === "down") go(all[Math.min(all.length - 1, at + 1)], column);
      else if (then === "next" || then === "before") {
        const cells = cellsOf(all[at] || row), way = then === "next" ? 1 : -1;
        const next = cells.findIndex((c, i) => (way > 0 ? i > column : false) && c.dataset.cell);
        const last = cells.map((c, i) => (i < column && c.dataset.cell ? i : -1)).filter((i) => i >= 0).pop();
        const to = way > 0 ? next : last;
        if (to === undefined || to < 0) go(all[at], column + way); else { go(all[at], to); edit(cellsOf(all[at])[to]); }
      } else go(all[at], column);
    });
  }

  // Opens an input, or for categories and accounts a list to choose from, over an element; done(value or null, where to go next).
  function open(target, name, before, done) {
    close();
    const box = document.createElement("div");
    box.className = "cell-editor cell-editor-" + name;
    const input = document.createElement("input");
    input.className = "form-control";
    input.setAttribute("aria-label", { note: "Note or #tag", amount: "Amount", payee: "Payee", category: "Category", account: "Account" }[name] || name);
    input.autocomplete = "off";
    box.append(input);
    const options = choices()[name];
    document.body.append(box);
    over(box, target);
    editor = { box, target: place && { ...place }, done };
    if (!options) {
      input.value = before || "";
      input.select();
      input.addEventListener("keydown", (event) => {
        event.stopPropagation();
        const then = { Enter: "down", Tab: event.shiftKey ? "before" : "next" }[event.key];
        if (then) { event.preventDefault(); done(input.value.trim(), then); }
        if (event.key === "Escape") { event.preventDefault(); done(null); }
      });
      input.addEventListener("blur", () => { if (editor && editor.box === box) done(input.value.trim()); });
    } else list_(box, input, options, name, before, done);
    input.focus();
  }

  function list_(box, input, options, name, before, done) {
    const menu = document.createElement("ul");
    menu.className = "listbox";
    menu.id = "cell-options";
    menu.setAttribute("role", "listbox");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-controls", menu.id);
    input.setAttribute("aria-expanded", "true");
    input.placeholder = "Type to search";
    box.append(menu);
    let shown = [], at = 0;
    function draw() {
      const words = input.value.trim().toLowerCase();
      const rank = (o) => (!words ? 1 : o[1].toLowerCase().startsWith(words) ? 4 : o[1].toLowerCase().includes(words) ? 3
        : name === "category" && o[3].split(" ").some((w) => w.startsWith(words)) ? 2 : name === "category" && o[2].toLowerCase().includes(words) ? 1 : 0);
      shown = options.map((o) => [rank(o), o]).filter((r) => r[0]).sort((a, b) => b[0] - a[0]).map((r) => ({ value: String(r[1][0]), text: r[1][1], more: r[1][2] || "", icon: r[1][5], slot: r[1][4] }));
      if (name === "category") {
        if (!words) shown.push({ value: "0", text: "Uncategorised", more: "", icon: "question-circle", slot: 0 });
        else if (!options.some((o) => o[1].toLowerCase() === words)) shown.push({ value: { new: input.value.trim() }, text: "New category \u201c" + input.value.trim() + "\u201d", more: "", icon: "plus-lg", slot: 0 });
      }
      at = Math.max(0, words ? 0 : shown.findIndex((o) => o.value === before));
      menu.replaceChildren(...shown.map((o, i) => {
        const item = document.createElement("li");
        item.setAttribute("role", "option");
        item.id = "cell-option-" + i;
        item.setAttribute("aria-selected", i === at);
        if (o.icon) { const mark = document.createElement("span"); mark.className = "tile"; mark.style.setProperty("--c", o.slot ? `var(--slot-${o.slot})` : "var(--ink-3)"); const image = document.createElement("i"); image.className = "bi bi-" + o.icon; mark.append(image); item.append(mark); }
        const text = document.createElement("span"); text.textContent = o.text; item.append(text);
        if (o.more) { const more = document.createElement("span"); more.className = "caption"; more.textContent = o.more; item.append(more); }
        item.addEventListener("mousedown", (event) => { event.preventDefault(); done(o.value, "stay"); });
        return item;
      }));
      mark();
    }
    function mark() {
      [...menu.children].forEach((item, i) => item.setAttribute("aria-selected", i === at));
      input.setAttribute("aria-activedescendant", "cell-option-" + at);
      if (menu.children[at]) menu.children[at].scrollIntoView({ block: "nearest" });
    }
    input.addEventListener("input", draw);
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); at = (at + (event.key === "ArrowDown" ? 1 : -1) + shown.length) % Math.max(1, shown.length); mark(); }
      const then = { Enter: "down", Tab: event.shiftKey ? "before" : "next" }[event.key];
      if (then) { event.preventDefault(); done(shown[at] && (input.value || event.key === "Enter") ? shown[at].value : null, then); }
      if (event.key === "Escape") { event.preventDefault(); done(null); }
    });
    input.addEventListener("blur", () => setTimeout(() => { if (editor && editor.box === box) done(null, "blur"); }, 120));
    draw();
  }

  function close() {
    if (!editor) return;
    const { box } = editor;
    editor = null;
    box.remove();
  }

  // Edits go out one by one, each with the revision that its row had when its cell was opened, unless it was this tab that
  // wrote the row since: what another tab wrote meanwhile is not overwritten unseen.
  const own = new Set();
  function send(id, name, value, seen) {
    const row = rowOf(id), cell = row && row.querySelector(`[data-cell="${name}"]`);
    if (cell) cell.classList.add("saving");
    queue.push({ id, name, value, seen });
    flush();
  }

  function flush() {
    if (waiting || !queue.length) return;
    const { id, name, value, seen } = queue.shift();
    const row = rowOf(id);
    if (!row) return flush();
    waiting = setTimeout(settled, 6000);
    finance.say("edit-cell", id, { extra: (own.has(row.dataset.revision) ? row.dataset.revision : seen) + " " + name, text: value });
  }

  function settled() {
    clearTimeout(waiting);
    waiting = null;
    document.querySelectorAll("#ledger .saving").forEach((cell) => cell.classList.remove("saving"));
    flush();
  }

  // --- the bar for what is selected
  function bulk(name, button) {
    const rowsMeant = meant();
    const change = (text) => {
      clearTimeout(asked);
      changing = setTimeout(changed, 8000);
      finance.say("change-rows", rowsMeant, { extra: name, text });
    };
    if (name === "none") return clear();
    if (name === "all") { everything = { query: ledger().dataset.query, count: Number(ledger().dataset.count) }; return paint(true); }
    if (["category", "account", "note"].includes(name)) {
      place = place || null;
      open(button, name, "", (value) => { close(); button.focus(); if (value) change(value); });
      editor.box.classList.add("above");
      const at = button.getBoundingClientRect();
      editor.box.style.top = "auto";
      editor.box.style.bottom = innerHeight - at.top + 8 + "px";
      editor.box.style.position = "fixed";
      editor.box.style.left = Math.max(8, Math.min(at.left, innerWidth - 288)) + "px";
      editor.box.style.width = "280px";
      // As high as there is room for, and no list of two rows: where the bar stands high, it lies over it.
      const list = editor.box.querySelector(".listbox"), room = at.top - 72;
      if (list) list.style.maxHeight = Math.max(200, Math.min(320, room)) + "px";
      if (list && room < 200) editor.box.style.bottom = "8px";
      return;
    }
    change("");
  }

  // --- events
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-bulk]");
    if (button) return bulk(button.dataset.bulk, button);
    const tick = event.target.closest("#ledger .pick");
    if (tick && tick.dataset.all) {
      const all = rows(), on = !all.every((r) => selected.has(r.dataset.id)) && !everything;
      everything = null;
      all.forEach((row) => pick(row, on));
      return paint(true);
    }
    const row = event.target.closest("#ledger .ledger-row[data-id]");
    if (!row) return;
    if (tick) return toggle(row, event.shiftKey);
    if (event.target.closest("a, button, .cell-editor")) return;
    if (narrow()) {
      if (held) { held = false; return; }
      return selected.size ? toggle(row, false) : finance.say("open-transaction", row.dataset.id);
    }
    const cell = event.target.closest("[role=gridcell][tabindex]");
    if (cell) edit(cell);
  });

  // A long press selects, where there is no room for a box to tick.
  let held = false, press = 0;
  document.addEventListener("pointerdown", (event) => {
    const row = narrow() && event.target.closest("#ledger .ledger-row[data-id]");
    held = false;
    clearTimeout(press);
    if (row) press = setTimeout(() => { held = true; toggle(row, false); }, 500);
  });
  ["pointerup", "pointercancel", "pointermove"].forEach((name) => document.addEventListener(name, (event) => { if (name !== "pointermove" || Math.abs(event.movementX) + Math.abs(event.movementY) > 4) clearTimeout(press); }));
  document.addEventListener("contextmenu", (event) => { if (narrow() && event.target.closest("#ledger .ledger-row")) event.preventDefault(); });

  document.addEventListener("focusin", (event) => {
    const cell = event.target.closest("#ledger [role=gridcell][tabindex]"), row = cell && cell.closest("[data-id]");
    if (row) { place = { id: row.dataset.id, column: cellsOf(row).indexOf(cell) }; rove(); }
  });

  document.addEventListener("keydown", (event) => {
    if (!ledger() || finance.busy(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const cell = event.target.closest("#ledger [role=gridcell][tabindex]");
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const row = (cell || place) && rowOf(place ? place.id : "");
    const act = (work) => { event.preventDefault(); event.stopImmediatePropagation(); work(); };
    if (cell) {
      const way = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageDown: [10, 0], PageUp: [-10, 0], Home: [0, -9], End: [0, 9] }[event.key];
      if (way) return act(() => step(...way));
      if (key === "Enter" || key === "F2") return act(() => edit(cell));
      if (key === " ") return act(() => toggle(cell.closest("[data-id]"), event.shiftKey));
    }
    if (event.key === "Escape" && (selected.size || everything)) return act(clear);
    if (!finance.keys()) return;
    if (key === "j" || key === "k") return act(() => (place ? step(key === "j" ? 1 : -1, 0) : go(rows()[0], 0)));
    if (key === "x" && row) return act(() => toggle(row, event.shiftKey));
    if (key === "e" && row) return act(() => edit(cell || cellsOf(row)[0]));
    if (key === "s" && row) return act(() => finance.say("open-transaction", row.dataset.id, { extra: "split" }));
    if (key === "c" && selected.size + (everything ? 1 : 0)) return act(() => bulk("category", document.querySelector("[data-bulk=category]")));
    if (key === "c" && row) return act(() => edit(row.querySelector(".cell-category")));
  });

  // --- after the server has drawn anew
  function refreshed() {
    const now = ledger() ? ledger().dataset.query.replace(/&page=\d+/, "") : "";
    if (now !== list) { list = now; selected.clear(); everything = null; place = null; }
    dress();
    paint(false);
    rove();
    if (waiting) settled();
    if (editor && editor.target) {
      const row = rowOf(editor.target.id), cell = row && cellsOf(row)[editor.target.column];
      if (cell && !editor.box.classList.contains("above")) over(editor.box, cell);
    } else if (!editor && place && (document.activeElement === document.body || !document.activeElement)) {
      const cell = home();
      if (cell && document.body.dataset.grid === "on") cell.focus({ preventScroll: true });
    }
  }
  document.addEventListener("focusin", (event) => { document.body.dataset.grid = event.target.closest("#ledger, .cell-editor") ? "on" : "off"; });
  finance.afterDrawing(refreshed);
  // A refused edit may be one of a row that another tab has changed: it is shown as it stands.
  finance.onToast((toast) => { changed(); if (toast.revision) own.add(String(toast.revision)); if (!toast.error || !waiting) return; const last = !queue.length; settled(); if (last) finance.say("look"); });

  finance.selected = (data) => {
    if (data === false) { changed(); return clear(); }
    if (data && !document.getElementById("bulk").hidden) {
      document.getElementById("bulk-count").textContent = data.text;
      document.getElementById("bulk-sum").textContent = data.sum;
    }
  };
})();
