// What htmx leaves to the page: saying that an answer is not saved yet, trying again, and copying the receipt.
// Every page works without this file.
(() => {
  const unsaved = new Set()
  let timer = 0

  const show = reason => {
    const notice = document.getElementById("offline")
    if (!notice) return
    notice.hidden = !reason
    if (!reason) return
    const sentence = notice.firstElementChild
    sentence.textContent = sentence.dataset[reason]
    document.getElementById("saved").textContent = ""
  }

  const retry = () => {
    clearTimeout(timer)
    for (const id of unsaved) document.getElementById(id)?.dispatchEvent(new Event("change"))
  }

  const failed = event => {
    const source = event.detail.ctx?.sourceElement
    if (!source || source.closest("#page") === null) return
    if (source.id === "page") return show(navigator.onLine ? "unsent" : "offline")
    unsaved.add(source.id)
    show(navigator.onLine ? "unsaved" : "offline")
    clearTimeout(timer)
    timer = setTimeout(retry, 5000)
  }

  document.addEventListener("htmx:error", failed)
  document.addEventListener("htmx:response:error", event => {
    if (event.detail.ctx.response.status >= 500 || event.detail.ctx.response.status === 429) failed(event)
  })
  document.addEventListener("htmx:after:request", event => {
    const { sourceElement, response } = event.detail.ctx
    if (response.status >= 400) return
    unsaved.delete(sourceElement.id)
    if (unsaved.size === 0) show("")
  })
  addEventListener("online", retry)
  addEventListener("beforeunload", event => { if (unsaved.size) event.preventDefault() })

  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue
    button.hidden = false
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy)
      await navigator.clipboard.writeText((source.value ?? source.textContent).trim())
      button.textContent = button.dataset.done
    })
  }
})()
