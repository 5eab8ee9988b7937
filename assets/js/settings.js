// What belongs to this browser alone is kept in its cookies; theme.js reads them. And a form that saves as one chooses.
(function () {
  const STANDARD = { theme: "system", keep: "off", keys: "on" };

  function choose(button) {
    const [name, value] = button.dataset.value.split("=");
    if (!(name in STANDARD)) return;
    const keep = value === STANDARD[name] ? "; max-age=0" : "; max-age=31536000";
    document.cookie = name + "=" + value + "; path=/; samesite=lax" + keep;
    button.parentElement.querySelectorAll("[data-act=appearance]").forEach((other) => {
      other.classList.toggle("on", other === button);
      other.setAttribute("aria-pressed", String(other === button));
    });
    document.dispatchEvent(new Event("appearance"));
  }

  // Before app.js hears it: the server has no part in this.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act=appearance]");
    if (!button) return;
    event.preventDefault();
    event.stopPropagation();
    choose(button);
  }, true);

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-now]");
    if (form) form.requestSubmit();
  });
})();
