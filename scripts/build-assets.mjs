// Builds app/static/build from app/assets and node_modules: style sheets, scripts and pictures with their content's
// hash in the name, and manifest.json, which the application reads. Safe to run while a server is up: new files are
// added first, the manifest is switched by rename, and only then do old files go.

import { createHash } from "node:crypto"
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises"
import { dirname, extname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import * as sass from "sass"

const root = join(dirname(fileURLToPath(import.meta.url)), "..")
const sources = join(root, "app/assets")
const packages = join(root, "node_modules")
const out = process.argv[2] ?? join(root, "app/static/build")
const moj = join(packages, "@ministryofjustice/frontend/moj")

// Order matters: a file may name only what stands above it, because its own hash covers their hashed names.
const SCRIPTS = [
  ["govuk-frontend.js", join(packages, "govuk-frontend/dist/govuk/govuk-frontend.min.js")],
  ["moj-frontend.js", join(moj, "moj-frontend.min.js")],
  ["htmx.js", join(packages, "htmx.org/dist/htmx.esm.min.js")],
  ["accessible-autocomplete.js", join(packages, "accessible-autocomplete/dist/accessible-autocomplete.min.js")],
  ["live.js", join(sources, "js/live.js")],
  ["suggestions.js", join(sources, "js/suggestions.js")],
  ["keyboard.js", join(sources, "js/keyboard.js")],
  ["leaving.js", join(sources, "js/leaving.js")],
  ["printing.js", join(sources, "js/printing.js")],
  ["desk.js", join(sources, "js/desk.js")],
  ["shirehall.js", join(sources, "js/shirehall.js")],
]

const manifest = {}

async function keep(name, content) {
  const bytes = Buffer.from(content)
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12)
  const hashed = name.slice(0, -extname(name).length) + "-" + hash + extname(name)
  await mkdir(dirname(join(out, hashed)), { recursive: true })
  await writeFile(join(out, hashed), bytes)
  manifest[name] = hashed
}

async function pictures() {
  for (const name of await readdir(join(sources, "images"))) {
    await keep(name, await readFile(join(sources, "images", name)))
  }
}

function withoutSourceMap(text) {
  return text.replace(/\/\*# sourceMappingURL=.*?\*\/|\/\/# sourceMappingURL=.*$/gm, "")
}

// The crown, the crest and the fonts of gov.uk are for gov.uk only: their rules go, whatever package brings them.
const OFFICIAL = /crown|crest|copyright-logo|licence-logo|logotype/

function withoutOfficialMarks(css) {
  let kept = ""
  for (let at = 0; at < css.length; ) {
    const open = css.indexOf("{", at)
    const end = css.indexOf(";", at)
    if (open < 0 || (end >= 0 && end < open)) {
      const stop = end < 0 ? css.length : end + 1
      kept += css.slice(at, stop)
      at = stop
      continue
    }
    let depth = 1
    let close = open + 1
    while (depth) {
      if (css[close] === "{") depth++
      if (css[close] === "}") depth--
      close++
    }
    const head = css.slice(at, open)
    const body = css.slice(open + 1, close - 1)
    if (/^\s*@(media|supports|layer|container)/.test(head)) {
      const inner = withoutOfficialMarks(body)
      if (inner.trim()) kept += `${head}{${inner}}`
    } else {
      const selectors = head.split(",").filter((selector) => !OFFICIAL.test(selector))
      if (selectors.length) kept += `${selectors.join(",")}{${body}}`
    }
    at = close
  }
  return kept
}

function compile(name) {
  const options = {
    loadPaths: [packages],
    style: "compressed",
    quietDeps: true,
  }
  return sass.compile(join(sources, "scss", name), options).css
}

async function mojStyles() {
  let css = await readFile(join(moj, "moj-frontend.min.css"), "utf8")
  css = css.replace(/"?GDS Transport"?,\s*arial/gi, '"Helvetica Neue",Arial')
  css = withoutOfficialMarks(withoutSourceMap(css))
  for (const url of new Set(css.match(/\/assets\/images\/[a-z-]+\.svg/g))) {
    const name = "moj/" + url.slice("/assets/images/".length)
    await keep(name, await readFile(join(moj, "assets/images", name.slice(4))))
    css = css.replaceAll(url, manifest[name])
  }
  return css
}

async function styles() {
  await keep("shirehall.css", withoutOfficialMarks(compile("shirehall.scss")))
  // shirehall.css sets the colours; said again by the design system's defaults they would be undone.
  const colours = /:root\{--govuk[^}]*\}|@media print\{:root\{--govuk[^}]*\}\}/g
  await keep("staff.css", ((await mojStyles()) + withoutOfficialMarks(compile("staff.scss"))).replace(colours, ""))
}

async function scripts() {
  for (const [name, file] of SCRIPTS) {
    const text = withoutSourceMap(await readFile(file, "utf8"))
    const linked = text.replace(/"\.\/([a-z-]+\.js)"/g, (whole, other) => {
      if (manifest[other]) return `"./${manifest[other]}"`
      if (file.startsWith(sources)) throw new Error(`${name} names ${other}, which is not built before it`)
      return whole
    })
    await keep(name, linked)
  }
}

async function refuseOfficialMarks() {
  for (const hashed of Object.values(manifest)) {
    const text = await readFile(join(out, hashed), "latin1")
    if (/GDS Transport/i.test(text)) throw new Error(`${hashed} names a typeface that is not ours to use`)
  }
}

async function removeOld() {
  const wanted = new Set([...Object.values(manifest), "manifest.json"])
  for (const entry of await readdir(out, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && !wanted.has(path.slice(out.length + 1))) await rm(path)
  }
}

await mkdir(out, { recursive: true })
await pictures()
await styles()
await scripts()
await refuseOfficialMarks()
await writeFile(join(out, ".manifest.json.new"), JSON.stringify(manifest, null, 2) + "\n")
await rename(join(out, ".manifest.json.new"), join(out, "manifest.json"))
await removeOld()
