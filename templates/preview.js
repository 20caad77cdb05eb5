/* The preview's page: asks for the preview, lays the blocks over the pages, and asks again after every save. */
"use strict";

const form = document.getElementById("choice");
const columns = { own: document.getElementById("own"), english: document.getElementById("english") };
const details = document.getElementById("details");
const list = document.getElementById("list");
const WORDS = { translated: "translated", fuzzy: "fuzzy: the English has changed", missing: "not translated", optional: "left in the English form", source: "the English" };
let preview = null, chosen = "", look = "pages", asked = 0;

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

async function refresh() {
  const ticket = ++asked;
  const query = new URLSearchParams(new FormData(form));
  history.replaceState(null, "", `?${query}`);
  const answer = await fetch(`preview?${query}`);
  const got = await answer.json();
  if (ticket !== asked) return;
  faults(got.problems);
  if (got.own) {
    preview = got;
    draw();
  }
  const seconds = got.seconds === undefined ? "" : `, made in ${got.seconds.toFixed(2)} s`;
  document.getElementById("state").textContent = got.own ? `Version ${got.version}${seconds}` : "Not shown: see the problems above.";
}

function faults(problems) {
  const box = document.getElementById("faults");
  box.hidden = !problems.length;
  box.replaceChildren(...problems.map((p) => element("p", {}, `${p.where}: ${p.what} ${p.fix}`)));
}

function draw() {
  document.title = `${preview.own.language} – preview`;
  columns.english.hidden = !preview.english;
  columns.own.classList.toggle("alone", !preview.english);
  document.getElementById("own-name").textContent = preview.own.language;
  for (const name of Object.keys(columns)) if (preview[name]) (look === "pages" ? drawPages : drawEmail)(columns[name].querySelector(".sheets"), preview[name]);
  drawList();
  drawDetails();
}

const byId = () => new Map(preview.blocks.map((block) => [block.id, block]));

function drawPages(box, column) {
  const known = byId(), total = column.pages.length;
  box.querySelectorAll("iframe").forEach((frame) => frame.remove());
  const sheets = [...box.querySelectorAll(".sheet")];
  sheets.slice(total).forEach((sheet) => sheet.remove());
  column.pages.forEach((file, at) => {
    let sheet = sheets[at];
    if (!sheet) {
      sheet = element("div", { class: "sheet" }, element("img", {}));
      box.append(sheet);
    }
    const picture = sheet.querySelector("img");
    if (picture.getAttribute("src") !== `file/${file}`) picture.src = `file/${file}`;
    picture.alt = `Page ${at + 1} of ${total}, ${column.language}`;
    sheet.querySelectorAll(".hit").forEach((hit) => hit.remove());
    for (const place of column.places.filter((each) => each.page === at + 1)) {
      const block = known.get(place.block);
      if (!block) continue;
      // For the mouse; the list of blocks does the same for the keyboard.
      const hit = element("div", { class: "hit", "aria-hidden": "true", "data-block": place.block, title: place.block });
      for (const edge of ["left", "top", "width", "height"]) hit.style[edge] = `${place[edge] * 100}%`;
      if (column === preview.own) {
        hit.classList.toggle("faulty", block.problems.length > 0);
        hit.classList.toggle("undone", block.state === "missing" || block.state === "fuzzy");
      }
      hit.classList.toggle("chosen", place.block === chosen);
      hit.addEventListener("click", () => choose(place.block, box));
      sheet.append(hit);
    }
  });
}

function drawEmail(box, column) {
  box.querySelectorAll(".sheet").forEach((sheet) => sheet.remove());
  let frame = box.querySelector("iframe");
  if (!frame) {
    frame = element("iframe", { sandbox: "allow-same-origin" });
    frame.addEventListener("load", () => readEmail(frame, box));
    box.append(frame);
  }
  frame.title = `E-mail, ${column.language}`;
  if (frame.getAttribute("src") !== `file/${column.email}`) frame.src = `file/${column.email}`;
  else readEmail(frame, box);
}

function readEmail(frame, box) {
  const inside = frame.contentDocument;
  if (!inside || !inside.body) return;
  for (const part of inside.querySelectorAll("[data-block]")) {
    part.style.cursor = "pointer";
    part.style.outline = part.dataset.block === chosen ? "3px solid #0b5563" : "";
    part.onclick = (event) => {
      event.preventDefault();
      choose(part.dataset.block, box);
    };
  }
}

const isOpen = (block) => block.problems.length > 0 || block.state === "missing" || block.state === "fuzzy";

function drawList() {
  const open = preview.blocks.filter(isOpen).length;
  document.getElementById("todo").textContent = open ? `${open} of ${preview.blocks.length} blocks need work` : "Nothing is left to do.";
  document.getElementById("next").disabled = !open;
  const kept = document.activeElement && list.contains(document.activeElement) ? document.activeElement.dataset.block : "";
  list.replaceChildren(...preview.blocks.map((block) => {
    const button = element("button", { type: "button", "data-block": block.id, "aria-current": block.id === chosen ? "true" : null });
    if (isOpen(block)) button.append(element("span", { class: "mark" }, "● "));
    button.append(block.id);
    if (isOpen(block)) button.append(` – ${block.problems.length ? `${block.problems.length} to put right` : WORDS[block.state]}`);
    button.addEventListener("click", () => choose(block.id));
    return element("li", {}, button);
  }));
  if (kept) list.querySelector(`[data-block="${kept}"]`)?.focus();
}

function drawDetails() {
  const block = byId().get(chosen);
  if (!block) return;
  const row = (name, ...values) => [element("dt", {}, name), ...values];
  const own = { lang: preview.own.locale, dir: preview.own.direction };
  const parts = [element("h3", {}, block.id)];
  for (const problem of block.problems) parts.push(element("p", { class: "problem" }, element("strong", {}, problem.severity === "error" ? "Error: " : "Look: "), `${problem.what} ${problem.fix}`));
  const rows = [...row("State", element("dd", {}, WORDS[block.state] + (block.safety ? " · safety: a person in danger reads this" : ""))), ...row("English", element("dd", { lang: "en" }, block.english))];
  if (block.previous) rows.push(...row("The English it was made from", element("dd", { lang: "en" }, element("del", {}, block.previous))));
  if (block.note) rows.push(...row("Note", element("dd", { lang: "en" }, block.note)));
  if (block.state !== "source") {
    rows.push(...row("Translation", element("dd", block.text ? own : {}, block.text || "none yet")));
    rows.push(...row("To edit it", element("dd", {}, element("code", {}, block.where))));
  }
  parts.push(element("dl", {}, ...rows));
  if (block.state !== "source") {
    const copy = element("button", { type: "button" }, "Copy the place");
    copy.addEventListener("click", () => navigator.clipboard.writeText(block.where));
    parts.push(copy);
  }
  details.replaceChildren(...parts);
}

function choose(id, from) {
  chosen = id;
  for (const part of document.querySelectorAll(".hit")) part.classList.toggle("chosen", part.dataset.block === id);
  for (const button of list.querySelectorAll("button")) {
    if (button.dataset.block === id) {
      button.setAttribute("aria-current", "true");
      button.scrollIntoView({ block: "nearest" });
    } else button.removeAttribute("aria-current");
  }
  drawDetails();
  for (const column of Object.values(columns)) {
    const box = column.querySelector(".sheets"), frame = box.querySelector("iframe");
    if (frame) readEmail(frame, box);
    if (box === from) continue;
    const part = frame ? frame.contentDocument?.querySelector(`[data-block="${id}"]`) : box.querySelector(`.hit[data-block="${id}"]`);
    part?.scrollIntoView({ block: "center" });
  }
}

document.getElementById("next").addEventListener("click", () => {
  const at = preview.blocks.findIndex((block) => block.id === chosen);
  const order = [...preview.blocks.slice(at + 1), ...preview.blocks.slice(0, at + 1)];
  const next = order.find(isOpen);
  if (next) choose(next.id);
});

for (const name of ["pages", "email"]) {
  document.getElementById(`as-${name}`).addEventListener("click", () => {
    look = name;
    for (const each of ["pages", "email"]) document.getElementById(`as-${each}`).setAttribute("aria-pressed", String(each === name));
    if (preview) draw();
  });
}

form.addEventListener("change", refresh);
form.addEventListener("submit", (event) => event.preventDefault());
new EventSource("versions").onmessage = refresh;
