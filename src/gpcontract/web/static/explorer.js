// What pages gain where scripts run; all of them work without.
import { initAll } from "./nhsuk/nhsuk-frontend.min.js";

document.body.className += " js-enabled nhsuk-frontend-supported";
initAll();

// Search as one types: the list under the box is the page's own, asked for as JSON.
const form = document.querySelector("[data-find]");
const list = document.getElementById("results");
if (form && list) {
  const box = form.querySelector("input");
  const told = document.getElementById("found");
  let waiting = 0;
  let latest = 0;
  const item = (row) => {
    const made = document.createElement("li");
    const to = document.createElement("a");
    to.href = row.address;
    to.textContent = row.name;
    const said = document.createElement("span");
    said.className = "said";
    said.textContent = `${row.kind} ${row.code}${row.said ? ` · ${row.said}` : ""}`;
    made.append(to, " ", said);
    return made;
  };
  const find = async () => {
    const turn = ++latest;
    const wanted = box.value.trim();
    const answer = wanted ? await fetch(`/search.json?q=${encodeURIComponent(wanted)}`).catch(() => null) : null;
    if (turn !== latest || (wanted && !(answer && answer.ok))) return;
    const page = wanted ? await answer.json() : { summary: "", tables: [] };
    if (turn !== latest) return;
    list.replaceChildren(...(page.tables.length ? page.tables[0].rows.map(item) : []));
    told.textContent = page.summary;
    history.replaceState(null, "", wanted ? `/search?q=${encodeURIComponent(wanted)}` : "/search");
  };
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(find, 150);
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
