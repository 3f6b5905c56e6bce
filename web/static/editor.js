// What htmx leaves to the editor: dragging, shortcuts, a fresh preview, and waiting for a save before leaving.
// Every edit works without this file.
(() => {
  const form = document.getElementById("form")
  if (!form) return
  const saved = document.getElementById("saved")
  const frame = document.getElementById("preview")
  let dirty = false, busy = false, left = ""

  const save = () => form.dispatchEvent(new Event("change"))
  const press = id => { const button = document.getElementById(id); if (button && !button.disabled) button.click() }

  form.addEventListener("input", () => { dirty = true })
  form.addEventListener("submit", () => { dirty = false; left = "" })
  document.addEventListener("htmx:before:request", event => {
    if (event.detail.ctx.sourceElement === form) { busy = true; dirty = false }
  })
  document.addEventListener("htmx:after:request", event => {
    const { sourceElement, response } = event.detail.ctx
    if (sourceElement !== form) return
    busy = false
    if (response.status >= 500) dirty = true
    if (frame && !dirty) frame.contentWindow.location.reload()
    if (left && !dirty && response.status < 400) location.href = left
    left = ""
  })
  document.addEventListener("htmx:error", event => {
    if (event.detail.ctx?.sourceElement !== form) return
    busy = false
    dirty = true
    saved.textContent = document.querySelector(".editor").dataset.unsaved
    setTimeout(save, 5000)
  })
  addEventListener("beforeunload", event => { if (dirty) event.preventDefault() })
  document.addEventListener("click", event => {
    const link = event.target.closest("a[href]")
    if (!link || link.target || event.ctrlKey || event.metaKey || link.getAttribute("href").startsWith("#")) return
    if (!dirty && !busy) return
    event.preventDefault()
    left = link.href
    if (!busy) save()
  })

  // Shows the open question in the preview without moving the page around it.
  const reveal = () => {
    const place = frame.contentDocument?.getElementById(frame.dataset.show)
    if (place) frame.contentWindow.scrollTo(0, place.offsetTop - 16)
  }
  frame?.addEventListener("load", reveal)
  if (frame?.contentDocument?.readyState === "complete") reveal()

  const retype = document.getElementById("retype")
  retype?.addEventListener("change", event => {
    event.stopPropagation()
    const button = retype.nextElementSibling
    form.requestSubmit(button)
  })

  document.addEventListener("keydown", event => {
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select")
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "z" && !typing) {
      event.preventDefault()
      press(event.shiftKey ? "redo" : "undo")
    } else if (event.altKey && event.key === "ArrowUp") {
      event.preventDefault()
      press("up")
    } else if (event.altKey && event.key === "ArrowDown") {
      event.preventDefault()
      press("down")
    } else if (event.altKey && event.key.toLowerCase() === "n") {
      event.preventDefault()
      press("add-question")
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      const entry = event.target.closest(".inline-fields")
      const list = event.target.closest(".list")
      if (entry && event.target.matches("textarea") && list) {
        event.preventDefault()
        list.querySelector(":scope > .actions [data-add]")?.click()
      }
    }
  })

  // Dragging questions within the outline, and entries within their list.
  const moving = document.getElementById("moving")
  let dragged = null
  const items = "[data-list] > li"
  const arm = () => { for (const each of document.querySelectorAll("#outline [data-list] > li")) each.draggable = true }
  arm()
  document.addEventListener("htmx:after:swap", arm)
  document.addEventListener("dragstart", event => {
    dragged = event.target.closest(items)
    if (dragged) event.dataTransfer.effectAllowed = "move"
  })
  document.addEventListener("dragover", event => {
    const list = event.target.closest("[data-list]")
    if (!dragged || !list || !document.getElementById("outline").contains(list)) return
    event.preventDefault()
    for (const each of document.querySelectorAll(".drop")) each.classList.remove("drop")
    ;(event.target.closest(items) ?? list).classList.add("drop")
  })
  document.addEventListener("drop", event => {
    const list = event.target.closest("[data-list]")
    if (!dragged || !list) return
    event.preventDefault()
    const before = event.target.closest(items)
    if (before === dragged) return
    moving.elements.moved.value = dragged.dataset.place
    moving.elements.to.value = list.dataset.list
    moving.elements.before.value = before?.dataset.place ?? ""
    moving.submit()
  })
  document.addEventListener("dragend", () => {
    dragged = null
    for (const each of document.querySelectorAll(".drop")) each.classList.remove("drop")
  })
})()
