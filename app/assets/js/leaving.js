// <form data-guard-leaving>: the browser asks before typed words are thrown away by a stray click.

export function start() {
  for (const form of document.querySelectorAll("form[data-guard-leaving]")) {
    let changed = form.dataset.guardLeaving === "changed" // the server sent back what was typed: it isn't saved yet
    form.addEventListener("input", () => (changed = true))
    form.addEventListener("submit", () => (changed = false))
    window.addEventListener("beforeunload", (event) => changed && event.preventDefault())
  }
}
