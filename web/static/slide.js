// Sliders that fill the figure beside them. Without this file the figure is typed.
const begin = () => {
  for (const slider of document.querySelectorAll("[data-fills]")) {
    slider.hidden = false
    slider.classList.toggle("untouched", !document.getElementById(slider.dataset.fills).value)
  }
}

document.addEventListener("input", ({ target }) => {
  if (target.dataset.fills) {
    document.getElementById(target.dataset.fills).value = target.value
    target.classList.remove("untouched")
    return
  }
  const slider = document.querySelector(`[data-fills="${CSS.escape(target.id)}"]`)
  if (!slider) return
  slider.classList.toggle("untouched", target.value.trim() === "")
  if (target.value.trim() !== "") slider.value = target.value
})
document.addEventListener("htmx:after:swap", begin)
begin()
