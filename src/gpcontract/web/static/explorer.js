// What pages gain where scripts run; all of them work without.
import { initAll } from "./nhsuk/nhsuk-frontend.min.js";

document.body.className += " js-enabled nhsuk-frontend-supported";
initAll();

// Search as one types, asked for as JSON. On the page of search the list is the page's own; under any other box a few links unfold.
const FEW = 6;
const made = (tag, name, ...inside) => {
  const one = document.createElement(tag);
  one.className = name;
  one.append(...inside);
  return one;
};
const anchor = (href, text) => {
  const to = made("a", "", text);
  to.href = href;
  return to;
};
const address = (wanted) => `/search?q=${encodeURIComponent(wanted)}`;
const item = (row) => {
  const said = made("span", "said", `${row.kind} ${row.code}${row.said ? ` · ${row.said}` : ""}`);
  return made("li", "", anchor(row.address, row.name), " ", said);
};
const rows = (page) => (page.tables.length ? page.tables[0].rows.map(item) : []);

// What a box asks a moment after the last letter; an answer that comes late is not shown.
const live = (box, most, show) => {
  let waiting = 0;
  let latest = 0;
  const find = async () => {
    const turn = ++latest;
    const wanted = box.value.trim();
    const asked = address(wanted).replace("?", ".json?") + (most ? `&most=${most}` : "");
    const answer = wanted ? await fetch(asked).catch(() => null) : null;
    const page = wanted ? answer && answer.ok && (await answer.json()) : { summary: "", tables: [] };
    if (turn === latest && page) show(wanted, page);
  };
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(find, 150);
  });
};

// The arrow keys go from a box to the links under it, and back.
const arrows = (box, list) => {
  const move = (event) => {
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const stops = [box, ...list.querySelectorAll("a")];
    const next = stops[stops.indexOf(document.activeElement) + way];
    if (!way || list.hidden || !stops.includes(document.activeElement)) return;
    event.preventDefault();
    if (next) next.focus();
  };
  box.addEventListener("keydown", move);
  list.addEventListener("keydown", move);
};

const own = document.querySelector("[data-find]");
if (own) {
  const box = own.querySelector("input");
  const list = document.getElementById("results");
  arrows(box, list);
  live(box, 0, (wanted, page) => {
    const more = [];
    if (page.elsewhere) more.push(anchor(address(page.elsewhere), `Look for “${page.elsewhere}” in all of England`));
    if (page.next) more.push(anchor(`${page.next}#found`, `Next: page 2 of ${page.pages}`));
    list.replaceChildren(...rows(page));
    document.getElementById("more").replaceChildren(...more.map((link) => made("p", "", link)));
    document.getElementById("found").textContent = page.summary;
    history.replaceState(null, "", wanted ? `${address(wanted)}&page=1` : "/search"); // the list, also of a code; what is sent is another address
  });
}

for (const form of document.querySelectorAll("form[action^='/search']:not([data-find])")) {
  const box = form.querySelector("input");
  const told = made("p", "nhsuk-u-visually-hidden");
  const hints = made("div", "hints");
  const close = () => (hints.hidden = true);
  told.setAttribute("role", "status");
  close();
  form.querySelector(".nhsuk-form-group").append(told, hints);
  arrows(box, hints);
  live(box, FEW, (wanted, page) => {
    const all = page.found > FEW ? [made("p", "", anchor(`${address(wanted)}#found`, `All ${page.found} found`))] : [];
    const said = page.lead || (page.found ? [] : page.summary);
    hints.replaceChildren(...[said].flat().map((words) => made("p", "", words)), made("ol", "results", ...rows(page)), ...all);
    hints.hidden = !wanted || !form.contains(document.activeElement);
    told.textContent = page.found ? `${page.summary} The down arrow goes to them.` : page.summary;
  });
  box.addEventListener("focus", () => (hints.hidden = !hints.querySelector("li")));
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || hints.hidden) return;
    event.preventDefault();
    box.focus();
    close();
  });
  form.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !form.contains(event.relatedTarget)) close();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!form.contains(event.target)) close();
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A link to something that is folded opens it.
const unfold = () => {
  const aimed = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (aimed instanceof HTMLDetailsElement) {
    aimed.open = true;
    aimed.scrollIntoView();
  }
};
window.addEventListener("hashchange", unfold);
unfold();
