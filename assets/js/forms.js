// Comforts of the drawer: what a payee was last used for, sums as they are typed, parts that add up.
(function () {
  const entry = (target) => target.closest && target.closest("form.entry");
  const part = (form, name) => form.querySelector(`[name="${name}"]`);

  // What follows a field hears of it as if it had been typed.
  function put(field, value) {
    if (!field || field.value === value) return;
    field.value = value;
    field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input", { bubbles: true }));
  }

  // Cents as whole numbers with their count of decimals; null where it is no sum. The server reads it again, exactly.
  function sum(text, point) {
    const terms = text.trim().split(/\s+([+\-\u2212])\s+/);
    let total = 0n, places = 0;
    const read = [];
    for (let i = 0; i < terms.length; i += 2) {
      const clean = terms[i].replace(/[^\d.,\-\u2212+]/g, "").replace("\u2212", "-");
      const other = point === "," ? "." : ",";
      let digits = clean.split(other).join("");
      if (!clean.includes(point) && /^[-+]?\d+[.,]\d{1,2}$/.test(clean)) digits = clean.replace(other, point);
      const match = /^([-+]?)(\d{1,15})(?:[.,](\d{1,4}))?$/.exec(digits.replace(point, "."));
      if (!match) return null;
      places = Math.max(places, (match[3] || "").length);
      read.push([(i > 0 && terms[i - 1] !== "+") !== (match[1] === "-"), match[2], match[3] || ""]);
    }
    for (const [minus, whole, rest] of read) total += BigInt(whole + rest.padEnd(places, "0")) * (minus ? -1n : 1n);
    return { total, places, terms: read.length };
  }

  function written(total, places, point) {
    const sign = total < 0n ? "\u2212" : "", digits = (total < 0n ? -total : total).toString().padStart(places + 1, "0");
    return sign + (places ? digits.slice(0, -places) + point + digits.slice(-places) : digits);
  }

  function hint(form) {
    const field = part(form, "amount"), note = field.closest(".field").querySelector(".caption"), point = form.dataset.point;
    const found = sum(field.value, point);
    // What stood there is the server's, in the words of the country.
    if (note.dataset.hint === undefined) note.dataset.hint = note.textContent;
    note.textContent = found && found.terms > 1 ? "= " + written(found.total, found.places, point) : note.dataset.hint;
  }

  // What of the amount no part has yet: {total, places}; null while something is no amount or there is no part.
  function unassigned(form) {
    const point = form.dataset.point, whole = sum(part(form, "amount").value, point);
    const parts = [...form.querySelectorAll("[name^='part-amount-']")].filter((f) => f.value.trim()).map((f) => sum(f.value, point));
    if (!whole || !parts.length || parts.includes(null)) return null;
    const places = Math.max(whole.places, ...parts.map((p) => p.places));
    const scaled = (s) => s.total * 10n ** BigInt(places - s.places);
    return { total: scaled(whole) - parts.reduce((a, p) => a + scaled(p), 0n), places };
  }

  function rest(form) {
    const note = form.querySelector(".rest"), left = unassigned(form);
    if (!note) return;
    if (!left) { note.textContent = ""; return; }
    const size = written(left.total < 0n ? -left.total : left.total, left.places, form.dataset.point);
    note.textContent = left.total === 0n ? "Adds up" : size + (left.total > 0n ? " left to assign" : " too much");
    note.classList.toggle("wrong", left.total !== 0n);
  }

  function across(form) {
    const currencies = JSON.parse(form.dataset.currencies || "{}"), to = part(form, "to");
    const one = currencies[part(form, "account").value], two = to && currencies[to.value];
    form.toggleAttribute("data-across", Boolean(one && two && one !== two));
  }

  // Known payees are a household's hundreds: they come when the first form opens, and again when they have changed.
  const list = () => document.getElementById("known-payees");
  const payees = () => list() ? [...list().options] : [];
  const offers = (field, value) => [...field.options].some((option) => option.value === value);
  window.finance.afterDrawing(() => {
    const form = document.querySelector("#form form.entry");
    if (form && (!list() || list().dataset.stamp !== form.dataset.known)) window.finance.say("known-payees");
  }, "form");

  function remembered(form) {
    const known = payees().find((option) => option.value === part(form, "payee").value);
    if (!known || part(form, "id").value || form.dataset.filled === part(form, "payee").value) return;
    form.dataset.filled = part(form, "payee").value;
    const category = part(form, "category"), account = part(form, "account"), filled = [];
    if (category.value === "0" && known.dataset.category !== "0" && offers(category, known.dataset.category)) { put(category, known.dataset.category); filled.push(category.selectedOptions[0].text); }
    if (!form.dataset.chosen && offers(account, known.dataset.account)) { put(account, known.dataset.account); filled.push(account.selectedOptions[0].text); }
    const field = part(form, "payee").closest(".field");
    let note = field.querySelector(".filled");
    if (!note) { note = document.createElement("span"); note.className = "caption filled"; note.setAttribute("role", "status"); field.append(note); }
    note.textContent = filled.length ? "Filled from last time: " + filled.join(", ") : "";
  }

  function fill(form, values) {
    const side = form.querySelector(`[name=direction][value=${values.direction}], [value=${values.direction}][type=radio]`);
    if (side) side.click();
    form.dataset.chosen = "1";
    for (const name of ["amount", "payee", "category", "account"]) put(part(form, name), values[name]);
    part(form, "amount").focus();
  }

  // One more part, empty, as those the server said.
  function another(row, place) {
    const made = row.cloneNode(true);
    made.querySelectorAll(".field-error").forEach((note) => note.remove());
    made.querySelectorAll(".wrong").forEach((field) => field.classList.remove("wrong"));
    for (const field of made.querySelectorAll("input, select")) {
      field.name = field.name.replace(/\d+$/, place);
      if (field.id) field.id = field.id.replace(/\d+$/, place);
      field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+$/, place + 1));
      field.removeAttribute("aria-describedby");
      field.value = field.tagName === "SELECT" ? "0" : "";
    }
    return made;
  }

  // The next part takes what is left over; another amount may be typed over it.
  document.addEventListener("focusin", (event) => {
    const form = entry(event.target);
    if (!form || !/^part-amount-[1-9]\d*$/.test(event.target.name || "") || event.target.value) return;
    const left = unassigned(form);
    if (left && left.total > 0n) { put(event.target, written(left.total, left.places, form.dataset.point)); event.target.select(); rest(form); }
  });

  document.addEventListener("input", (event) => {
    const form = entry(event.target);
    if (!form) return;
    if (event.target.name === "amount") hint(form);
    if (/^(amount|part-amount-\d+)$/.test(event.target.name)) rest(form);
    if (event.target.name === "payee") remembered(form);
  });
  document.addEventListener("change", (event) => {
    const form = entry(event.target);
    if (!form) return;
    if (event.target.name === "account" && event.isTrusted) form.dataset.chosen = "1";
    if (event.target.name === "account" || event.target.name === "to") across(form);
    if (event.target.name === "payee") remembered(form);
  });
  document.addEventListener("toggle", (event) => { const form = entry(event.target); if (form) rest(form); }, true);
  document.addEventListener("click", (event) => {
    const filler = event.target.closest("[data-fill]"), more = event.target.closest("[data-more=part]"), picker = event.target.closest("[data-pick]");
    if (filler) fill(entry(filler), JSON.parse(filler.dataset.fill));
    if (more) {
      const rows = entry(more).querySelectorAll(".part-row"), last = rows[rows.length - 1];
      if (rows.length < Number(more.dataset.most)) { last.after(another(last, rows.length)); last.nextElementSibling.querySelector("input").focus(); }
    }
    if (picker) {
      const field = document.getElementById(picker.dataset.pick), calendar = document.createElement("input");
      calendar.type = "date";
      calendar.className = "visually-hidden";
      calendar.tabIndex = -1;
      picker.after(calendar);
      calendar.addEventListener("change", () => { if (calendar.value) put(field, calendar.value); calendar.remove(); field.focus(); });
      calendar.addEventListener("cancel", () => calendar.remove());
      if (calendar.showPicker) calendar.showPicker();
    }
  });
  document.addEventListener("keydown", (event) => {
    const form = entry(event.target) || document.querySelector(".offcanvas.show form.entry");
    if (!form) return;
    if (event.key === "Enter" && event.shiftKey) {
      const again = form.querySelector("button[name=again]");
      if (again) { event.preventDefault(); form.requestSubmit(again); }
    }
    if (event.altKey && /^[1-3]$/.test(event.key)) {
      const filler = form.querySelectorAll("[data-fill]")[Number(event.key) - 1];
      if (filler) { event.preventDefault(); filler.click(); }
    }
  });
})();
