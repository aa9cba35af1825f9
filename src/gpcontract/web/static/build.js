// The Build page answers at once: a change asks for the page again and puts its outcome in place. Without it the button does.
import { initAll } from "./nhsuk/nhsuk-frontend.min.js";

const form = document.querySelector("form[data-draft]");
const WAIT = 250; // milliseconds after the last key
let waiting, asking;

async function show(whole) {
  asking?.abort();
  asking = new AbortController();
  const outcome = document.getElementById("outcome");
  outcome.setAttribute("aria-busy", "true");
  const asked = new URLSearchParams([...new FormData(form)]);
  try {
    const answer = await fetch(`/build?${asked}`, { signal: asking.signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.getElementById("outcome")) return form.requestSubmit(); // an error page: show it
    history.replaceState(null, "", answer.url);
    document.title = page.title;
    for (const id of [...(whole ? ["draft"] : []), "mistakes", "told", "outcome"]) {
      document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes);
    }
    initAll({ scope: outcome });
  } catch (error) {
    if (error.name !== "AbortError") form.requestSubmit();
  } finally {
    document.getElementById("outcome").removeAttribute("aria-busy");
  }
}

form?.addEventListener("input", (event) => {
  clearTimeout(waiting);
  const typed = event.target.matches("input:not([type=checkbox])");
  if (event.target.name === "title") return;
  const whole = ["base", "year", "add", "drop"].includes(event.target.name);
  waiting = setTimeout(async () => {
    await show(whole);
    if (event.target.name === "add") form.querySelector("fieldset.change:last-of-type input[name=amount]")?.focus();
    else if (whole) document.getElementById(event.target.id)?.focus();
  }, typed ? WAIT : 0);
});
