// The drawer of a rule: what it would find follows what is typed, and the drawer of a transaction leads to it.
(function () {
  const finance = window.finance;
  let later = 0, told = "";
  const said = (form) => Object.fromEntries([...new FormData(form).entries()].filter(([name]) => name !== "seen"));

  function ask(form) {
    if (!form.isConnected) return;
    const now = said(form), key = JSON.stringify([form.querySelector("[name=id]").value, { ...now, apply: "" }]);
    if (key === told) return fresh(form);
    told = key;
    finance.say("preview-rule", "", { fields: now });
  }

  function fresh(form) {
    form.querySelector("#rule-preview").removeAttribute("aria-busy");
  }

  finance.afterDrawing(() => document.querySelectorAll("form.rule-form").forEach(fresh), "form");

  function typed(event) {
    const form = event.target.closest && event.target.closest("form.rule-form");
    if (!form || event.target.name === "apply") return;
    form.querySelector("#rule-preview").setAttribute("aria-busy", "true");
    clearTimeout(later);
    later = setTimeout(() => ask(form), event.type === "change" ? 0 : 300);
  }
  document.addEventListener("input", typed);
  document.addEventListener("change", typed);
  // Another drawer is another rule: the first thing typed there is asked for.
  document.addEventListener("focusin", (event) => { if (event.target.id === "drawer") told = ""; });

  // What was typed into a transaction is kept before the rule takes its place.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-always]"), form = button && button.closest("form");
    if (form && form.reportValidity()) finance.say(form.dataset.act, form.dataset.value, { fields: Object.fromEntries(new FormData(form).entries()), extra: "always" });
  });
})();
