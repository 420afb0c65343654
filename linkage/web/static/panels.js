// Why the score, the evidence matrix, the rhythm of work and the sign-ups.

import { card, el, moment, number, plural, share, visible } from "./dom.js";
import { cut, inkOf, mark, prepare, themed } from "./ink.js";

// A bar of parts side by side; what speaks against is hatched.
function stack(parts, label) {
  return el("div", { class: "stack", role: "img", "aria-label": label },
    parts.filter((part) => part.size > 0.02).map((part) =>
      el("span", { class: part.against ? "against" : "", grow: part.size, ink: part.ink, title: part.title })));
}

export function why(picture) {
  const kinds = Object.keys(picture.kinds);
  const told = picture.why;
  const linked = told.linked.map((each) => ({ size: each.bits, ink: inkOf(each.kind, kinds)[0], title: `${each.says}: ${each.bits} bits` }));
  linked.push({ size: told.chance, against: true, title: `chance: −${told.chance} bits` });
  const parts = told.extraction.filter((each) => Math.abs(each.adds) >= 0.05).sort((a, b) => b.adds - a.adds);
  const extraction = parts.map((each) => ({ size: Math.abs(each.adds), against: each.adds < 0, ink: "var(--behaviour)", title: `${each.says}: ${each.adds} log odds` }));
  if (told.doubt !== null && told.doubt < 0) extraction.push({ size: -told.doubt, against: true, title: `doubt before anything is known: ${told.doubt} log odds` });
  const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(1)}`;
  return card("Why this score", null,
    el("div", { class: "axes" },
      el("div", {},
        el("h3", {}, "Linked ", el("b", { text: share(picture.ring.linked) })),
        el("p", { class: "hint", text: "One operation? Bits for the average member; hatched: what chance asks for." }),
        stack(linked, `Bits by kind: ${told.linked.map((each) => `${picture.kinds[each.kind]} ${each.bits}`).join(", ")}; against: ${told.chance}`),
        el("ul", { class: "sums" }, told.linked.filter((each) => Math.abs(each.bits) >= 0.05).map((each) => el("li", {}, mark(each.kind, kinds), el("b", { text: signed(each.bits) }), ` ${each.says}`)),
          el("li", {}, el("span", { class: "mark hatch", "aria-hidden": "true" }), el("b", { text: signed(-told.chance) }), " the chance of alike strangers"))),
      el("div", {},
        el("h3", {}, "Extraction ", el("b", { text: share(picture.ring.extraction) })),
        el("p", { class: "hint", text: "Does it harvest? Log odds by part of behaviour; hatched: what speaks against." }),
        told.doubt === null ? el("p", { text: "Nothing is known of its behaviour." }) : stack(extraction, `Log odds: ${parts.map((each) => `${each.part} ${each.adds}`).join(", ")}`),
        el("ul", { class: "sums" }, parts.slice(0, 6).map((each) => el("li", {}, el("span", { class: each.adds < 0 ? "mark hatch" : "mark solid", "aria-hidden": "true" }), el("b", { text: signed(each.adds) }), ` ${each.adds < 0 ? "against: few groups like it are one that " : ""}${each.says}`)),
          told.doubt === null ? null : el("li", {}, el("span", { class: "mark hatch", "aria-hidden": "true" }), el("b", { text: signed(told.doubt) }), " the doubt before anything is known")))),
    el("dl", { class: "words" },
      el("dt", { text: "What the score means" }), el("dd", { text: told.meaning }),
      el("dt", { text: "What would clear it" }), el("dd", { text: told.clearing })));
}

export function against(picture, standing) {
  const items = picture.against.map((sentence) => el("li", { text: visible(sentence, 600) }));
  return card("What speaks against it", null,
    items.length ? el("ul", { class: "sentences" }, items) : el("p", { text: "Nothing was found. Look at the members and the samples all the same." }),
    el("h3", { text: "Known before" }),
    standing.precedents.length || standing.known_bad.length ? el("ul", { class: "sentences" },
      standing.precedents.map((each) => el("li", {}, mark(each.kind, Object.keys(picture.kinds)),
        ` ${picture.kinds[each.kind] ?? each.kind} `, el("bdi", { text: visible(each.identifier, 60) }),
        ` stood in ${each.ring} (${said(each.judgement)}) with ${plural(each.there, "account")}; here with ${number(each.here)}.`)),
      standing.known_bad.map((each) => el("li", {}, el("bdi", { text: visible(each.account, 60) }), ` is known bad (${visible(each.why, 80)})`,
        each.kind ? [`: `, mark(each.kind, Object.keys(picture.kinds)), ` `, el("bdi", { text: visible(each.identifier, 60) }),
          ` leads from it to `, el("bdi", { text: visible(each.through, 60) }), each.here > 1 ? ` and ${plural(each.here - 1, "more member")}.` : "."] : " and is a member.")))
      : el("p", { class: "hint", text: "No identifier of it stands in a ring that was judged, and no path leads to an account known bad." }));
}

export const said = (judgement) => ({ confirm: "confirmed", dismiss: "dismissed", watch: "watched", undo: "undone" })[judgement] ?? "not judged";

export function matrix(picture, state, choose) {
  const told = picture.matrix;
  const kinds = Object.keys(picture.kinds);
  const canvas = el("canvas", { role: "img", id: "matrix", "aria-label": `Evidence matrix: ${number(told.accounts)} accounts in the order of their cells, across ${told.bands.map((band) => `${number(band.identifiers)} of the kind ${picture.kinds[band.kind]}`).join(", ")}` });
  const left = 118;
  const bands = told.bands.map((band) => {
    const image = document.createElement("canvas");
    image.width = Math.max(1, told.columns);
    image.height = Math.max(1, band.rows);
    const bytes = Uint8Array.from(atob(band.dots), (letter) => letter.charCodeAt(0));
    const pen = image.getContext("2d");
    const dots = pen.createImageData(image.width, image.height);
    const ink = inkOf(band.kind, kinds)[0];
    const rgb = [1, 3, 5].map((place) => parseInt(ink.slice(place, place + 2), 16));
    bytes.forEach((shade, place) => dots.data.set([...rgb, shade], 4 * place));
    pen.putImageData(dots, 0, 0);
    return { ...band, image };
  });
  function draw() {
    const tall = Math.max(40, Math.min(74, Math.round(300 / Math.max(1, bands.length))));
    const { pen, width } = prepare(canvas, bands.length * (tall + 5) + 20);
    const wide = width - left - 4;
    bands.forEach((band, place) => {
      const y = place * (tall + 5);
      pen.fillStyle = themed("ground");
      pen.fillRect(left, y, wide, tall);
      // Columns may be blended where the screen has fewer; rows never: half a row is no evidence.
      const across = document.createElement("canvas");
      across.width = Math.max(1, Math.min(Math.round(wide * (window.devicePixelRatio || 1)), 4 * told.columns));
      across.height = band.image.height;
      const thin = across.getContext("2d");
      thin.imageSmoothingEnabled = told.columns > across.width;
      thin.drawImage(band.image, 0, 0, across.width, across.height);
      pen.imageSmoothingEnabled = false;
      pen.drawImage(across, left, y, wide, tall);
      pen.fillStyle = themed("text");
      pen.fillText(cut(pen, picture.kinds[band.kind], left - 10), 0, y + tall / 2 - 8);
      pen.fillStyle = themed("soft");
      pen.fillText(number(band.identifiers), 0, y + tall / 2 + 8);
    });
    const bottom = bands.length * (tall + 5);
    told.cells.forEach((start, cell) => {
      const x = left + (start / told.columns) * wide;
      const end = left + ((told.cells[cell + 1] ?? told.columns) / told.columns) * wide;
      pen.strokeStyle = themed("line");
      pen.lineWidth = 1;
      if (cell) { pen.beginPath(); pen.moveTo(x, 0); pen.lineTo(x, bottom); pen.stroke(); }
      if (state.selected === `cell:${cell}`) { pen.strokeStyle = themed("accent"); pen.lineWidth = 2; pen.strokeRect(x, 0, end - x, bottom - 4); }
      pen.fillStyle = themed("soft");
      const name = picture.shares.cells[cell].name;
      if (end - x > pen.measureText(name).width + 4) pen.fillText(name, x + 3, bottom + 8);
    });
  }
  canvas.addEventListener("click", (event) => {
    const bounds = canvas.getBoundingClientRect();
    const column = ((event.clientX - bounds.left - left) / (bounds.width - left - 4)) * told.columns;
    const cell = told.cells.findLastIndex((start) => start <= column);
    choose(column >= 0 && cell >= 0 ? `cell:${cell}` : null);
  });
  return { draw, parts: card("Evidence matrix", "Columns: accounts by cell. Rows: identifiers by kind. A staircase is what cells have for themselves; rows across it make this one ring.", el("div", { class: "canvas" }, canvas)) };
}

export function rhythm(picture, state, choose) {
  const told = picture.rhythm;
  const canvas = el("canvas", { role: "img", id: "rhythm", "aria-label": `Activity by hour of the day in UTC, ${plural(told.rows.length, "row")}; requests by hour from midnight: ${told.total.map(number).join(", ")}` });
  const left = 74;
  const top = 44;
  const tall = Math.max(2, Math.min(16, Math.floor(250 / Math.max(1, told.rows.length))));
  function heat(pen, values, x, y, wide, high, ink) {
    const most = Math.max(...values, 1);
    values.forEach((value, place) => {
      if (!value) return;
      pen.globalAlpha = 0.12 + 0.88 * (value / most);
      pen.fillStyle = ink;
      pen.fillRect(x + place * wide, y, Math.max(wide - (wide > 5 ? 1 : 0), 0.6), high);
    });
    pen.globalAlpha = 1;
  }
  function bars(pen, values, x, wide) {
    const most = Math.max(...values, 1);
    pen.fillStyle = themed("account");
    values.forEach((value, place) => {
      const high = Math.round((30 * value) / most);
      pen.fillRect(x + place * wide, top - 8 - high, Math.max(wide - (wide > 3 ? 1 : 0), 0.6), high);
    });
  }
  function draw() {
    const { pen, width } = prepare(canvas, top + told.rows.length * tall + 22);
    const half = Math.floor((width - left - 24) * 0.55);
    const rest = width - left - 24 - half;
    const hour = half / 24;
    const day = rest / Math.max(1, told.daily.length);
    const right = left + half + 20;
    pen.fillStyle = themed("soft");
    pen.fillText("all", 0, top - 16);
    bars(pen, told.total, left, hour);
    bars(pen, told.daily, right, day);
    const ink = themed("behaviour");
    told.rows.forEach((each, place) => {
      const y = top + place * tall;
      if (state.selected === each.key) { pen.fillStyle = themed("chosen"); pen.fillRect(0, y, width, tall); }
      heat(pen, each.hours, left, y, hour, tall - (tall > 4 ? 1 : 0), ink);
      heat(pen, each.days, right, y, day, tall - (tall > 4 ? 1 : 0), ink);
      if (tall >= 11) { pen.fillStyle = themed("soft"); pen.fillText(cut(pen, visible(each.label, 40), left - 8), 0, y + tall / 2); }
    });
    const bottom = top + told.rows.length * tall + 10;
    pen.fillStyle = themed("soft");
    for (let each = 0; each < 24; each += 6) pen.fillText(`${String(each).padStart(2, "0")} h`, left + each * hour, bottom);
    if (told.first !== null) {
      pen.fillText(moment(told.first, false).slice(5), right, bottom);
      const last = moment(told.first + (told.daily.length - 1) * told.each * 86400, false).slice(5);
      if (rest > 90) pen.fillText(last, width - 4 - pen.measureText(last).width, bottom);
    }
  }
  canvas.addEventListener("click", (event) => {
    const place = Math.floor((event.clientY - canvas.getBoundingClientRect().top - top) / tall);
    choose(told.rows[place]?.key ?? null);
  });
  const rows = told.of === "cells" ? "Rows: cells" : "Rows: accounts";
  return { draw, parts: card("Activity by hour and day (UTC)", `${rows}, by busiest hour: shifts are a staircase, a flat total is work shared out.${told.each > 1 ? ` A column at the right is ${told.each} days.` : ""}${told.silent ? ` ${number(told.silent)} did nothing.` : ""}`, el("div", { class: "canvas" }, canvas)) };
}

export function signups(picture, choose) {
  const told = picture.signups;
  const total = told.bars.reduce((sum, [a, b]) => sum + a + b, 0);
  const canvas = el("canvas", { role: "img", id: "signups", "aria-label": `Sign-ups over time: ${number(total)} from ${moment(told.start)} on, ${number(told.bars.reduce((sum, bar) => sum + bar[0], 0))} of them in bursts` });
  const per = { 300: "5 minutes", 900: "15 minutes", 3600: "hour", 10800: "3 hours", 21600: "6 hours", 86400: "day", 259200: "3 days", 604800: "week" }[told.width] ?? `${Math.round(told.width / 86400)} days`;
  function draw() {
    const { pen, width, height } = prepare(canvas, 150);
    if (!told.bars.length) { pen.fillStyle = themed("soft"); pen.fillText("Nobody knows when these accounts signed up.", 0, 20); return; }
    const most = Math.max(...told.bars.map(([a, b]) => a + b), 1);
    const wide = Math.min(40, (width - 8) / told.bars.length);
    const scale = (height - 42) / most;
    told.bars.forEach(([burst, other], place) => {
      const x = place * wide;
      const base = height - 22;
      pen.fillStyle = themed("account");
      pen.fillRect(x, base - other * scale, Math.max(wide - 1, 1), other * scale);
      pen.fillStyle = inkOf("signup")[0];
      pen.fillRect(x, base - (other + burst) * scale, Math.max(wide - 1, 1), burst * scale);
    });
    pen.fillStyle = themed("soft");
    pen.fillText(`at most ${number(most)} per ${per}`, 0, 8);
    pen.fillText(moment(told.start), 0, height - 9);
    const end = moment(told.start + told.bars.length * told.width);
    if (wide * told.bars.length > 260) pen.fillText(end, wide * told.bars.length - pen.measureText(end).width, height - 9);
  }
  const outside = [[told.before, "earlier"], [told.after, "later"], [told.unknown, "at an unknown time"]].filter(([count]) => count).map(([count, when]) => `${number(count)} ${when}`);
  return { draw, parts: card("Sign-ups", `Orange: in a burst, more in so short a time than its network explains.${outside.length ? ` Not drawn: ${outside.join(", ")}.` : ""}`, el("div", { class: "canvas" }, canvas),
    el("ul", { class: "sums" }, told.bursts.map((each) => el("li", {}, mark("signup"), el("button", { type: "button", class: "plain", onclick: () => choose(each.key), text: visible(each.label, 80) }), ` ${plural(each.accounts, "account")}`)),
      told.more_bursts ? el("li", { text: `and ${plural(told.more_bursts, "more burst")}` }) : null)) };
}
