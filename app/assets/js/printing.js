// <button data-print hidden>: shown only where it can work.

export function start() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false
    button.addEventListener("click", () => window.print())
  }
}
