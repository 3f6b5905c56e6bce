// Lists whose items choose their own place (a select each) can be dragged and moved by buttons as well: what is moved
// only sets the selects, which are what is posted. Without this file the selects do.
const list = node => node.closest?.("[data-sortable]")
const place = item => item.querySelector("select")

const number = (within, moved) => {
  const items = [...within.children]
  const fresh = items.every(item => !place(item).value)
  let next = 1
  for (const item of items) if (fresh || item === moved || place(item).value) place(item).value = next++
  const name = moved.querySelector("label").textContent
  const words = within.dataset.moved.replace("{step}", name).replace("{place}", place(moved).value)
  within.parentElement.querySelector("[data-sorted]").textContent = words
  place(moved).dispatchEvent(new Event("change", { bubbles: true }))
}

document.addEventListener("click", event => {
  const button = event.target.closest?.("[data-move]")
  if (!button) return
  const item = button.closest("li")
  const other = button.dataset.move < 0 ? item.previousElementSibling : item.nextElementSibling
  if (other) other[button.dataset.move < 0 ? "before" : "after"](item)
  number(list(item), item)
  button.focus()
})

// A place chosen from the list moves the item there, so that what is seen is what is said.
document.addEventListener("change", event => {
  const within = event.isTrusted && list(event.target)
  if (!within) return
  const item = event.target.closest("li")
  const ranked = [...within.children].filter(each => each !== item && place(each).value)
  const wanted = Number(event.target.value)
  const before = wanted ? ranked[wanted - 1] : null
  if (before) before.before(item)
  else if (wanted && ranked.length) ranked.at(-1).after(item)
  else if (wanted) within.prepend(item)
  else within.append(item)
  event.target.focus()
})

document.addEventListener("pointerdown", event => {
  const grip = event.target.closest?.("[data-sortable] .grip")
  if (!grip || event.button) return
  const item = grip.closest("li")
  const move = at => {
    for (const other of item.parentElement.children) {
      const box = other.getBoundingClientRect()
      if (other === item || at.clientY < box.top || at.clientY > box.bottom) continue
      const below = at.clientY > box.top + box.height / 2
      if (below !== (other === item.previousElementSibling && below)) other[below ? "after" : "before"](item)
    }
  }
  const drop = () => {
    item.classList.remove("lifted")
    removeEventListener("pointermove", move)
    number(list(item), item)
  }
  item.classList.add("lifted")
  event.preventDefault()
  addEventListener("pointermove", move)
  addEventListener("pointerup", drop, { once: true })
  addEventListener("pointercancel", drop, { once: true })
})

document.documentElement.classList.add("sortable")
