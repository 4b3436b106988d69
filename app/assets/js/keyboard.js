// data-shortcut="n" on a link, button or field: Alt+N goes there. The element says so to assistive technology.
// data-key="1" on a button: the bare key presses it, unless somebody types or has switched such keys off with the
// button data-keys-off (WCAG 2.1.4).

const OFF = "shirehall-keys-off"

export function start() {
  for (const element of document.querySelectorAll("[data-shortcut]")) {
    element.setAttribute("aria-keyshortcuts", "Alt+" + element.dataset.shortcut.toUpperCase())
  }
  startKeys()
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

function startKeys() {
  const elements = [...document.querySelectorAll("[data-key]")]
  if (!elements.length) return
  const toggle = document.querySelector("[data-keys-off]")
  const areOff = () => localStorage.getItem(OFF) === "yes"
  const show = () => {
    for (const element of elements) {
      if (areOff()) element.removeAttribute("aria-keyshortcuts")
      else element.setAttribute("aria-keyshortcuts", element.dataset.key.toUpperCase())
    }
    if (!toggle) return
    toggle.hidden = false
    toggle.textContent = areOff() ? toggle.dataset.keysOn : toggle.dataset.keysOff
  }
  toggle?.addEventListener("click", () => {
    localStorage.setItem(OFF, areOff() ? "no" : "yes")
    show()
  })
  show()
  let pressed = false // one press settles one case, also when the key is held down
  document.addEventListener("keydown", (event) => {
    if (pressed || event.repeat || event.altKey || event.ctrlKey || event.metaKey || areOff()) return
    if (event.target.closest?.("input, select, textarea, [contenteditable]")) return
    const element = elements.find((one) => one.dataset.key === event.key.toLowerCase())
    if (!element) return
    event.preventDefault()
    pressed = true
    element.click()
  })
}
