// An exam while the network comes and goes: the server's clock, answers saved as they are given, kept on this device
// until the server has them, and the way from question to question without waiting. Every page works without this file.
(() => {
  const find = selector => document.querySelector(selector)
  const DAY = 864e5, RETRY = 5000, BEAT = 60000
  const ours = attempt => `exam:${attempt}`

  // The clock: the server's time and how long ago this page heard it. What this device believes of the day is no matter.
  const timer = find("[data-now]")
  let heard = Number(timer?.dataset.now), since = performance.now()
  const now = () => heard + performance.now() - since
  const hear = (time, asked) => {
    since = performance.now()
    heard = time + (since - asked) / 2
  }
  const spell = left => {
    const seconds = Math.max(0, Math.ceil(left / 1000)), two = n => String(n).padStart(2, "0")
    const hours = Math.floor(seconds / 3600)
    return `${hours ? `${hours}:` : ""}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  }

  // The waiting room: all doors open in the same second, and nobody has to ask the server whether they have.
  if (timer?.dataset.waiting) {
    let opens = Number(timer.dataset.opens)
    const ask = async () => {
      try {
        const asked = performance.now(), said = await (await fetch(timer.dataset.waiting)).json()
        hear(said.now, asked)
        opens = said.opens || opens
      } catch { /* the countdown goes on */ }
      setTimeout(ask, 30000 + Math.random() * 30000)
    }
    const show = () => {
      const left = opens - now(), words = timer.querySelector("[data-opened]")
      const open = left <= 0
      timer.querySelector("[data-left]").hidden = open || left > DAY
      timer.querySelector("[data-left]").textContent = spell(left)
      if (open && find("#start").hidden) words.textContent = words.dataset.opened
      find("#start").hidden = !open
      find("#waiting").hidden = open
    }
    ask()
    setInterval(show, 250)
    return show()
  }

  // What is kept on this device: answers that the server has not acknowledged, of this attempt and no other.
  const attempt = find("[data-attempt]")?.dataset.attempt
  const store = work => { try { return work(localStorage) } catch { return null } }
  const handedIn = Boolean(find("#code"))
  store(kept => {
    for (const key of Object.keys(kept)) if (key.startsWith("exam:") && (handedIn || key !== ours(attempt))) kept.removeItem(key)
  })
  if (!timer || !attempt) return
  const drafts = JSON.parse(store(kept => kept.getItem(ours(attempt))) || "{}")
  const keep = () => store(kept => Object.keys(drafts).length ? kept.setItem(ours(attempt), JSON.stringify(drafts)) : kept.removeItem(ours(attempt)))

  const form = find("form#page"), box = find("#item"), notice = find("#notice"), status = find("#saved")
  const deadline = () => Number(timer.dataset.deadline)
  const sheets = new Map(), next = {}
  let number = Number(form?.dataset.number) || null
  let notes = [], sending = null, waiting = 0, due = 0, failedAt = 0, stopped = "", over = false, going = false, sure = false

  const tell = reason => {
    notice.hidden = !reason
    if (reason) notice.firstElementChild.textContent = notice.dataset[reason]
  }
  const say = word => { if (status) status.textContent = word ? status.dataset[word] : "" }

  // One question's form: what it holds, and putting back what this device has kept.
  const controls = sheet => [...sheet.querySelectorAll("input, select, textarea")].filter(each => each.name && each.type !== "file")
  const holds = each => !/radio|checkbox/.test(each.type) || each.checked
  const read = sheet => {
    const fields = {}
    let flagged = false
    for (const each of controls(sheet).filter(holds)) {
      if (each.name === "_flagged") flagged = true
      else if (each.name[0] !== "_" && each.value) (fields[each.name] = fields[each.name] || []).push(each.value)
    }
    return { fields, flagged }
  }
  const fill = (sheet, { fields, flagged }) => {
    for (const each of controls(sheet)) {
      if (each.name === "_flagged") each.checked = flagged
      else if (/radio|checkbox/.test(each.type)) each.checked = (fields[each.name] || []).includes(each.value)
      else if (each.type !== "hidden") each.value = (fields[each.name] || [""])[0]
    }
  }
  const know = sheet => {
    const n = Number(sheet.dataset.sheet), draft = drafts[n], revision = Number(sheet.dataset.revision)
    sheets.set(n, sheet)
    if (draft && draft.revision < revision) delete drafts[n]
    else if (draft) fill(sheet, draft)
    next[n] = Math.max(revision, next[n] || 0, draft ? draft.revision + 1 : 0)
    sheet.querySelector("[name=_revision]").value = next[n]
    sheet.dataset.last = JSON.stringify(read(sheet))
    mark(n)
  }
  const mark = n => {
    const place = find(`[data-n="${n}"]`), held = sheets.get(n) && read(sheets.get(n))
    if (!place || !held) return
    const answered = Object.keys(held.fields).length > 0, words = place.closest("ol").dataset
    place.classList.toggle("answered", answered)
    place.classList.toggle("flagged", held.flagged)
    place.setAttribute("aria-label", words.item.replace("{n}", n) + words[answered ? "answered" : "blank"] + (held.flagged ? words.flagged : ""))
  }
  const note = () => {
    const sheet = sheets.get(number)
    if (!sheet || stopped || over) return false
    const held = read(sheet), written = JSON.stringify(held)
    if (written === sheet.dataset.last) return false
    sheet.dataset.last = written
    drafts[number] = { number, revision: next[number]++, ...held }
    sheet.querySelector("[name=_revision]").value = next[number]
    keep()
    mark(number)
    say(failedAt ? "kept" : "saving")
    return true
  }

  // Sending: one at a time, again after a failure, and at once when the network is back.
  const soon = delay => {
    const at = performance.now() + delay
    if (waiting && due <= at) return // whoever types without a pause is saved all the same
    clearTimeout(waiting)
    due = at
    waiting = setTimeout(send, delay)
  }
  const send = () => sending || (sending = transmit().finally(() => { sending = null }))
  const transmit = async () => {
    clearTimeout(waiting)
    waiting = 0
    if (stopped) return false
    const answers = Object.values(drafts), noted = notes, asked = performance.now(), gone = new AbortController()
    const limit = setTimeout(() => gone.abort(), 8000)
    notes = []
    let answer = null
    try {
      const body = JSON.stringify({ answers, noted, position: number })
      answer = await fetch("save", { method: "POST", headers: { "Content-Type": "application/json" }, body, signal: gone.signal, keepalive: body.length < 60000 })
      if (answer.status !== 200 && answer.status !== 409) throw answer.status
      take(await answer.json(), answers, asked)
    } catch {
      notes = noted.concat(notes)
      failedAt = failedAt || performance.now()
      if (answers.length) say("kept")
      tell(navigator.onLine ? "unsent" : "offline")
      soon(RETRY + Math.random() * RETRY)
      return false
    } finally {
      clearTimeout(limit)
    }
    soon(notes.length || Object.keys(drafts).length ? 500 : BEAT * (.75 + Math.random() / 2))
    return !stopped
  }
  const take = (said, answers, asked) => {
    hear(said.now, asked)
    timer.dataset.deadline = said.deadline
    if (said.ruling !== "stored" && said.ruling !== "repeated") {
      stopped = said.ruling
      tell(stopped)
      find(stopped === "elsewhere" ? "#take" : "#leave").hidden = false
      return say("")
    }
    for (const each of answers) if (drafts[each.number]?.revision === each.revision) delete drafts[each.number]
    for (const [n, revision] of Object.entries(said.stale)) next[n] = Math.max(next[n] || 0, revision + 1)
    keep()
    if (failedAt) notes.push({ kind: "reconnected", seconds: (performance.now() - failedAt) / 1000 })
    failedAt = 0
    tell(Object.keys(said.stale).length ? "stale" : "")
    if (!Object.keys(drafts).length && answers.length) say("saved")
  }

  // From question to question. Where all are at hand no network is needed; else the form is posted as without this file.
  const show = (n, push) => {
    note()
    number = n
    box.replaceChildren(sheets.get(n))
    form.action = n
    form.dataset.number = n
    const progress = form.querySelector("progress"), place = find("[data-place]"), count = Number(form.dataset.count)
    progress.value = n
    place.textContent = place.dataset.place.replace("{n}", n).replace("{total}", count)
    form.querySelector("#buttons [name=_back]").hidden = n === 1
    const on = form.querySelector("#buttons [name=_next]")
    on.textContent = on.dataset[n === count ? "last" : "next"]
    for (const each of document.querySelectorAll("[data-n]")) Number(each.dataset.n) === n ? each.setAttribute("aria-current", "true") : each.removeAttribute("aria-current")
    if (push) history.pushState(null, "", n)
    scrollTo(0, 0)
    sheets.get(n).tabIndex = -1
    sheets.get(n).focus({ preventScroll: true })
    soon(200)
  }
  const review = async () => {
    note()
    if (sending) await sending
    if (!(await send())) return
    going = true // the page is left because its own button was pressed
    location.assign("overview")
  }
  const pass = async button => {
    if (sending) await sending
    if (!(await send())) return // the page stays, and says why
    sure = going = true
    form.requestSubmit(button)
  }
  const turn = event => {
    const button = event.submitter, name = button?.name
    const chosen = [...form.querySelectorAll("[type=file]")].some(each => each.files.length)
    if (stopped) return event.preventDefault()
    if (sure) return
    const count = Number(form.dataset.count)
    const to = { _next: number + 1, _back: number - 1, _to: Number(button?.value), _overview: count + 1 }[name]
    const here = !chosen && to && form.dataset.oneWay === undefined
    if (here && (to > count || sheets.has(to))) {
      event.preventDefault()
      return to > count ? void review() : show(to, true)
    }
    note()
    if (!form.requestSubmit) return
    event.preventDefault()
    pass(button)
  }
  const fetchAll = async () => {
    try {
      const holder = document.createElement("template"), answer = await fetch("all")
      if (answer.status !== 200) return
      holder.innerHTML = await answer.text()
      for (const sheet of holder.content.querySelectorAll("[data-sheet]")) if (!sheets.has(Number(sheet.dataset.sheet))) know(document.importNode(sheet, true))
    } catch { setTimeout(fetchAll, RETRY + Math.random() * RETRY) }
  }

  // The end: what is here is sent, then handed in. Without a network the server does it, and this page says so when it can.
  const finish = async () => {
    over = true
    for (const each of document.querySelectorAll("#item fieldset, #buttons button, .place")) each.disabled = true
    if (sending) await sending
    if (stopped || await send()) return find("#submit").submit()
    setTimeout(finish, 3000)
  }
  const warned = {}
  const warn = word => {
    if (warned[word]) return
    warned[word] = true
    find("#warning").textContent = find("#warning").dataset[word]
  }
  const tick = () => {
    const left = deadline() - now()
    timer.querySelector("[data-left]").textContent = spell(left)
    timer.classList.toggle("short", left <= 300000)
    if (left <= 0 && !over) { note(); warn("over"); finish() }
    else if (left <= 60000) warn("one")
    else if (left <= 300000) warn("five")
  }

  // Evidence for reviews, never a verdict: that the page was left, and for how long.
  let leftAt = 0
  const leave = () => {
    if (leftAt || stopped || going) return
    leftAt = performance.now()
    notes.push({ kind: "left" })
    note()
    soon(0)
  }
  const comeBack = () => {
    if (!leftAt || document.hidden) return
    notes.push({ kind: "returned", seconds: (performance.now() - leftAt) / 1000 })
    leftAt = 0
    soon(0)
  }
  document.addEventListener("visibilitychange", () => document.hidden ? leave() : comeBack())
  addEventListener("blur", leave)
  addEventListener("pagehide", () => { going = true })
  addEventListener("focus", comeBack)
  addEventListener("online", () => soon(Math.random() * 1000))
  addEventListener("offline", () => tell("offline"))
  addEventListener("pageshow", event => { if (event.persisted) location.reload() })

  setInterval(tick, 250)
  if (form) {
    for (const sheet of box.children) know(sheet)
    form.addEventListener("change", event => { if (event.target.type !== "file" && note()) soon(200) })
    form.addEventListener("input", () => { if (note()) soon(1500) })
    form.addEventListener("submit", turn)
    addEventListener("popstate", () => {
      const n = Number(location.pathname.split("/").pop())
      if (sheets.has(n)) show(n, false)
      else location.reload()
    })
    if (form.dataset.oneWay === undefined) setTimeout(fetchAll, Math.random() * 8000)
  }
  tick()
  soon(Object.keys(drafts).length ? 0 : 2000 + Math.random() * 8000)
})()
