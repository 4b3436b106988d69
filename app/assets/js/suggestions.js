// <select data-suggest> becomes a box to type in that suggests its choices; the select stays and carries the answer.

import "./accessible-autocomplete.js"

export function start() {
  for (const select of document.querySelectorAll("select[data-suggest]")) {
    window.accessibleAutocomplete.enhanceSelectElement({
      selectElement: select,
      defaultValue: select.selectedOptions[0]?.value ? select.selectedOptions[0].text : "",
      showAllValues: true,
      preserveNullOptions: true,
      autoselect: false,
      confirmOnBlur: false,
      source: (query, show) => show(matching([...select.options].filter((option) => option.value), query)),
    })
  }
}

// Every word typed must begin a word of the choice's text or of its `data-words` (how people say it), in any order.
function matching(options, query) {
  const wanted = words(query)
  return options
    .filter((option) => {
      const there = words(option.text + " " + (option.dataset.words ?? ""))
      return wanted.every((start) => there.some((word) => word.startsWith(start)))
    })
    .map((option) => option.text)
}

function words(text) {
  return text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean)
}
