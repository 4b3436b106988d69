// data-shortcut="n" on a link, button or field: Alt+N goes there. The element says so to assistive technology.

export function start() {
  for (const element of document.querySelectorAll("[data-shortcut]")) {
    element.setAttribute("aria-keyshortcuts", "Alt+" + element.dataset.shortcut.toUpperCase())
  }
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return
    const key = event.code.replace(/^(Key|Digit)/, "").toLowerCase() // Alt changes `key` itself on some keyboards
    const element = document.querySelector(`[data-shortcut="${CSS.escape(key)}"]`)
    if (!element) return
    event.preventDefault()
    if (element.matches("input, select, textarea")) element.focus()
    else element.click()
  })
}
