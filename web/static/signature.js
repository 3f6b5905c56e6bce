// Signing by hand: strokes in a box of 1000 × 400, kept in a hidden field as SVG path data. Typing a name does as well.
const LONGEST = 20000

const field = pad => pad.querySelector("input")

const draw = pad => {
  const canvas = pad.querySelector("canvas"), pen = canvas.getContext("2d")
  pen.clearRect(0, 0, canvas.width, canvas.height)
  pen.lineWidth = 6
  pen.lineCap = pen.lineJoin = "round"
  pen.strokeStyle = getComputedStyle(canvas).color
  pen.stroke(new Path2D(field(pad).value))
}

const place = (event, canvas) => {
  const box = canvas.getBoundingClientRect()
  const at = (value, most) => Math.max(0, Math.min(most, Math.round(value * most)))
  return `${at((event.clientX - box.left) / box.width, 1000)} ${at((event.clientY - box.top) / box.height, 400)}`
}

const begin = pad => {
  if (!pad.hidden) return
  pad.hidden = false
  const canvas = pad.querySelector("canvas")
  canvas.addEventListener("pointerdown", event => {
    canvas.setPointerCapture(event.pointerId)
    const at = place(event, canvas)
    field(pad).value += `M${at}L${at}`
    draw(pad)
  })
  canvas.addEventListener("pointermove", event => {
    if (!canvas.hasPointerCapture(event.pointerId) || field(pad).value.length > LONGEST - 20) return
    field(pad).value += `L${place(event, canvas)}`
    draw(pad)
  })
  canvas.addEventListener("pointerup", () => field(pad).dispatchEvent(new Event("change", { bubbles: true })))
  pad.querySelector("button").addEventListener("click", () => {
    field(pad).value = ""
    draw(pad)
    field(pad).dispatchEvent(new Event("change", { bubbles: true }))
  })
  draw(pad)
}

const all = () => document.querySelectorAll("[data-signature]").forEach(begin)
document.addEventListener("htmx:after:swap", all)
all()
