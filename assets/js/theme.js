// Sets the theme before the first paint, so that nothing flashes. The cookie tells the server what the figures are drawn in.
(function () {
  const choice = (document.cookie.match(/(?:^|; )theme=(light|dark)/) || [])[1];
  const theme = choice || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  document.documentElement.setAttribute("data-bs-theme", theme);
  // Charts are drawn on the server; on a narrow screen their labels are shorter.
  document.cookie = "narrow=" + (innerWidth < 768 ? 1 : 0) + "; path=/; max-age=31536000; samesite=lax";
  if (!choice) document.cookie = "seen_theme=" + theme + "; path=/; max-age=31536000; samesite=lax";
})();
