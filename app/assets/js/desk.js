// The call form while it is being typed: suggestions under two boxes, and whose job it is, beside each question.
// The form works without any of this. Nothing that somebody has typed is ever replaced by an answer from the server.

const TYPING = 250 // milliseconds of quiet before the server is asked
const TYPED = "input:not([type=hidden]), select, textarea"

export function start() {
  for (const form of document.querySelectorAll("form[data-desk]")) new Desk(form)
}

class Desk {
  constructor(form) {
    this.form = form
    this.asking = new Map()
    this.waiting = new Map()
    for (const box of form.querySelectorAll("[data-combobox]")) this.suggestIn(box)
    for (const matter of this.matters()) {
      this.askOnlyWhatFits(matter)
      if (hasNews(matter)) this.answerSoon(matter, 0)
    }
    this.workIn(this.matters()[0])
    form.addEventListener("input", (event) => this.typed(event))
    form.addEventListener("change", (event) => this.changed(event))
    form.addEventListener("focusin", (event) => this.workIn(event.target.closest("[data-matter].shirehall-matter")))
    form.addEventListener("click", (event) => this.pressed(event))
    form.addEventListener("keydown", (event) => this.keyed(event))
    form.addEventListener("submit", (event) => this.sent(event))
    window.addEventListener("pageshow", () => this.free())
  }

  matters() {
    return [...this.form.querySelectorAll(".shirehall-matter")]
  }

  field(matter, name) {
    return this.form.elements[`m${matter.dataset.matter}-${name}`]
  }

  // --- what the server is asked -----------------------------------------------------------------------------------

  // One question of each kind is under way at a time: a newer one drops the older.
  async ask(kind, path, data) {
    this.asking.get(kind)?.abort()
    const stop = new AbortController()
    this.asking.set(kind, stop)
    const late = setTimeout(() => stop.abort("late"), 20000)
    try {
      const answer = await fetch(path, { method: "POST", body: data, signal: stop.signal, redirect: "error" })
      if (!answer.ok) throw new Error(String(answer.status))
      const text = await answer.text()
      return this.asking.get(kind) === stop ? text : null
    } catch (error) {
      if (stop.signal.aborted && stop.signal.reason !== "late") return null
      this.say("The page cannot look things up just now. Go on typing: saving still works.")
      return null
    } finally {
      clearTimeout(late)
    }
  }

  // The page's token, and nothing else that was typed.
  small(fields) {
    const data = new URLSearchParams({ csrf_token: this.form.elements.csrf_token.value, door: this.form.dataset.door })
    for (const [name, value] of Object.entries(fields)) data.set(name, value)
    return data
  }

  soon(kind, action, wait = TYPING) {
    clearTimeout(this.waiting.get(kind))
    this.waiting.set(kind, setTimeout(action, wait))
  }

  say(words) {
    const state = this.form.querySelector("#desk-state")
    if (state.textContent !== words) state.textContent = words
  }

  // --- whose job it is --------------------------------------------------------------------------------------------

  typed(event) {
    const matter = event.target.closest(".shirehall-matter")
    if (!matter || event.target.matches("[type=radio], [type=checkbox]")) return
    if (event.target.name.endsWith("-about")) this.field(matter, "service").value = ""
    this.answerSoon(matter)
  }

  changed(event) {
    const matter = event.target.closest(".shirehall-matter")
    if (!matter) return
    this.askOnlyWhatFits(matter)
    this.answerSoon(matter, 0)
  }

  answerSoon(matter, wait) {
    this.soon("answer" + matter.dataset.matter, () => this.answer(matter), wait)
  }

  async answer(matter) {
    const number = matter.dataset.matter
    const data = new URLSearchParams(new FormData(this.form))
    data.set("n", number)
    const html = await this.ask("answer" + number, "/staff/desk/answer", data)
    if (html === null) return
    const parts = new DOMParser().parseFromString(html, "text/html")
    this.showAnswer(matter, parts)
    this.askOnlyWhatFits(matter)
  }

  showAnswer(matter, parts) {
    for (const part of parts.querySelectorAll("[data-part]")) {
      const here = document.getElementById(part.id)
      if (part.id.endsWith("-answer")) swapAnswer(here, part)
      else if (names(here) !== names(part)) swapKeeping(here, part)
    }
    const said = parts.querySelector("[data-said]")?.dataset.said
    if (said) this.say(said)
    relabel(matter, parts)
  }

  // A question that depends on another is hidden, and not sent, until the other's answer asks for it.
  askOnlyWhatFits(matter) {
    matter.classList.add("shirehall-matter--live")
    for (const question of matter.querySelectorAll(".shirehall-question[data-when]")) {
      const wanted = Object.entries(JSON.parse(question.dataset.when))
      const fits = wanted.every(([id, answers]) => answers.some((answer) => this.given(matter, id).includes(answer)))
      question.hidden = !fits
      for (const field of question.querySelectorAll(TYPED)) field.disabled = !fits
    }
  }

  given(matter, question) {
    const fields = matter.querySelectorAll(`[name="m${matter.dataset.matter}-q-${CSS.escape(question)}"]`)
    return [...fields]
      .filter((field) => !field.disabled && (!field.matches("[type=radio], [type=checkbox]") || field.checked))
      .map((field) => field.value)
  }

  choose(matter, slug, title) {
    this.field(matter, "service").value = slug
    this.field(matter, "about").value = title
    this.answerSoon(matter, 0)
  }

  // --- the two boxes with suggestions -----------------------------------------------------------------------------

  suggestIn(box) {
    const input = box.querySelector("input:not([type=hidden])")
    if (box.dataset.combobox === "callers") {
      new Suggestions(input, {
        fetch: (words) => this.ask("callers", "/staff/desk/callers", this.small({ find: words })),
        choose: (option) => (option.dataset.join ? this.join(option.dataset.join) : this.chooseCaller(option.dataset.value)),
        nothing: "Nobody found: take their details below",
        shortest: 2,
      })
    } else {
      const matter = box.closest(".shirehall-matter")
      new Suggestions(input, {
        fetch: (words) => this.ask("services", "/staff/desk/services", this.small({ words })),
        choose: (option) => this.choose(matter, option.dataset.value, option.dataset.text),
        nothing: null,
        shortest: 2,
      })
    }
  }

  async chooseCaller(person) {
    const number = this.current?.dataset.matter ?? "1"
    const html = await this.ask("caller", "/staff/desk/caller", this.small({ person, n: number }))
    if (html === null) return
    const caller = this.form.querySelector("#caller")
    caller.innerHTML = html
    this.form.querySelector("#found").replaceChildren()
    const record = caller.querySelector("[data-caller]")
    this.takeSafeWays(record)
    caller.querySelector("#caller-name").focus()
  }

  // What they said last time is where the question starts; a tick already made on this call stands.
  takeSafeWays(record) {
    const ticks = [...this.form.querySelectorAll("[name=safe]")]
    if (!ticks.some((tick) => tick.checked)) {
      const ways = record.dataset.safe.split(" ")
      for (const tick of ticks) tick.checked = ways.includes(tick.value)
    }
    if (!this.form.elements.hours.value) this.form.elements.hours.value = record.dataset.hours
  }

  forgetCaller() {
    this.form.querySelector("#caller").replaceChildren()
    for (const tick of this.form.querySelectorAll("[name=safe]")) tick.checked = false
    this.form.elements.find.value = ""
    this.form.elements.find.focus()
  }

  // --- buttons and keys -------------------------------------------------------------------------------------------

  pressed(event) {
    const button = event.target.closest("button")
    if (!button) return
    const matter = button.closest(".shirehall-matter")
    let done = true
    if (button.dataset.join) this.join(button.dataset.join, matter)
    else if (button.matches(".shirehall-pick")) this.pick(matter, button)
    else if ("check" in button.dataset) this.answerSoon(matter, 0)
    else if ("addMatter" in button.dataset) this.addMatter()
    else if ("clearCaller" in button.dataset) this.forgetCaller()
    else if (button.value === "find") this.form.elements.find.dispatchEvent(new Event("input", { bubbles: true }))
    else done = false
    if (done) event.preventDefault()
  }

  pick(matter, button) {
    this.choose(matter, button.dataset.value, button.dataset.text)
    this.field(matter, "place").focus()
  }

  // Beside a caller or a nearby report: it joins the question that is being worked on.
  join(reference, near) {
    const matter = near ?? this.current
    this.field(matter, "join").value = reference
    matter.querySelector(".shirehall-matter__end").open = true
    this.answerSoon(matter, 0)
    this.field(matter, "text").focus()
  }

  async addMatter() {
    const count = this.form.elements.matters
    const number = Number(count.value) + 1
    const html = await this.ask("matter", "/staff/desk/matter", this.small({ n: number }))
    if (html === null || document.getElementById("m" + number)) return
    const list = this.form.querySelector("#matters")
    list.insertAdjacentHTML("beforeend", html)
    const matter = list.lastElementChild
    if (matter.dataset.matter !== String(number)) return void matter.remove() // as many as the form takes
    count.value = number
    this.suggestIn(matter.querySelector("[data-combobox]"))
    this.askOnlyWhatFits(matter)
    this.field(matter, "about").focus()
  }

  // The keys Q, W, T, J and O belong to the question that is being worked on.
  workIn(matter) {
    if (!matter || matter === this.current) return
    this.current = matter
    for (const other of this.matters()) {
      for (const element of other.querySelectorAll("[data-shortcut], [data-shortcut-here]")) {
        const letter = element.dataset.shortcut ?? element.dataset.shortcutHere
        element.dataset.shortcutHere = letter
        if (other === matter) element.dataset.shortcut = letter
        else delete element.dataset.shortcut
        if (other === matter) element.setAttribute("aria-keyshortcuts", "Alt+" + letter.toUpperCase())
        else element.removeAttribute("aria-keyshortcuts")
      }
    }
  }

  // A stray Enter in the middle of a call sends nothing.
  keyed(event) {
    if (event.key !== "Enter" || !event.target.matches("input")) return
    event.preventDefault()
    const matter = event.target.closest(".shirehall-matter")
    if (matter) this.answerSoon(matter, 0)
  }

  sent(event) {
    if (this.isSending) return event.preventDefault()
    if (event.submitter && "save" in event.submitter.dataset) {
      this.isSending = true
      this.say("Saving …")
    }
  }

  free() {
    this.isSending = false
  }
}

// A box with a list under it, as the ARIA Authoring Practices describe: focus stays in the box.
class Suggestions {
  constructor(input, { fetch, choose, nothing, shortest }) {
    Object.assign(this, { input, fetch, choose, nothing, shortest, at: -1 })
    this.list = document.createElement("div")
    this.list.id = input.id + "-list"
    this.list.className = "shirehall-suggestions"
    this.list.setAttribute("role", "listbox")
    this.list.setAttribute("aria-label", "Suggestions")
    this.list.hidden = true
    this.none = document.createElement("p")
    this.none.className = "shirehall-suggests__none"
    this.none.textContent = nothing
    this.none.hidden = true
    input.after(this.list, this.none)
    input.parentElement.classList.add("shirehall-suggests")
    input.setAttribute("role", "combobox")
    input.setAttribute("aria-autocomplete", "list")
    input.setAttribute("aria-expanded", "false")
    input.setAttribute("aria-controls", this.list.id)
    input.addEventListener("input", () => this.typed())
    input.addEventListener("keydown", (event) => this.keyed(event))
    input.addEventListener("blur", () => this.close())
    this.list.addEventListener("mousedown", (event) => event.preventDefault())
    this.list.addEventListener("click", (event) => this.take(event.target.closest("[role=option]")))
    if (document.activeElement === input) this.typed() // typed before this script had come
  }

  options() {
    return [...this.list.querySelectorAll("[role=option]")]
  }

  typed() {
    clearTimeout(this.timer)
    const words = this.input.value.trim()
    if (words.length < this.shortest) return this.close()
    this.timer = setTimeout(() => this.look(words), TYPING)
  }

  async look(words) {
    const html = await this.fetch(words)
    if (html === null || this.input.value.trim() !== words || document.activeElement !== this.input) return
    this.list.innerHTML = html
    for (const [index, option] of this.options().entries()) option.id = `${this.list.id}-${index}`
    this.none.hidden = this.options().length > 0 || !this.nothing
    if (!this.options().length) return this.shut()
    this.list.hidden = false
    this.input.setAttribute("aria-expanded", "true")
    this.point(-1)
  }

  close() {
    clearTimeout(this.timer)
    this.none.hidden = true
    this.shut()
  }

  shut() {
    this.list.hidden = true
    this.input.setAttribute("aria-expanded", "false")
    this.point(-1)
  }

  point(at) {
    const options = this.options()
    this.at = options.length ? (at + options.length + 1) % (options.length + 1) : -1
    if (at === -1 || this.at === options.length) this.at = -1
    for (const [index, option] of options.entries()) option.setAttribute("aria-selected", String(index === this.at))
    const option = options[this.at]
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id)
      option.scrollIntoView({ block: "nearest" })
    } else this.input.removeAttribute("aria-activedescendant")
  }

  keyed(event) {
    const open = !this.list.hidden
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault()
      if (!open) return this.typed()
      const last = this.options().length - 1
      if (event.key === "ArrowDown") this.point(this.at + 1)
      else this.point(this.at === -1 ? last : this.at - 1)
    } else if (event.key === "Enter" && open && this.at >= 0) {
      event.preventDefault()
      event.stopPropagation()
      this.take(this.options()[this.at])
    } else if (event.key === "Escape" && open) {
      event.preventDefault()
      this.close()
    }
  }

  take(option) {
    if (!option) return
    this.input.value = option.dataset.text
    this.close()
    this.choose(option)
  }
}

// Whether something was typed before this script had come.
function hasNews(matter) {
  return [...matter.querySelectorAll("input:not([type]), input[type=text], textarea")].some((field) => field.value !== field.defaultValue)
}

// Which fields there are and what they offer, whatever is filled in.
function names(part) {
  const offered = (field) => {
    if (field.matches("select")) return [...field.options].map((option) => option.value).join()
    return field.matches("[type=radio], [type=checkbox], [type=hidden]") ? field.value : ""
  }
  return [...part.querySelectorAll("input, select, textarea")].map((field) => `${field.name}=${offered(field)}`).join("\n")
}

// The answer is replaced only when it says something else, so that a warning is not read out again and again.
function swapAnswer(here, part) {
  if (here.innerHTML === part.innerHTML) return
  const at = here.contains(document.activeElement) ? document.activeElement.value : null
  here.innerHTML = part.innerHTML
  if (at) here.querySelector(`button[value="${CSS.escape(at)}"]`)?.focus()
}

// What was typed since the server was asked is newer than what it answers.
function swapKeeping(here, part) {
  const typed = new Map()
  for (const field of here.querySelectorAll(TYPED)) {
    const ticked = field.matches("[type=radio], [type=checkbox]")
    if (!ticked || field.checked) typed.set(ticked ? `${field.name}=${field.value}` : field.name, field.value)
  }
  const focused = here.contains(document.activeElement) ? document.activeElement.id : null
  here.innerHTML = part.innerHTML
  for (const field of here.querySelectorAll(TYPED)) {
    if (field.matches("[type=radio], [type=checkbox]")) field.checked ||= typed.has(`${field.name}=${field.value}`)
    else if (typed.has(field.name)) field.value = typed.get(field.name)
  }
  if (focused) document.getElementById(focused)?.focus()
}

function relabel(matter, parts) {
  const id = `m${matter.dataset.matter}-place`
  const label = matter.querySelector(`label[for="${id}"]`)
  const words = parts.querySelector("template[data-place-label]")?.content.textContent
  if (words) label.childNodes[0].textContent = ` ${words} `
  const hint = document.getElementById(id + "-hint")
  const more = parts.querySelector("template[data-place-hint]")?.content.textContent
  if (hint && more) hint.textContent = more
}
