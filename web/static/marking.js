// Marking by keyboard: a digit chooses that level of the criterion at hand and goes on to the next one,
// Ctrl or ⌘ and Enter save. Every page works without this file.
(() => {
  const form = document.getElementById("mark")
  if (!form) return
  const criteria = [...form.querySelectorAll(".criterion")]
  const chosen = each => each.querySelector(":checked")

  addEventListener("keydown", event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return form.requestSubmit()
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (event.target.matches("textarea, [type=number], select") || !/^[1-9]$/.test(event.key)) return
    const at = criteria.indexOf(event.target.closest?.(".criterion"))
    const here = at >= 0 ? at : criteria.findIndex(each => !chosen(each))
    const level = criteria[here]?.querySelectorAll("input")[event.key - 1]
    if (!level) return
    event.preventDefault()
    level.checked = true
    level.dispatchEvent(new Event("change", { bubbles: true }))
    const next = criteria[here + 1]
    if (next) next.querySelector("input").focus()
    else form.elements.comment.focus()
  })

  criteria.find(each => !chosen(each))?.querySelector("input").focus({ preventScroll: true })
})()
