// How far a run is, asked for every second and a half; when it ends the page is opened anew. Without it there is a link.
const far = document.getElementById("far");
const bar = document.getElementById("bar");
const address = location.pathname.replace(/\/$/, "") + ".json" + location.search;
const SAID = { waiting: () => "Waiting for its turn.", running: (run) => `${run.done} of ${run.draws} done.` };
let before = "";

async function look() {
  const answer = await fetch(address, { cache: "no-store" }).catch(() => null);
  const run = answer && (await answer.json().catch(() => null));
  if (run && !(run.state in SAID)) return location.reload();
  if (run) {
    const words = SAID[run.state](run);
    if (words !== before) far.textContent = before = words; // said aloud once
    bar.value = run.done;
  }
  setTimeout(look, 1500);
}

if (far && bar) setTimeout(look, 1500);
