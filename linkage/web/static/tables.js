// What is read as text: templates, identifiers, members, places, history.

import { card, el, moment, number, plural, row, share, table, visible } from "./dom.js";
import { mark } from "./ink.js";
import { said } from "./panels.js";

const PAGE = 100;

function pieces(sample, slots) {
  return el("p", { class: "sample" }, sample.map(([text, common]) =>
    common ? visible(text, 1200) : slots ? el("span", { class: "slot", title: visible(text, 300), text: "⟨…⟩" }) : el("mark", { text: visible(text, 1200) })));
}

export function templates(picture, choose) {
  const told = picture.templates;
  const kinds = Object.keys(picture.kinds);
  const shown = told.shown.map((each) => el("article", { class: "template" },
    el("h3", {}, mark(each.kind, kinds), el("button", { type: "button", class: "plain", onclick: () => choose(each.key), text: visible(each.label, 80) }), ` ${each.level}, ${plural(each.accounts, "account")}`),
    each.samples.length > 1 && each.samples[0][1].some(([, common]) => common) ? [el("p", { class: "hint", text: "What samples have in common, ⟨…⟩ where they differ:" }), pieces(each.samples[0][1], true)] : null,
    each.samples.length ? el("details", {},
      el("summary", { text: `${plural(each.samples.length, "real sample")}, what is the sender's own marked` }),
      each.samples.map(([account, sample]) => el("figure", {}, pieces(sample, false), el("figcaption", {}, el("bdi", { text: visible(account, 80) }))))) : el("p", { class: "hint", text: "No text of it is in the logs." })));
  const more = told.all - told.shown.length;
  return card("Prompts in common", "As they were sent, cut at 1,200 characters. Hidden characters are shown by number. Nothing here is a link.",
    shown.length ? shown : el("p", { text: "Members share no prompt." }), more > 0 ? el("p", { class: "hint", text: `and ${plural(more, "more group")} of prompts` }) : null);
}

export function places(picture) {
  const told = picture.places;
  const bar = ([name, count]) => row([el("bdi", { text: visible(name, 60) }), count, el("meter", { min: 0, max: picture.ring.accounts, value: count, "aria-label": `${number(count)} of ${number(picture.ring.accounts)}` })]);
  return card("Networks and countries", null,
    told.networks.length ? table(["network", "members", ""], told.networks.map(bar), "Networks") : el("p", { text: "No network is known." }),
    told.all_networks > told.networks.length ? el("p", { class: "hint", text: `and ${plural(told.all_networks - told.networks.length, "more network")}` }) : null,
    told.countries.length ? table(["country", "members", ""], told.countries.map(bar), "Countries") : el("p", { class: "hint", text: "No column of accounts names a country." }));
}

export function evidence(picture, state, choose) {
  const told = picture.evidence;
  const kinds = Object.keys(picture.kinds);
  const heads = ["identifier", "what", "bits", "members", "of all", "cells", "first events"];
  const rows = told.rows.map((each) => row([
    el("span", {}, mark(each.kind, kinds), el("button", { type: "button", class: "plain", onclick: () => choose(each.key), text: visible(each.identifier, 60) })),
    each.note ? el("span", {}, each.level, el("small", { text: ` ${visible(each.note, 80)}` })) : each.level,
    each.bits, each.here, each.everywhere,
    each.cells.slice(0, 6).map(([cell, count]) => `${picture.shares.cells[cell].name} ${number(count)}`).join(", ") + (each.cells.length > 6 ? ` and ${each.cells.length - 6} more` : ""),
    each.events.length ? el("details", {}, el("summary", { text: plural(each.events.length, "event") }),
      each.events.map(([account, at, seen]) => el("p", { class: "event" }, el("bdi", { text: visible(account, 60) }), ` ${at ?? "at no known time"} `, el("code", { text: visible(seen, 160) })))) : "–",
  ], { data: { key: each.key } }));
  const made = table(heads, rows, "Shared identifiers");
  const hint = told.all > told.rows.length ? `${number(told.rows.length)} of ${number(told.all)}, those that say most for most members.` : `All ${number(told.all)}.`;
  function draw() {
    const cell = state.selected?.startsWith("cell:") ? Number(state.selected.slice(5)) : null;
    made.querySelectorAll("tbody tr").forEach((line, place) => {
      line.classList.toggle("chosen", line.dataset.key === state.selected);
      line.hidden = cell !== null && !told.rows[place].cells.some(([each]) => each === cell);
    });
  }
  return { draw, parts: card("Shared identifiers", `${hint} Bits: what one says for belonging together.`, made) };
}

export function members(picture, { became, verdict }, state, choose, judge, say) {
  const told = picture.members;
  const late = new Set(verdict ? became.since : became.joined);
  const newest = (place) => (late.has(place) ? 0 : 1);
  const every = told.account.map((_, place) => place);
  const ticked = new Set();
  const sorts = { confidence: (a, b) => told.confidence[b] - told.confidence[a], extraction: (a, b) => (told.extraction[b] ?? -1) - (told.extraction[a] ?? -1), requests: (a, b) => told.events[b] - told.events[a], cell: (a, b) => told.cell[a] - told.cell[b], "signed up": (a, b) => (told.created[a] ?? 0) - (told.created[b] ?? 0), ...(late.size ? { "who is new": (a, b) => newest(a) - newest(b) || told.confidence[b] - told.confidence[a] } : {}) };
  let [sort, from, words] = [late.size ? "who is new" : "confidence", 0, ""];
  const body = el("tbody");
  const count = el("p", { class: "hint", id: "member-count" });
  const find = el("input", { type: "search", placeholder: "find a member", "aria-label": "Find a member", oninput: () => { words = find.value.toLowerCase(); from = 0; draw(); } });
  const order = el("select", { "aria-label": "Order of members", onchange: () => { sort = order.value; from = 0; draw(); } }, Object.keys(sorts).map((each) => el("option", { value: each, selected: each === sort, text: `by ${each}` })));
  const turn = (by) => () => { from = Math.max(0, from + by * PAGE); draw(); };
  const before = el("button", { type: "button", onclick: turn(-1), text: "Previous" });
  const after = el("button", { type: "button", onclick: turn(1), text: "Next" });
  const copy = el("button", { type: "button", text: "Copy as TSV", onclick: async () => {
    const lines = listed().map((place) => [safe(told.account[place]), told.confidence[place], told.extraction[place] ?? "", told.events[place], told.roles[told.role[place]]].join("\t"));
    await navigator.clipboard.writeText(["account\tconfidence\textraction\trequests\trole", ...lines].join("\n"));
    say(`${plural(lines.length, "member")} copied`);
  } });
  const acts = judge ? ["confirm", "dismiss", "watch", "undo"].map((word) => el("button", { type: "button", class: word, data: { members: word }, disabled: true, text: `${word[0].toUpperCase()}${word.slice(1)} ticked`, onclick: () => judge(word, [...ticked].map((place) => told.account[place])) })) : [];
  const cleared = el("button", { type: "button", text: "Show all members", onclick: () => choose(null) });

  function listed() {
    const selected = state.selected ?? "";
    const cell = selected.startsWith("cell:") ? Number(selected.slice(5)) : selected.startsWith("own:") ? Number(selected.split(":")[1]) : null;
    const account = selected.startsWith("account:") ? Number(selected.slice(8)) : null;
    return every.filter((place) => (cell === null || told.cell[place] === cell) && (account === null || place === account) && (!words || told.account[place].toLowerCase().includes(words))).sort((a, b) => sorts[sort](a, b) || a - b);
  }
  function line(place) {
    const account = told.account[place];
    const verdict = state.verdicts[account];
    const tick = judge ? el("input", { type: "checkbox", "aria-label": `Tick ${visible(account, 60)}`, checked: ticked.has(place), onchange: (event) => { ticked[event.target.checked ? "add" : "delete"](place); for (const act of acts) act.disabled = !ticked.size; } }) : null;
    return row([...(judge ? [tick] : []), el("span", {}, el("bdi", { title: visible(account, 400), text: visible(account, 60) }), late.has(place) ? [" ", el("span", { class: "badge again", text: "new" })] : null), share(told.confidence[place]), share(told.extraction[place]), told.events[place], told.roles[told.role[place]], picture.shares.cells[told.cell[place]].name, moment(told.created[place]), verdict ? said(verdict) : "–"], { class: state.selected === `account:${place}` ? "chosen" : "" });
  }
  function draw() {
    const found = listed();
    from = Math.min(from, Math.max(0, found.length - 1));
    const page = found.slice(from, from + PAGE);
    body.replaceChildren(...page.map(line));
    count.textContent = `${number(page.length ? from + 1 : 0)} to ${number(from + page.length)} of ${number(found.length)}${found.length < every.length ? ` (of ${number(every.length)} members)` : " members"}`;
    before.disabled = from === 0;
    after.disabled = from + PAGE >= found.length;
    cleared.hidden = found.length === every.length;
  }
  const heads = [...(judge ? [el("span", { class: "unseen", text: "tick" })] : []), "account", "confidence", "extraction", "requests", "role", "cell", "signed up (UTC)", "judged"];
  const made = table(heads, [], "Members");
  made.querySelector("tbody").replaceWith(body);
  const hint = late.size ? `${number(late.size)} new: they joined ${verdict ? "after the ring was judged" : "since the run before"}.` : null;
  return { draw, parts: card("Members", hint, el("div", { class: "tools" }, find, order, before, after, cleared, copy, acts), count, made) };
}

// A spreadsheet takes what begins so for a formula.
function safe(text) {
  const flat = visible(text, 1100);
  return /^\s*[=+\-@＝＋－＠]/u.test(flat) ? `'${flat}` : flat;
}

// A ring that is no longer found: what tied it when it was found last, and who belonged.
export function ended({ picture, ended: told, verdicts }) {
  const { evidence, accounts } = picture.ring;
  const lines = told.map((each) => row([el("bdi", { title: visible(each.account, 400), text: visible(each.account, 60) }), share(each.confidence), each.role, verdicts[each.account] ? said(verdicts[each.account]) : "–"]));
  return card("As it was found last", "It is no longer found: its accounts stopped or were banned, or it went into another ring. Nothing of it is left to draw.",
    table(["kind", "bits", "evidence"], evidence.map((each) => row([visible(each.kind, 40), each.bits.toFixed(1), visible(each.sentence, 300)])), "Evidence"),
    el("h3", { text: "Members" }), table(["account", "confidence", "role", "judged"], lines, "Members"),
    accounts > told.length ? el("p", { class: "hint", text: `the surest ${number(told.length)} of ${number(accounts)}` }) : null);
}

export function history({ history: lines, became }) {
  const steps = [...became.steps].reverse().map((each) => row([(each.at ?? "–").slice(0, 16).replace("T", " "), each.what, each.accounts, share(each.score), visible(each.details, 300)]));
  return card("History", "Nothing is overwritten: a later line counts, an earlier one stays.",
    steps.length ? [el("h3", { text: "What became of it, by the clock of the logs" }), table(["logs until (UTC)", "what", "accounts", "score", "who"], steps, "What became of it"),
      became.more ? el("p", { class: "hint", text: `and ${plural(became.more, "earlier step")}: 'linkage history' lists all` }) : null] : null,
    el("h3", { text: "What people said" }),
    lines.length ? table(["when (UTC)", "of", "judgement", "reason", "by"], [...lines].reverse().map((each) => row([each.at, el("bdi", { text: visible(each.subject, 60) }), said(each.judgement), el("bdi", { text: visible(each.reason, 2000) }), el("bdi", { text: visible(each.by, 60) })])), "History") : el("p", { text: "Nobody has judged this ring or a member of it." }));
}

export function commands(lines, say) {
  return card("Take it further", "Paste into a terminal where the case is. Nothing leaves through this page.",
    lines.map(([what, line]) => el("p", { class: "command" }, `${what} `, el("code", { text: visible(line, 400) }),
      el("button", { type: "button", text: "Copy", "aria-label": `Copy: ${what}`, onclick: async () => { await navigator.clipboard.writeText(line); say("copied"); } }))));
}
