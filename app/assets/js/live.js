// htmx, with everything off that would turn text from a page into code: the site's policy forbids it anyway,
// and so a mistake shows here at once instead of only in a browser's console.

import htmx from "./htmx.js"

function refused() {
  throw new Error("Expressions in hx- attributes are off: use plain values, or a script of its own.")
}

htmx.registerExtension("no-expressions", { init: (api) => api.initSecurity(null, refused, refused) })

htmx.config.mode = "same-origin"
htmx.config.includeIndicatorCSS = false
htmx.config.history = false
// An error page is never put inside another page; 422 is a form that came back with its messages.
htmx.config.noSwap = [204, 304, "40x", "41x", "429", "5xx"]
// What a staff member types must not be lost to a slow answer.
htmx.config.defaultTimeout = 20000
