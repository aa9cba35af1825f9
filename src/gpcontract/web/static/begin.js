// Tells the style sheet that scripts run, before anything is drawn.
document.documentElement.className += " js-enabled" + ("noModule" in HTMLScriptElement.prototype ? " nhsuk-frontend-supported" : "");
