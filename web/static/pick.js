// Searching a long list, and the sum of shares that must add up. Every page works without this file.
const lists = new WeakMap()

const search = field => {
  const list = document.getElementById(field.dataset.seeks)
  if (!list) return
  if (!lists.has(list)) lists.set(list, [...list.options])
  const words = field.value.trim().toLowerCase().split(/\s+/)
  const wanted = lists.get(list).filter(each => each.selected || !each.value || words.every(word => each.text.toLowerCase().includes(word)))
  list.replaceChildren(...wanted)
  list.size = field.value.trim() ? Math.min(Math.max(wanted.length, 2), 8) : 0
}

const add = field => {
  const told = document.getElementById(`sum-${field.dataset.sums}`)
  const shares = document.querySelectorAll(`[data-sums="${field.dataset.sums}"]`)
  const left = Number(told.dataset.total) - [...shares].reduce((sum, each) => sum + (Number(each.value) || 0), 0)
  told.hidden = false
  told.textContent = (left ? told.dataset[left > 0 ? "left" : "over"] : told.dataset.done).replace("#", Math.abs(left))
}

const begin = () => {
  for (const field of document.querySelectorAll("[data-seeks]")) field.hidden = false
  for (const told of document.querySelectorAll("[id^=sum-]")) add(document.querySelector(`[data-sums="${told.id.slice(4)}"]`))
}

document.addEventListener("input", event => {
  const { dataset } = event.target
  if (dataset.seeks) { event.stopPropagation(); search(event.target) }
  if (dataset.sums) add(event.target)
}, true)
document.addEventListener("htmx:after:swap", begin)
begin()
