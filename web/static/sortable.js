// Lists whose items choose their own place (a select each) can be dragged and moved by buttons as well: what is moved
// only sets the selects, which are what is posted. Without this file the selects do.
const list = node => node.closest?.("[data-sortable]")
const place = item => item.querySelector("select")
let own = false // whether a change is ours

// Places from 1 in the order seen, for those that have one.
const number = within => {
  let next = 1
  for (const item of within.children) if (place(item).value) place(item).value = next++
}

// The first move gives every item its place: the list as it lies then is the answer. Where each is placed by itself
// ("one"), those with a place go first.
const moved = item => {
  const within = list(item)
  const one = within.dataset.sortable === "one"
  const fresh = !one && [...within.children].every(each => !place(each).value)
  for (const each of within.children) if (fresh || each === item) place(each).value ||= "1"
  number(within)
  if (one) within.prepend(...[...within.children].filter(each => place(each).value))
  const words = within.dataset[place(item).value ? "moved" : "none"].replace("{step}", item.querySelector("label").textContent)
  within.parentElement.querySelector("[data-sorted]").textContent = words.replace("{place}", place(item).value)
  own = true
  place(item).dispatchEvent(new Event("change", { bubbles: true }))
  own = false
}

document.addEventListener("click", event => {
  const button = event.target.closest?.("[data-move]")
  if (!button) return
  const item = button.closest("li")
  const up = button.dataset.move < 0
  const other = up ? item.previousElementSibling : item.nextElementSibling
  if (other) other[up ? "before" : "after"](item)
  moved(item)
  button.focus()
})

// A place chosen from the list moves the item there; whoever had it makes room.
document.addEventListener("change", event => {
  const within = !own && event.target.matches?.("select") && list(event.target)
  if (!within) return
  const item = event.target.closest("li")
  const wanted = Number(event.target.value)
  const others = [...within.children].filter(each => each !== item)
  const taken = others.some(each => Number(place(each).value) === wanted)
  const before = others.find(each => !place(each).value || (wanted && Number(place(each).value) > wanted))
  const ranked = others.filter(each => place(each).value)
  const next = !wanted ? null : taken ? ranked[wanted - 1] ?? before : before
  within.insertBefore(item, next ?? null)
  if (taken) number(within)
  event.target.focus()
}, true)

document.addEventListener("pointerdown", event => {
  const grip = event.target.closest?.("[data-sortable] .grip")
  if (!grip || event.button) return
  const item = grip.closest("li")
  const move = at => {
    for (const other of item.parentElement.children) {
      const box = other.getBoundingClientRect()
      if (other === item || at.clientY < box.top || at.clientY > box.bottom) continue
      other[at.clientY > box.top + box.height / 2 ? "after" : "before"](item)
    }
  }
  const drop = () => {
    item.classList.remove("lifted")
    removeEventListener("pointermove", move)
    removeEventListener("pointerup", drop)
    removeEventListener("pointercancel", drop)
    moved(item)
  }
  item.classList.add("lifted")
  event.preventDefault()
  addEventListener("pointermove", move)
  addEventListener("pointerup", drop)
  addEventListener("pointercancel", drop)
})

document.documentElement.classList.add("sortable")
