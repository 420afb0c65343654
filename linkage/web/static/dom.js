// Elements from plain values. Text goes in as text, always: nothing here reads markup.

const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\u00ad\u034f\u115f\u1160\u2800\u3164\uffa0]/gu;
const SHORT = { "\n": "↵", "\t": "⇥" };

// Show what draws nothing, or turns the direction of text, as its number; cut what is too long.
export function visible(text, limit = 120) {
  const letters = String(text ?? "").slice(0, 4 * limit);
  const shown = letters.replace(HIDDEN, (one) =>
    SHORT[one] ?? `⟨U+${one.codePointAt(0).toString(16).padStart(4, "0")}⟩`);
  return shown.length > limit || letters.length < String(text ?? "").length ? `${shown.slice(0, limit)}…` : shown;
}

// Make an element: attributes by name, listeners by on…, children as text or elements.
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "text") made.textContent = value;
    else if (key === "data") Object.assign(made.dataset, value);
    else if (key === "grow") made.style.flexGrow = String(value);
    else if (key === "ink") made.style.setProperty("--ink", value);
    else made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export const number = (value) => Number(value).toLocaleString("en-US");
export const share = (value) => (value === null || value === undefined ? "–" : Number(value).toFixed(2));
export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

// Seconds since 1970 as a day, or a minute, of UTC.
export function moment(seconds, minutes = true) {
  if (seconds === null || seconds === undefined) return "–";
  const text = new Date(seconds * 1000).toISOString();
  return minutes ? text.slice(0, 16).replace("T", " ") : text.slice(0, 10);
}

export function card(title, hint, ...children) {
  const id = `h-${title.toLowerCase().replaceAll(/[^a-z]+/g, "-")}`;
  return el("section", { class: "card", "aria-labelledby": id },
    el("h2", { id, text: title }), hint ? el("p", { class: "hint", text: hint }) : null, ...children);
}

// A table whose first row is its head; cells are text or elements.
export function table(heads, rows, label, attributes = {}) {
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label },
    el("table", attributes,
      el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, rows)));
}

export function row(cells, attributes = {}) {
  return el("tr", attributes, cells.map((cell) =>
    el("td", typeof cell === "number" ? { class: "figure" } : {}, typeof cell === "number" ? number(cell) : cell ?? "–")));
}
