// A scatter of thousands: one link goes to the point that is nearest to the pointer, and says whose it is. The list has the same links.
const REACH = 12; // pixels
const svg = document.querySelector("#points svg");
const link = svg.querySelector("a");
const ring = link.firstElementChild;
const told = document.getElementById("pointed");
const points = [...svg.querySelectorAll(".dots")].flatMap((path) => {
  const [codes, said] = [path.dataset.codes.split(" "), path.dataset.said.split("\n")];
  const places = path.getAttribute("d").slice(1, -2).split("h0M");
  return places.map((place, i) => [...place.split(" ").map(Number), codes[i], said[i]]);
});
let chosen = null;
let fresh = false; // whether a finger has just come to this point: the first tap says whose it is, the second opens it

function nearest(event) {
  const box = svg.getBoundingClientRect();
  let found = null;
  let least = REACH ** 2;
  for (const point of points) {
    const across = (point[0] / 100) * box.width + box.left - event.clientX;
    const down = point[1] + box.top - event.clientY;
    const far = across ** 2 + down ** 2;
    if (far < least) [found, least] = [point, far];
  }
  return found;
}

function choose(event) {
  const found = nearest(event);
  if (event.type === "pointerdown") fresh = event.pointerType === "touch" && found !== chosen;
  if (!found || found === chosen) return;
  chosen = found;
  const [across, down, code, said] = found;
  ring.setAttribute("cx", `${across}%`);
  ring.setAttribute("cy", down);
  ring.setAttribute("r", REACH);
  link.setAttribute("href", `/practice/${encodeURIComponent(code)}${link.dataset.asked}`);
  const page = document.createElement("a");
  page.href = link.getAttribute("href");
  page.textContent = said;
  told.replaceChildren(page);
}

svg.addEventListener("pointermove", choose);
svg.addEventListener("pointerdown", choose);
link.addEventListener("click", (event) => fresh && event.preventDefault());
