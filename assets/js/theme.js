// Sets what this browser has chosen before the first paint, so that nothing flashes: the theme, whether messages stay
// (data-keep=on) and whether single keys do nothing (data-keys=off). The cookies tell the server what figures are drawn in.
(function () {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const cookie = (name) => (document.cookie.match("(?:^|; )" + name + "=([^;]*)") || [])[1];
  const remember = (name, value) => { document.cookie = name + "=" + value + "; path=/; max-age=31536000; samesite=lax"; };

  function apply() {
    const said = cookie("theme");
    const choice = said === "light" || said === "dark" ? said : "";
    const theme = choice || (system.matches ? "dark" : "light");
    root.setAttribute("data-bs-theme", theme);
    if (!choice) remember("seen_theme", theme);
    for (const [name, value] of [["keep", "on"], ["keys", "off"]]) {
      if (cookie(name) === value) root.dataset[name] = value; else delete root.dataset[name];
    }
    return theme;
  }

  // Figures are drawn on the server: an open page asks for them again.
  function redraw() {
    const before = root.getAttribute("data-bs-theme");
    const theme = apply();
    if (theme !== before && document.getElementById("page") && window.dash_clientside) window.dash_clientside.set_props("theme", { data: theme });
  }

  apply();
  // Charts on a narrow screen have shorter labels.
  remember("narrow", innerWidth < 768 ? 1 : 0);
  system.addEventListener("change", redraw);
  document.addEventListener("appearance", redraw);
})();
