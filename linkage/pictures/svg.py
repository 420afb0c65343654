"""A ring as one SVG: who shares what, the rhythm of work, and what ties it; for a ticket or a case file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from linkage.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WIDTH, SIDE, TOP = 1000, 600, 96
INKS = {
    "payment": "#d55e00", "prompt": "#009e73", "ip": "#0072b2", "signup": "#e69f00", "asn": "#56b4e9",
    "agent": "#cc79a7", "partner": "#8a8a8a",
}  # fmt: skip
"""The colours of Okabe and Ito, as on the page."""
OTHER = "#cc79a7"
GREY = "#4d5966"
FONT = "font-family='system-ui, DejaVu Sans, sans-serif'"


def svg(picture: Mapping[str, Any]) -> str:
    """Draw a ring as one SVG of text, shapes and lines: no script, no link, no picture from elsewhere.

    Args:
        picture: the document of the ring, as ``draw_rings`` gives it.
    """
    rows = picture["rhythm"]["rows"]
    height = TOP + SIDE + 40 + 12 * min(len(rows), 16) + 60
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">',
        f"<title>{_text(picture['ring']['ring'], 40)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        *_head(picture),
        *_lanes(picture),
        *_evidence(picture),
        *_rhythm(picture, TOP + SIDE + 40),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _head(picture: Mapping[str, Any]) -> Iterator[str]:
    ring = picture["ring"]
    extraction = "unknown" if ring["extraction"] is None else f"{ring['extraction']:.2f}"
    yield _said(20, 34, f"{ring['ring']}   {ring['score']:.2f}", size=22, weight=700)
    yield _said(20, 58, picture["sentence"], size=13, limit=150)
    yield _said(
        20,
        78,
        f"linked {ring['linked']:.2f}, extraction {extraction}; {picture['why']['meaning']}",
        size=12,
        limit=160,
    )


def _lanes(picture: Mapping[str, Any]) -> Iterator[str]:
    """Draw the lanes in the left two thirds."""
    drawing = picture["shares"]["lanes"]
    wide = 640
    spots = [(20 + node[4] * wide, TOP + 10 + node[5] * (SIDE - 20)) for node in drawing["nodes"]]
    for left, right, kind, _ in drawing["links"]:
        (x, y), (to_x, to_y) = spots[left], spots[right]
        middle = (x + to_x) / 2
        yield (
            f'<path d="M{x:.1f} {y:.1f}C{middle:.1f} {y:.1f} {middle:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}" '
            f'fill="none" stroke="{_ink(kind)}" stroke-opacity=".4"/>'
        )
    for (what, key, label, *_), (x, y) in zip(drawing["nodes"], spots, strict=True):
        group = what in {"cell", "account"}
        if group:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{GREY}"/>'
            yield _said(x - 10, y + 4, label, size=10, anchor="end", limit=18)
        else:
            yield f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="{_ink(what)}"/>'
            yield _said(x + 8, y + 4, label, size=10, limit=10 if key.startswith("own") else 26)
    hidden = ", ".join(
        f"{count:,} of the kind {picture['kinds'][kind]}" for kind, count in drawing["hidden"].items()
    )
    if hidden:
        yield _said(20, TOP + SIDE + 6, f"Not drawn, though they join cells: {hidden}", size=10, limit=120)


def _evidence(picture: Mapping[str, Any]) -> Iterator[str]:
    """List in the right third what ties the ring, and what speaks against it."""
    x, y = 700, TOP + 14
    yield _said(x, y, "What ties it, in bits", size=13, weight=700)
    most = max([each["bits"] for each in picture["why"]["linked"]], default=1.0) or 1.0
    for each in [each for each in picture["why"]["linked"] if each["bits"] >= 0.05][:8]:
        y += 34
        yield _said(x, y - 10, f"{each['bits']:+.1f} {each['says']}", size=11, limit=46)
        yield f'<rect x="{x}" y="{y - 4}" width="{280 * max(each["bits"], 0) / most:.1f}" height="7" fill="{_ink(each["kind"])}"/>'
    y += 34
    yield _said(x, y, "What speaks against it", size=13, weight=700)
    for sentence in picture["against"][:6] or ["Nothing was found."]:
        for line in _folded(sentence, 46)[:3]:
            y += 16
            yield _said(x, y, line, size=11, limit=60)
        y += 4


def _rhythm(picture: Mapping[str, Any], top: int) -> Iterator[str]:
    """Draw the hours of the day, a row for each of up to sixteen rows."""
    rows = picture["rhythm"]["rows"]
    step = -(-len(rows) // 16) or 1
    drawn = rows[::step]
    shown = (
        f"{len(drawn):,} of {len(rows):,} {picture['rhythm']['of']}" if step > 1 else picture["rhythm"]["of"]
    )
    title = f"Requests by hour of the day (UTC); rows: {shown}, by busiest hour"
    yield _said(20, top - 8, title, size=13, weight=700)
    for place, row in enumerate(drawn):
        y = top + 12 * place
        most = max(row["hours"]) or 1
        yield _said(20, y + 10, row["label"], size=9, limit=14)
        for hour, count in enumerate(row["hours"]):
            if count:
                yield (
                    f'<rect x="{120 + 35 * hour}" y="{y}" width="34" height="11" fill="#2b6ca3" '
                    f'fill-opacity="{0.12 + 0.88 * count / most:.2f}"/>'
                )
    y = top + 12 * min(len(rows), 16) + 14
    for hour in range(0, 24, 6):
        yield _said(120 + 35 * hour, y, f"{hour:02} h", size=10)


def _said(  # noqa: PLR0913 - how a text stands
    x: float, y: float, text: str, *, size: int, weight: int = 400, anchor: str = "start", limit: int = 200
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" '
        f'fill="#18212b" {FONT}>{_text(text, limit)}</text>'
    )


def _text(text: str, limit: int) -> str:
    """Make text safe in XML, which has no word for most controls at all."""
    return escape(inert(text, limit=limit), {'"': "&quot;", "'": "&apos;"})


def _folded(text: str, width: int) -> list[str]:
    import textwrap  # noqa: PLC0415 - only here

    return textwrap.wrap(inert(text, limit=400), width)


def _ink(kind: str) -> str:
    return INKS.get(kind, OTHER)
