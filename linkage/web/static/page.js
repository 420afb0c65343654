// The page: the queue at the left, one ring at the right, one selection for all panels; and the report, without a queue.

import { card, el, number, plural, share, visible } from "./dom.js";
import { graph } from "./graph.js";
import { inkOf, mark } from "./ink.js";
import { against, matrix, rhythm, said, signups, why } from "./panels.js";
import { commands, ended, evidence, history, members, places, templates } from "./tables.js";

const inside = document.getElementById("data");
const nav = document.getElementById("queue");
const main = document.getElementById("ring");
const status = document.getElementById("status");
const dialog = document.getElementById("judge");
const help = document.getElementById("help");
const asked = new URLSearchParams(location.search);
const state = { view: asked.get("view"), selected: asked.get("sel"), verdicts: {}, keep };
const WORDS = { confirm: "Confirm", dismiss: "Dismiss", watch: "Watch", undo: "Undo" };
const CHIPS = {
  confirm: ["shared payment instrument", "same prompt template at volume", "shifts that hand over", "sign-ups in bursts"],
  dismiss: ["one organisation", "a class or a workshop", "the customer explained it", "a public template"],
  watch: ["too little is known", "waiting for more days"],
  undo: ["judged by mistake", "new facts"],
};
const over = (ring) => ring.state === "ended";
const living = (test) => (ring) => !over(ring) && test(ring);
const FILTERS = { all: living(() => true), open: living((ring) => !ring.verdict || ring.again), watched: living((ring) => ring.verdict === "watch"), confirmed: living((ring) => ring.verdict === "confirm"), dismissed: living((ring) => ring.verdict === "dismiss"), ended: over };
let queue = null;
let shown = null;
let panels = [];
let filter = "open";
let found = null;

const say = (text) => { status.textContent = text; };

function keep() {
  if (inside) return;
  const words = new URLSearchParams();
  if (shown) words.set("ring", shown.picture.ring.ring);
  if (state.view) words.set("view", state.view);
  if (state.selected) words.set("sel", state.selected);
  window.history.replaceState(null, "", `/?${words}`);
}

function choose(key) {
  state.selected = key === state.selected ? null : key;
  keep();
  redraw();
}

function redraw() {
  for (const panel of panels) panel.draw();
}

async function get(path) {
  const answer = await fetch(path, { headers: { accept: "application/json" } });
  const told = await answer.json().catch(() => null);
  if (!answer.ok || !told) throw new Error(told?.error ?? "this address is no longer served: start 'linkage serve' again");
  return told;
}

// What became of a ring, where that is worth a word; a judged one that asks for another look says so.
function moved(ring) {
  return ["new", "known"].includes(ring.state) && ring.verdict ? null : el("span", { class: `badge ${ring.again ? "again" : ""}`, text: visible(ring.state, 20) });
}

// The queue.

function listed() {
  const words = (document.getElementById("search")?.value ?? "").trim().toLowerCase();
  return queue.rings.filter((ring) => FILTERS[filter](ring) && (!words || ring.ring.toLowerCase().includes(words) || found?.has(ring.ring)));
}

function drawQueue() {
  const list = listed();
  const counts = Object.fromEntries(Object.entries(FILTERS).map(([name, test]) => [name, queue.rings.filter(test).length]));
  nav.querySelector(".filters").replaceChildren(...Object.keys(FILTERS).map((name) => el("button", { type: "button", "aria-pressed": String(name === filter), text: `${name} ${number(counts[name])}`, onclick: () => { filter = name; drawQueue(); } })));
  nav.querySelector("ol").replaceChildren(...list.map((ring) => {
    const kinds = ring.evidence.map((each) => each.kind);
    const total = ring.evidence.reduce((sum, each) => sum + each.bits, 0) || 1;
    return el("li", {}, el("button", { type: "button", class: "item", "aria-current": shown?.picture.ring.ring === ring.ring ? "true" : null, data: { ring: ring.ring }, onclick: () => open(ring.ring) },
      el("span", { class: "line" }, el("b", { text: ring.ring }), el("b", { text: share(ring.score) }), el("span", { class: "badges" }, moved(ring), ring.verdict ? el("span", { class: `badge ${ring.verdict}`, text: said(ring.verdict) }) : null)),
      el("span", { class: "line soft" }, `${plural(ring.accounts, "account")}`, el("span", { text: `${(ring.first_seen ?? "").slice(5, 10)} – ${(ring.last_seen ?? "").slice(5, 10)}` })),
      el("span", { class: "thin", "aria-hidden": "true" }, ring.evidence.map((each) => el("span", { grow: each.bits / total, ink: inkOf(each.kind, kinds)[0] })))));
  }));
  if (!list.length) nav.querySelector("ol").append(el("li", { class: "none", text: queue.rings.length ? "No ring here. Choose another filter." : "No ring was found in this case." }));
  const judged = queue.rings.filter(living((ring) => ring.verdict)).length;
  nav.querySelector(".foot").textContent = `${number(judged)} of ${number(counts.all)} judged${queue.stale ? ` · ${queue.stale}` : ""}`;
  document.title = shown ? `${shown.picture.ring.ring} · linkage` : "linkage";
}

function frame() {
  const search = el("input", { id: "search", type: "search", placeholder: "ring, account or identifier ( / )", "aria-label": "Search rings, accounts and identifiers", oninput: () => { clearTimeout(search.waiting); search.waiting = setTimeout(look, 150); } });
  nav.append(
    el("p", { class: "name" }, el("b", { text: "linkage" }), ` ${visible(queue.case, 40)}`),
    search, el("div", { class: "filters", role: "group", "aria-label": "Filter" }), el("ol"),
    el("p", { class: "foot hint" }), el("p", { class: "keys" }, "keys ", ["j", "k", "c", "d", "w", "u", "/", "?"].map((key) => el("kbd", { text: key }))));
}

async function look() {
  const words = document.getElementById("search").value.trim();
  try {
    found = words.length > 2 ? new Set((await get(`/api/find?q=${encodeURIComponent(words.slice(0, 200))}`)).rings) : null;
  } catch {
    say("The search has no answer: the page's program does not run. Start 'linkage serve' again.");
    return;
  }
  drawQueue();
  say(`${plural(listed().length, "ring")} listed`);
}

async function open(name, options = {}) {
  try {
    const told = await get(`/api/ring?ring=${encodeURIComponent(name)}`);
    if (!options.stay) state.selected = options.first ? state.selected : null;
    show(told);
    drawQueue();
    nav.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  } catch (error) {
    say(error.message);
  }
}

// One ring.

function show(told) {
  const began = performance.now();
  const { picture } = told;
  shown = told;
  state.verdicts = told.verdicts;
  if (told.ended) main.replaceChildren(header(told), ended(told), el("div", { class: "pair" }, history(told), commands(told.commands, say)));
  panels = told.ended ? [] : drawn(told);
  redraw();
  keep();
  document.body.dataset.ready = picture.ring.ring;
  document.body.dataset.took = String(Math.round(performance.now() - began));
  if (!document.body.dataset.first) document.body.dataset.first = String(Math.round(performance.now()));
}

// Draw all of a ring, and give the panels that follow the selection.
function drawn(told) {
  const { picture } = told;
  if (!["lanes", "network"].includes(state.view)) state.view = picture.shares.first;
  const drawing = graph(picture, state, choose, say);
  const shares = { draw: drawing.draw, parts: card("Who shares what", null, ...drawing.parts) };
  const bands = matrix(picture, state, choose);
  const hours = rhythm(picture, state, choose);
  const born = signups(picture, choose);
  const listed_ = evidence(picture, state, choose);
  const people = members(picture, told, state, choose, inside ? null : ask, say);
  main.replaceChildren(
    header(told),
    el("div", { class: "pair first" }, why(picture), against(picture, told.standing)),
    el("div", { class: "pair" }, shares.parts, el("div", { class: "column" }, bands.parts, hours.parts)),
    el("div", { class: "pair" }, el("div", { class: "column" }, born.parts, places(picture)), templates(picture, choose)),
    listed_.parts, people.parts,
    el("div", { class: "pair" }, history(told), commands(told.commands, say)));
  return [shares, bands, hours, born, listed_, people];
}

function header(told) {
  const { picture } = told;
  const { ring } = picture;
  const last = told.last;
  const verdict = told.verdict
    ? el("p", { class: "verdict" }, el("span", { class: `badge ${told.verdict}`, text: said(told.verdict) }), ` by `, el("bdi", { text: visible(last.by, 40) }), ` on ${last.at}: `, el("q", {}, el("bdi", { text: visible(last.reason, 160) })))
    : el("p", { class: "verdict", text: "Not judged." });
  const buttons = inside ? null : el("div", { class: "acts" }, ["confirm", "dismiss", "watch", "undo"].map((word) =>
    el("button", { type: "button", class: word, data: { act: word }, disabled: word === "undo" && !told.verdict, onclick: () => ask(word, [ring.ring]) }, el("u", { text: WORDS[word][0] }), WORDS[word].slice(1))));
  return el("header", { class: "top" },
    el("div", { class: "what" }, el("h1", {}, el("span", { text: ring.ring }), " ", el("span", { class: "score", text: share(ring.score) })),
      el("p", { class: "sentence", text: visible(picture.sentence, 600) }),
      el("p", { class: "hint", text: `Seen ${(ring.first_seen ?? "?").slice(0, 10)} to ${(ring.last_seen ?? "?").slice(0, 10)}${ring.q_value === null ? "" : ` · q ${ring.q_value}`} · ${told.snapshot}` }),
      turn(told)),
    el("div", { class: "decide" }, buttons, verdict));
}

// What happened to the ring last, and what of that nobody has judged.
function turn(told) {
  const { state: word, joined, kin, since, news } = told.became;
  const joining = joined.length ? ` with ${plural(joined.length, "new account")}` : "";
  const others = kin.length ? ` (${kin.slice(0, 5).map((name) => visible(name, 20)).join(", ")}${kin.length > 5 ? ", …" : ""})` : "";
  const open_ = told.verdict && told.verdict !== "dismiss" && since.length ? ` ${number(since.length)} of its ${plural(told.picture.ring.accounts, "account")} joined after it was judged: nobody has judged those.` : "";
  const again = told.verdict === "dismiss" ? news.map((each) => ` ${visible(each, 200)}.`).join("") : "";
  return el("p", { class: "turn" }, el("span", { class: `badge ${open_ || again ? "again" : ""}`, text: visible(word, 20) }), `${joining}${others}${joining || others ? "." : ""}`, open_ || again ? el("b", { text: open_ || again }) : null);
}

// Judging.

function ask(word, subjects) {
  const what = subjects.length === 1 ? visible(subjects[0], 60) : plural(subjects.length, "member");
  const reason = el("textarea", { id: "reason", rows: 4, required: true, maxlength: 4000, "aria-describedby": "reason-hint" });
  const fault = el("p", { class: "fault", role: "alert" });
  const send = async (event) => {
    event.preventDefault();
    if (!reason.value.trim()) { fault.textContent = "Say why, in a few words: whoever reviews the ban reads it."; reason.focus(); return; }
    let told;
    try {
      const answer = await fetch("/api/judge", { method: "POST", headers: { "content-type": "application/json", "x-csrf": queue.csrf }, body: JSON.stringify({ subjects, judgement: word, reason: reason.value.trim(), run: shown.run }) });
      told = await answer.json();
      if (!answer.ok) { fault.textContent = told.error; return; }
    } catch {
      fault.textContent = "Nothing was written down: the page's program gave no answer. Start 'linkage serve' again.";
      return;
    }
    dialog.close();
    queue = told.queue;
    await open(shown.picture.ring.ring, { stay: true });
    say(`${what}: ${said(word)}`);
    document.body.dataset.judged = String(Number(document.body.dataset.judged ?? 0) + 1);
  };
  dialog.replaceChildren(el("form", { onsubmit: send },
    el("h2", { id: "judge-title", text: `${WORDS[word]} ${what}${subjects[0] === shown.picture.ring.ring ? ` (${plural(shown.picture.ring.accounts, "account")})` : ""}` }),
    el("p", { text: { confirm: "Its members may then be exported, after the gates of 'linkage export'.", dismiss: "Nobody of it is exported or blocked.", watch: "A person looks again; nobody is blocked for it.", undo: "The judgement before the last one counts again; both stay on record." }[word] }),
    el("label", { for: "reason", text: "Reason" }), reason,
    el("p", { class: "hint", id: "reason-hint", text: "Required. No prompt and no personal data, please." }),
    el("div", { class: "chips" }, CHIPS[word].map((text) => el("button", { type: "button", text, onclick: () => { reason.value = reason.value ? `${reason.value}; ${text}` : text; reason.focus(); } }))),
    fault,
    el("div", { class: "acts" }, el("button", { type: "button", text: "Cancel", onclick: () => dialog.close() }), el("button", { type: "submit", class: word, text: `${WORDS[word]}` }))));
  dialog.showModal();
  reason.focus();
}

function drawHelp() {
  const keys = [["j k", "next and previous ring"], ["c d w", "confirm, dismiss, watch the ring"], ["u", "undo the last judgement of it"], ["/", "search"], ["g", "to the graph: arrows move it, + − 0 zoom, n p walk, Enter selects"], ["l", "lanes or network"], ["Esc", "clear the selection, close a dialog"], ["?", "this list"]];
  help.replaceChildren(el("h2", { id: "help-title", text: "Keys" }), el("dl", { class: "words" }, keys.flatMap(([key, text]) => [el("dt", {}, el("kbd", { text: key })), el("dd", { text })])), el("div", { class: "acts" }, el("button", { type: "button", text: "Close", onclick: () => help.close() })));
}

function step(by) {
  // From where the ring stands among all: a filter may have dropped it when it was judged.
  const place = (name) => queue.rings.findIndex((ring) => ring.ring === name);
  const here = place(shown?.picture.ring.ring);
  const list = listed();
  const next = by > 0 ? list.find((ring) => place(ring.ring) > here) : list.findLast((ring) => place(ring.ring) < here);
  if (next) open(next.ring);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || dialog.open || help.open) return;
  if (event.target.matches("input[type=search], textarea, select")) { if (event.key === "Escape") event.target.blur(); return; }
  const acts = { "?": () => help.showModal(), Escape: () => state.selected && choose(state.selected), g: () => document.getElementById("graph")?.focus(), l: () => { state.view = state.view === "lanes" ? "network" : "lanes"; keep(); redraw(); } };
  if (!inside) Object.assign(acts, { j: () => step(1), k: () => step(-1), "/": () => document.getElementById("search").focus() });
  if (!inside && shown) for (const word of Object.keys(WORDS)) acts[word[0]] = () => (word !== "undo" || shown.verdict) && ask(word, [shown.picture.ring.ring]);
  if (!acts[event.key]) return;
  event.preventDefault();
  acts[event.key]();
});
let resizing = 0;
window.addEventListener("resize", () => { cancelAnimationFrame(resizing); resizing = requestAnimationFrame(redraw); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => shown && show(shown));

async function start() {
  drawHelp();
  if (inside) {
    nav.remove();
    document.body.classList.add("report");
    show(JSON.parse(inside.textContent));
    document.title = `${shown.picture.ring.ring} · linkage`;
    return;
  }
  try {
    queue = await get("/api/queue");
  } catch (error) {
    main.replaceChildren(el("h1", { text: "linkage" }), el("p", { text: error.message }));
    return;
  }
  frame();
  const wanted = asked.get("ring");
  const asked_ = queue.rings.find((ring) => ring.ring === wanted);
  if (asked_) filter = over(asked_) ? "ended" : "all";
  if (!listed().length) filter = "all";
  drawQueue();
  const first = wanted ?? listed()[0]?.ring;
  if (first) await open(first, { first: true });
  else { main.replaceChildren(el("h1", { text: "linkage" }), el("p", { text: "No ring was found in this case." })); document.body.dataset.ready = "none"; }
}

start();
