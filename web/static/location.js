// Where somebody is: asked of the browser at the press of a button, rounded here before anything is sent.
const parts = ["latitude", "longitude", "accuracy"]

const input = (box, part) => box.querySelector(`input[name$=".${part}"]`)

const show = (box, state) => {
  const said = box.querySelector(".found"), [latitude, longitude, accuracy] = parts.map(part => input(box, part).value)
  const known = latitude && longitude
  said.textContent = state ? said.dataset[state] : known ? `${said.dataset.found}${latitude}, ${longitude}${accuracy ? ` (± ${accuracy} m)` : ""}` : ""
  box.querySelector("button.quiet").hidden = !known
}

const set = (box, values, state) => {
  parts.forEach((part, place) => { input(box, part).value = values[place] })
  show(box, state)
  box.dispatchEvent(new Event("change", { bubbles: true }))
}

const begin = box => {
  if (!box.hidden || !navigator.geolocation) return
  box.hidden = false
  const round = value => String(Number(value.toFixed(Number(box.dataset.decimals))))
  const found = ({ coords }) => set(box, [round(coords.latitude), round(coords.longitude), String(Math.round(coords.accuracy))])
  const failed = error => show(box, error.code === 1 ? "refused" : "failed")
  box.querySelector("button").addEventListener("click", () => {
    show(box, "asking")
    navigator.geolocation.getCurrentPosition(found, failed, { timeout: 15000, maximumAge: 60000 })
  })
  box.querySelector("button.quiet").addEventListener("click", () => set(box, ["", "", ""]))
  show(box)
}

const all = () => document.querySelectorAll("[data-location]").forEach(begin)
document.addEventListener("htmx:after:swap", all)
all()
