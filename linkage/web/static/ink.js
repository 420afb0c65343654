// Colours and shapes of kinds (Okabe and Ito, so that no two look alike to anybody), and a canvas to draw on.

const KNOWN = {
  payment: ["#d55e00", "square"],
  prompt: ["#009e73", "triangle"],
  ip: ["#0072b2", "diamond"],
  signup: ["#e69f00", "pentagon"],
  asn: ["#56b4e9", "hexagon"],
  agent: ["#cc79a7", "star"],
  partner: ["#8a8a8a", "cross"],
};
const OTHERS = [["#cc79a7", "bar"], ["#e69f00", "cross"], ["#009e73", "bar"], ["#56b4e9", "star"]];

export function inkOf(kind, kinds = []) {
  if (KNOWN[kind]) return KNOWN[kind];
  const place = kinds.filter((each) => !KNOWN[each]).indexOf(kind);
  return OTHERS[Math.max(place, 0) % OTHERS.length];
}

export function themed(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

// Fit a canvas to its place on the page and to the screen's dots; gives the pen and the size in CSS pixels.
export function prepare(canvas, height) {
  const width = Math.max(200, Math.round(canvas.parentElement.clientWidth));
  const dots = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * dots);
  canvas.height = Math.round(height * dots);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext("2d");
  pen.setTransform(dots, 0, 0, dots, 0, 0);
  pen.font = "12px system-ui, sans-serif";
  pen.textBaseline = "middle";
  return { pen, width, height };
}

function polygon(pen, x, y, r, corners, turn = -Math.PI / 2, inner = 1) {
  const steps = inner === 1 ? corners : corners * 2;
  for (let step = 0; step < steps; step += 1) {
    const angle = turn + (2 * Math.PI * step) / steps;
    const reach = inner !== 1 && step % 2 ? r * inner : r;
    pen[step ? "lineTo" : "moveTo"](x + reach * Math.cos(angle), y + reach * Math.sin(angle));
  }
  pen.closePath();
}

export function shape(pen, what, x, y, r) {
  pen.beginPath();
  if (what === "square") pen.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
  else if (what === "triangle") polygon(pen, x, y + r * 0.15, r * 1.15, 3);
  else if (what === "diamond") polygon(pen, x, y, r * 1.15, 4);
  else if (what === "pentagon") polygon(pen, x, y, r * 1.05, 5);
  else if (what === "hexagon") polygon(pen, x, y, r * 1.05, 6, 0);
  else if (what === "star") polygon(pen, x, y, r * 1.25, 5, -Math.PI / 2, 0.5);
  else if (what === "cross") polygon(pen, x, y, r * 1.3, 4, 0, 0.4);
  else if (what === "bar") pen.rect(x - r * 1.1, y - r * 0.55, r * 2.2, r * 1.1);
  else pen.arc(x, y, r, 0, 2 * Math.PI);
}

// A small picture of a kind, for legends and tables.
export function mark(kind, kinds) {
  const canvas = document.createElement("canvas");
  const [ink, form] = kind === "account" ? [themed("account"), "circle"] : inkOf(kind, kinds);
  canvas.width = 28;
  canvas.height = 28;
  canvas.className = "mark";
  canvas.setAttribute("aria-hidden", "true");
  const pen = canvas.getContext("2d");
  pen.scale(2, 2);
  pen.fillStyle = ink;
  shape(pen, form, 7, 7, 5);
  pen.fill();
  return canvas;
}

export function cut(pen, text, width) {
  if (pen.measureText(text).width <= width) return text;
  let end = text.length;
  while (end > 1 && pen.measureText(`${text.slice(0, end)}…`).width > width) end -= 1;
  return `${text.slice(0, end)}…`;
}
