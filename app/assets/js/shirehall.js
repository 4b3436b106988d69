// The one script a page loads. Everything works without it; what a page doesn't use is not fetched.

import { initAll } from "./govuk-frontend.js"

initAll()

const has = (selector) => document.querySelector(selector) !== null

if (has('[data-module^="moj-"]')) import("./moj-frontend.js").then((moj) => moj.initAll())
if (has("[hx-get], [hx-post]")) import("./live.js")
if (has("select[data-suggest]")) import("./suggestions.js").then((suggestions) => suggestions.start())
if (has("[data-shortcut], [data-key]")) import("./keyboard.js").then((keyboard) => keyboard.start())
if (has("form[data-guard-leaving]")) import("./leaving.js").then((leaving) => leaving.start())
if (has("[data-print]")) import("./printing.js").then((printing) => printing.start())
if (has("form[data-desk]")) import("./desk.js").then((desk) => desk.start())
