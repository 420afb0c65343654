// Who shares what, on a canvas: every position was worked out before; here it is drawn, moved and pointed at.

import { el, number, visible } from "./dom.js";
import { cut, inkOf, mark, prepare, shape, themed } from "./ink.js";

const [WHAT, KEY, LABEL, SIZE, X, Y, COUNT] = [0, 1, 2, 3, 4, 5, 6];

export function graph(picture, state, choose, say) {
  const kinds = Object.keys(picture.kinds);
  const hidden = new Set();
  let least = 1;
  let view = { scale: 1, x: 0, y: 0 };
  let hover = null;
  let walked = -1;
  const canvas = el("canvas", { tabindex: 0, role: "img", class: "graph", id: "graph" });
  const box = el("div", { class: "canvas" }, canvas);
  const note = el("p", { class: "hint" });
  const tabs = ["lanes", "network"].map((name) => el("button", {
    type: "button", class: "tab", "aria-pressed": String(state.view === name), data: { view: name },
    onclick: () => { state.view = name; view = { scale: 1, x: 0, y: 0 }; state.keep(); draw(); },
    text: name === "lanes" ? "Lanes" : "Network",
  }));
  const legend = el("div", { class: "legend", role: "group", "aria-label": "Kinds shown" }, kinds.map((kind) =>
    el("button", {
      type: "button", "aria-pressed": "true",
      onclick: (event) => {
        if (!hidden.delete(kind)) hidden.add(kind);
        event.currentTarget.setAttribute("aria-pressed", String(!hidden.has(kind)));
        draw();
      },
    }, mark(kind, kinds), picture.kinds[kind])));
  const most = Math.max(2, ...picture.shares.network.nodes.map((node) => node[SIZE]));
  const slider = el("input", {
    type: "range", min: 0, max: 100, value: 0, "aria-label": "Hide identifiers shared by fewer accounts",
    oninput: () => {
      least = Math.max(1, Math.round(Math.exp((Math.log(most) * slider.value) / 100)));
      draw();
    },
  });

  const current = () => picture.shares[state.view];
  const isGroup = (node) => node[WHAT] === "cell" || node[WHAT] === "account";
  const shown = (node) => isGroup(node) || (!hidden.has(node[WHAT]) && (node[KEY].startsWith("own") || node[SIZE] >= least));

  function place(node, size) {
    const pad = state.view === "lanes" ? { x: 8, y: 12 } : { x: 36, y: 24 };
    return [
      view.x + view.scale * (pad.x + node[X] * (size.width - 2 * pad.x)),
      view.y + view.scale * (pad.y + node[Y] * (size.height - 2 * pad.y)),
    ];
  }

  function radius(node, largest) {
    if (node[WHAT] === "cell") return 5 + 9 * Math.sqrt(node[SIZE] / largest);
    if (node[WHAT] === "account") return 4;
    return node[KEY].startsWith("own") ? 5 : 6;
  }

  function near(drawing, key) {
    const at = drawing.nodes.findIndex((node) => node[KEY] === key);
    if (at < 0) return null;
    const found = new Set([at]);
    for (const [a, b] of drawing.links) {
      if (a === at) found.add(b);
      if (b === at) found.add(a);
    }
    return found;
  }

  function height() {
    if (state.view === "network") return 620;
    const rows = Math.max(1, current().nodes.filter(isGroup).length);
    const rights = current().nodes.filter((node) => node[KEY].startsWith("id")).length;
    return Math.min(900, Math.max(480, 24 + 26 * rows, 24 + 17 * rights));
  }

  function draw() {
    const drawing = current();
    const size = prepare(canvas, height());
    const { pen } = size;
    const largest = Math.max(1, ...drawing.nodes.filter((node) => node[WHAT] === "cell").map((node) => node[SIZE]));
    const focus = near(drawing, hover ?? state.selected);
    const bright = (place_) => !focus || focus.has(place_);
    const at = drawing.nodes.map((node) => place(node, size));
    const busiest = Math.max(1, ...drawing.links.map((link) => link[3]));
    const room = size.width * 0.5 * view.scale;
    pen.clearRect(0, 0, size.width, size.height);
    for (const [a, b, kind, count] of drawing.links) {
      if (!shown(drawing.nodes[a]) || !shown(drawing.nodes[b]) || hidden.has(kind)) continue;
      const lit = !focus || (bright(a) && bright(b));
      pen.strokeStyle = inkOf(kind, kinds)[0];
      pen.globalAlpha = lit ? (focus ? 0.9 : drawing.links.length > 400 ? 0.28 : 0.45) : 0.05;
      pen.lineWidth = 0.7 + 2 * Math.sqrt(count / busiest) * Math.min(1, Math.log2(busiest) / 5);
      pen.beginPath();
      pen.moveTo(...at[a]);
      if (state.view === "lanes" && drawing.nodes[b][KEY].startsWith("id")) {
        const start = Math.max(at[a][0], size.width * 0.58 * view.scale + view.x);
        pen.lineTo(start, at[a][1]);
        pen.bezierCurveTo(start + room / 5, at[a][1], at[b][0] - room / 5, at[b][1], ...at[b]);
      } else pen.lineTo(...at[b]);
      pen.stroke();
    }
    drawing.nodes.forEach((node, index) => {
      if (!shown(node)) return;
      const [ink, form] = isGroup(node) ? [themed("account"), "circle"] : inkOf(node[WHAT], kinds);
      const r = radius(node, largest);
      pen.globalAlpha = bright(index) ? 1 : 0.15;
      pen.fillStyle = ink;
      pen.strokeStyle = node[KEY] === state.selected ? themed("text") : themed("panel");
      pen.lineWidth = node[KEY] === state.selected ? 2.5 : 1;
      shape(pen, form, ...at[index], r);
      pen.fill();
      pen.stroke();
    });
    pen.globalAlpha = 1;
    label(pen, drawing, at, bright, largest, size);
    describe(drawing);
  }

  function label(pen, drawing, at, bright, largest, size) {
    // In a network a label gives way to marks, too; in lanes each mark has its own room.
    const taken = state.view === "lanes" ? [] : drawing.nodes.flatMap((node, index) => {
      const r = radius(node, largest);
      const [x, y] = at[index];
      return node[WHAT] === "account" ? [] : shown(node) ? [[x - r, y - r, x + r, y + r]] : [];
    });
    const order = drawing.nodes.map((_, index) => index).filter((index) => shown(drawing.nodes[index]) && bright(index));
    const weight = (node) => (node[WHAT] === "cell" ? 3e6 : node[KEY].startsWith("id") ? 2e6 : node[WHAT] === "account" ? 0 : 1e6) + node[SIZE];
    order.sort((a, b) => weight(drawing.nodes[b]) - weight(drawing.nodes[a]));
    pen.lineJoin = "round";
    for (const index of order) {
      const node = drawing.nodes[index];
      const lanes = state.view === "lanes";
      if (node[WHAT] === "account" && !lanes && !hover && view.scale < 2 && drawing.nodes.length > 60) continue;
      const r = radius(node, largest);
      const left = lanes && isGroup(node);
      const wide = left ? at[index][0] - r - 10 : lanes && !node[KEY].startsWith("own") ? size.width - at[index][0] - r - 8 : 150;
      pen.font = node[KEY].startsWith("own") ? "11px system-ui, sans-serif" : "12px system-ui, sans-serif";
      const text = cut(pen, visible(node[LABEL], 64), Math.max(wide, 24));
      const width = pen.measureText(text).width;
      const beyond = !lanes && at[index][0] + r + 6 + width > size.width;
      const x = left || beyond ? at[index][0] - r - 6 - width : lanes || node[WHAT] !== "cell" ? at[index][0] + r + 4 : at[index][0] - width / 2;
      const y = lanes || node[WHAT] !== "cell" ? at[index][1] : at[index][1] + r + 9;
      const box_ = [x - 1, y - 7, x + width + 1, y + 7];
      if (!(lanes && isGroup(node)) && taken.some((b) => box_[0] < b[2] && b[0] < box_[2] && box_[1] < b[3] && b[1] < box_[3])) continue;
      taken.push(box_);
      pen.strokeStyle = themed("panel");
      pen.lineWidth = 3.5;
      pen.strokeText(text, x, y);
      pen.fillStyle = themed("text");
      pen.fillText(text, x, y);
    }
  }

  function describe(drawing) {
    const groups = drawing.nodes.filter(isGroup).length;
    const rights = drawing.nodes.filter((node) => node[KEY].startsWith("id")).length;
    const own = drawing.nodes.some((node) => node[KEY].startsWith("own"));
    const of = drawing.nodes.some((node) => node[WHAT] === "cell") ? "cells" : "accounts";
    const left = Object.entries(drawing.hidden).map(([kind, count]) => `${number(count)} more of the kind ${picture.kinds[kind]}`);
    note.textContent = `${number(groups)} ${of}, ${number(rights)} identifiers that join them`
      + (own ? "; a number beside a mark counts what one cell has for itself" : "")
      + (left.length ? `; not drawn: ${left.join(", ")}` : "") + ".";
    canvas.setAttribute("aria-label", `Who shares what: ${note.textContent} The table of identifiers says the same.`);
    for (const tab of tabs) tab.setAttribute("aria-pressed", String(tab.dataset.view === state.view));
  }

  function under(event) {
    const drawing = current();
    const bounds = canvas.getBoundingClientRect();
    const size = { width: bounds.width, height: bounds.height };
    const [x, y] = [event.clientX - bounds.left, event.clientY - bounds.top];
    let [best, closest] = [null, 14];
    for (const node of drawing.nodes) {
      if (!shown(node)) continue;
      const [nx, ny] = place(node, size);
      const distance = Math.hypot(nx - x, ny - y);
      if (distance < closest) [best, closest] = [node, distance];
    }
    return best;
  }

  function tell(node) {
    if (!node) return;
    const what = isGroup(node) ? node[WHAT] : picture.kinds[node[WHAT]];
    say(node[KEY].startsWith("own")
      ? `${number(node[COUNT])} of the kind ${what}, held in one cell only`
      : `${what} ${visible(node[LABEL], 80)}${isGroup(node) ? "" : `, held by ${number(node[SIZE])} members`}`);
  }

  let drag = null;
  canvas.addEventListener("pointerdown", (event) => { drag = [event.clientX, event.clientY, false]; canvas.setPointerCapture(event.pointerId); });
  canvas.addEventListener("pointermove", (event) => {
    if (drag) {
      const [dx, dy] = [event.clientX - drag[0], event.clientY - drag[1]];
      if (drag[2] || Math.hypot(dx, dy) > 4) {
        view.x += dx;
        view.y += dy;
        drag = [event.clientX, event.clientY, true];
        draw();
      }
      return;
    }
    const found = under(event);
    const key = found ? found[KEY] : null;
    if (key !== hover) { hover = key; tell(found); draw(); }
  });
  canvas.addEventListener("pointerleave", () => { if (hover) { hover = null; draw(); } });
  canvas.addEventListener("pointerup", (event) => {
    const moved = drag && drag[2];
    drag = null;
    if (!moved) choose(under(event)?.[KEY] ?? null);
  });
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && document.activeElement !== canvas) return;
    event.preventDefault();
    const bounds = canvas.getBoundingClientRect();
    zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, event.clientX - bounds.left, event.clientY - bounds.top);
  }, { passive: false });

  function zoom(by, x, y) {
    const scale = Math.min(8, Math.max(0.5, view.scale * by));
    const real = scale / view.scale;
    view = { scale, x: x - real * (x - view.x), y: y - real * (y - view.y) };
    draw();
  }

  canvas.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] };
    const bounds = canvas.getBoundingClientRect();
    if (moves[event.key]) { view.x += moves[event.key][0]; view.y += moves[event.key][1]; draw(); }
    else if (event.key === "+" || event.key === "=") zoom(1.25, bounds.width / 2, bounds.height / 2);
    else if (event.key === "-") zoom(0.8, bounds.width / 2, bounds.height / 2);
    else if (event.key === "0") { view = { scale: 1, x: 0, y: 0 }; draw(); }
    else if (event.key === "n" || event.key === "p") {
      const nodes = current().nodes.filter(shown);
      if (!nodes.length) return;
      walked = (walked + (event.key === "n" ? 1 : -1) + nodes.length) % nodes.length;
      hover = nodes[walked][KEY];
      tell(nodes[walked]);
      draw();
    } else if (event.key === "Enter" && hover) choose(hover);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  const tools = el("div", { class: "tools" }, tabs, el("label", { class: "slider" }, "hide what few share", slider));
  return { parts: [tools, legend, note, box], draw };
}
