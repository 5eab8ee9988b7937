// Files on their way in: chosen, or dropped anywhere on the import page. They are sent one after the other, each with a
// line that says how far it is; one that is refused stays with its sentence, and the others go on.
(function () {
  const { show, go, OFFLINE } = window.finance;
  const make = (tag, className, text) => { const made = document.createElement(tag); made.className = className || ""; if (text) made.textContent = text; return made; };
  const zone = () => document.getElementById("upload");
  const NUMBER = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  // Upwards: what is just too large must not look as if it were not.
  const size = (bytes) => bytes < 2 ** 20 ? Math.ceil(bytes / 1024) + "\u00a0KB" : NUMBER.format(Math.ceil(bytes * 10 / 2 ** 20) / 10) + "\u00a0MB";
  // Controls of direction in a file's name, as dashboard/directions.py shows them: "gpj.exe" must not read as a picture.
  const MARKS = { "\u061c": "ALM", "\u200e": "LRM", "\u200f": "RLM", "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO", "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI" };
  const shown = (text) => text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (control) => "\u27e8" + MARKS[control] + "\u27e9");
  const named = (count) => count + " file" + (count === 1 ? "" : "s");

  // The field and the lines are this script's; Dash, which may draw the page anew meanwhile, only has the places for them.
  const input = make("input"), box = make("section"), said = make("p", "visually-hidden"), list = make("ol", "card-box sending");
  input.type = "file";
  input.multiple = true;
  input.setAttribute("aria-label", "Choose your bank's files");
  input.addEventListener("change", () => { const files = [...input.files]; input.value = ""; take(files); });
  said.setAttribute("role", "status");
  box.setAttribute("aria-label", "Files being read");
  list.hidden = true;
  box.append(said, list);
  window.finance.afterDrawing(() => {
    const target = document.querySelector("#upload .drop"), place = document.getElementById("sending");
    if (target && !target.contains(input)) target.append(input);
    if (place && !place.contains(box)) place.append(box);
    const here = document.querySelector(".waiting [aria-current]");
    if (here && !here.dataset.seen) { here.dataset.seen = "1"; here.scrollIntoView({ block: "nearest", inline: "center" }); }
  });

  const queue = [];
  let sending = null, drafts = [], refused = [], book = null;

  function take(files) {
    if (!files.length) return;
    if (!sending) { list.replaceChildren(); drafts = []; refused = []; book = null; }
    const { to, most, refusal } = zone().dataset;
    for (const { file, folder } of files.map((one) => one instanceof File ? { file: one } : one)) {
      const line = draw(file);
      if (folder) refuse(line, "This is a folder. Drop the files that are in it.");
      else if (file.size > Number(most)) refuse(line, refusal);
      else queue.push(Object.assign(line, { to }));
    }
    list.hidden = false;
    if (!sending) next();
  }

  function draw(file) {
    const line = make("li", "file-row"), name = make("span", "ellipsis name", shown(file.name)), state = make("span", "state", "Waiting"), bar = make("div", "bar");
    const tile = make("span", "tile"), icon = make("i", "bi bi-file-earmark-text");
    icon.setAttribute("aria-hidden", "true");
    tile.append(icon);
    name.title = shown(file.name);
    bar.setAttribute("role", "progressbar");
    bar.setAttribute("aria-label", shown(file.name));
    bar.append(make("span"));
    line.append(tile, name, make("span", "caption size", size(file.size)), state, bar);
    list.append(line);
    const made = { file, line, state, bar };
    sent(made, 0, "Waiting");
    return made;
  }

  function sent({ state, bar }, share, words) {
    const percent = Math.floor(share * 100);
    bar.setAttribute("aria-valuenow", percent);
    bar.firstElementChild.style.width = percent + "%";
    state.textContent = words || `Sending ${percent}\u00a0%`;
  }

  // How long reading takes nobody knows before: a bar without a value.
  function reading({ file, line, state, bar }) {
    line.classList.add("reading");
    bar.removeAttribute("aria-valuenow");
    bar.setAttribute("aria-valuetext", "Reading\u2026");
    bar.firstElementChild.style.width = "";
    state.textContent = "Reading\u2026";
    said.textContent = `Reading ${shown(file.name)}`;
  }

  function close({ line, bar }, className, image) {
    line.classList.remove("reading");
    line.classList.add(className);
    line.querySelector("i").className = "bi bi-" + image;
    bar.remove();
  }

  function read(row) {
    close(row, "read", "check-lg");
    row.state.textContent = "Read";
    said.textContent = `${shown(row.file.name)} is read`;
  }

  function refuse(row, sentence) {
    refused.push({ name: shown(row.file.name), sentence });
    close(row, "refused", "exclamation-triangle");
    row.state.textContent = sentence;
    row.state.setAttribute("role", "alert");
  }

  // The token as Dash finds it for its own requests: its cookie has another name where there is HTTPS.
  function token() {
    const name = JSON.parse(document.getElementById("_dash-config").textContent).csrf_token_name;
    const found = document.cookie.split("; ").find((one) => one.startsWith(name + "="));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }

  function next() {
    const row = sending = queue.shift();
    if (!row) return finish();
    const asked = new XMLHttpRequest(), form = new FormData();
    form.append("file", row.file, row.file.name);
    asked.open("POST", row.to);
    asked.setRequestHeader("X-CSRFToken", token());
    asked.upload.addEventListener("progress", (event) => sent(row, event.lengthComputable ? event.loaded / event.total : 0));
    asked.upload.addEventListener("load", () => reading(row));
    asked.addEventListener("load", () => answered(row, asked));
    asked.addEventListener("error", () => refuse(row, OFFLINE));
    asked.addEventListener("loadend", next);
    sent(row, 0);
    said.textContent = `Sending ${shown(row.file.name)}`;
    asked.send(form);
  }

  function answered(row, asked) {
    let answer = {};
    try { answer = JSON.parse(asked.responseText); } catch { /* Something before our server has answered; the status says what. */ }
    if (asked.status === 401) {
      queue.length = drafts.length = 0;
      book = null;
      return location.assign("/sign-in?expired=1&next=" + encodeURIComponent(location.pathname + location.search));
    }
    if (answer.draft) drafts.push(answer.draft);
    // A whole book takes the place of everything, files that wait included.
    else if (answer.href) { drafts = []; book = answer; }
    else return refuse(row, answer.error || (asked.status === 413 ? zone() && zone().dataset.refusal : "") || `The server could not take this file (${asked.status}). Nothing was changed; try again.`);
    read(row);
  }

  function finish() {
    list.querySelectorAll(".read").forEach((line) => line.remove());
    list.hidden = !list.children.length;
    const done = drafts.length + (book ? 1 : 0);
    said.textContent = refused.length ? `${named(done)} read, ${named(refused.length)} refused` : `${named(done)} read`;
    if (!done) return;
    if (book) {
      show({ message: book.message });
      // Another book's revision may be a lower one: any value that is new draws the page anew.
      window.dash_clientside.set_props("revision", { data: String(Math.random()) });
    }
    const href = drafts.length ? "/import?draft=" + drafts[0] : book.href;
    if (refused.length && zone()) {
      const one = refused.length === 1;
      show({ error: one ? `${refused[0].name}: ${refused[0].sentence}` : `${named(refused.length)} were refused: ${refused.map((r) => r.name).join(", ")}. The import page says why.` });
    }
    // Who has gone on to another page is not fetched back from it.
    if (zone() || book) { go(href); window.scrollTo(0, 0); }
    else show({ message: `${named(drafts.length)} read and waiting for you`, more: { label: "Check", href } });
  }

  const carries = (event) => zone() && event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  function over(count) {
    document.body.classList.toggle("dragging", count > 0);
    const words = document.querySelector(".drop-words");
    if (words && count) words.textContent = `Drop to read ${named(count)}`;
  }
  document.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    // Some browsers tell how many only when they are dropped.
    over([...event.dataTransfer.items].filter((item) => item.kind === "file").length || 1);
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) over(0); });
  document.addEventListener("drop", (event) => {
    over(0);
    if (!carries(event)) return;
    event.preventDefault();
    take([...event.dataTransfer.items].filter((item) => item.kind === "file").map((item) => {
      const entry = item.webkitGetAsEntry && item.webkitGetAsEntry();
      return { file: item.getAsFile(), folder: Boolean(entry && entry.isDirectory) };
    }).filter((one) => one.file));
  }, true);
})();
