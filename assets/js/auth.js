// Comforts of the sign-in pages; they work without.
(function () {
  // Another person's steps, or those of another day, are not this session's.
  sessionStorage.removeItem("steps");
  const zone = document.getElementById("zone");
  if (zone) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

  document.querySelectorAll("[data-reveal]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const input = document.getElementById(button.dataset.reveal);
      input.type = input.type === "password" ? "text" : "password";
      button.setAttribute("aria-pressed", String(input.type === "text"));
    });
  });

  // A slip in the part after the @ would lock its owner out for good: no mail is ever sent.
  const KNOWN = ["gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "me.com", "proton.me", "protonmail.com",
    "gmx.de", "gmx.net", "gmx.at", "web.de", "t-online.de", "freenet.de", "posteo.de", "mailbox.org", "fastmail.com", "orange.fr", "laposte.net", "wanadoo.fr", "libero.it", "aol.com"];

  // How many letters were left out, added, mistaken or swapped with their neighbour.
  function slips(a, b) {
    const d = Array.from({ length: a.length + 1 }, (_, i) => [i]);
    for (let j = 1; j <= b.length; j++) d[0][j] = j;
    for (let i = 1; i <= a.length; i++) {
      for (let j = 1; j <= b.length; j++) {
        d[i][j] = Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
    return d[a.length][b.length];
  }

  // Short names are near each other by chance: gmx.at and gmx.de are both meant.
  const meant = (domain) => KNOWN.includes(domain) || domain.length < 7 ? "" : KNOWN.find((known) => known.length > 7 && slips(domain, known) === 1) || "";

  document.querySelectorAll("[data-typo]").forEach((hint) => {
    const input = document.getElementById(hint.dataset.typo);
    input.addEventListener("input", () => { hint.hidden = true; });
    input.addEventListener("change", () => {
      const at = input.value.lastIndexOf("@");
      const better = at > 0 ? meant(input.value.slice(at + 1).trim().toLowerCase()) : "";
      hint.hidden = !better;
      if (!better) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "link btn-hint";
      button.textContent = better;
      button.addEventListener("click", () => { input.value = input.value.slice(0, at + 1) + better; hint.hidden = true; input.focus(); });
      hint.replaceChildren("Did you mean ", button, "?");
    });
  });

  // Length is what counts; the server refuses what everybody uses.
  const STEPS = [[1, 15, "heading", "At least 8 characters"], [8, 40, "heading", "Long enough; longer is stronger"], [12, 70, "pace", "Good"], [16, 100, "pace", "Strong"]];
  document.querySelectorAll("[data-strength]").forEach((line) => {
    const input = document.getElementById(line.dataset.strength);
    input.addEventListener("input", () => {
      const step = STEPS.filter(([least]) => [...input.value].length >= least).pop();
      line.hidden = !step;
      if (!step) return;
      const [, share, state, words] = step;
      line.querySelector(".meter").className = "meter " + state;
      line.querySelector(".meter span").style.width = share + "%";
      const text = line.querySelector(".caption");
      if (text.textContent !== words) text.textContent = words;
    });
  });
})();
