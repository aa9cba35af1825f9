// What pages gain where scripts run; all of them work without.
import { initAll } from "./nhsuk/nhsuk-frontend.min.js";

document.body.className += " js-enabled nhsuk-frontend-supported";
initAll();
