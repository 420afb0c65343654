"""What a report is made of, and how it is written as Markdown and as HTML, where others' words come out inert."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from linkage.inert import inert

if TYPE_CHECKING:
    from collections.abc import Sequence


class Name(str):
    """A name that others chose."""

    __slots__ = ()


class Prose(str):
    """A text that others wrote."""

    __slots__ = ()


@dataclass(frozen=True)
class Heading:
    """The beginning of a section."""

    text: str


@dataclass(frozen=True)
class Line:
    """One sentence, in parts: our words as they are, others' as ``Name``."""

    parts: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A table: the heads of its columns, its rows, and the rows that are ours."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    ours: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Drawing:
    """A plot, and the sentence beneath it; only in the HTML page."""

    svg: str
    caption: str


Block: TypeAlias = Heading | Line | Grid | Drawing


def line(*parts: str) -> Line:
    """Put the parts of a sentence together.

    >>> line("In ", Name("w1"), " all is well.").parts
    ('In ', 'w1', ' all is well.')
    """
    return Line(parts)


# The pages -------------------------------------------------------------------------------------------------------


def markdown(blocks: Sequence[Block]) -> str:
    r"""Write blocks as Markdown, one sentence a line; drawings are left to the HTML page.

    >>> markdown([Heading("Suite"), Line(("In ", Name("<b>`x`"), " all is well."))])
    '# Suite\n\nIn `<b>\\x60x\\x60` all is well.\n'
    """
    pieces: list[str] = []
    last: type | None = None
    for block in blocks:
        match block:
            case Heading(text):
                written = f"{'##' if pieces else '#'} {text}"
            case Line(parts):
                written = "".join(map(_marked, parts))
            case Grid():
                written = _marked_grid(block)
            case Drawing():
                continue
        pieces.append(("" if last is None else "\n" if last is type(block) is Line else "\n\n") + written)
        last = type(block)
    return "".join(pieces) + "\n"


def page(blocks: Sequence[Block]) -> str:
    """Write blocks as one HTML page without scripts, whose policy lets it load nothing.

    >>> "<p>In <b>&lt;i&gt;</b> all is well.</p>" in page([Heading("Suite"), Line(("In ", Name("<i>"), " all is well."))])
    True
    """
    title = next(block.text for block in blocks if isinstance(block, Heading))
    body: list[str] = []
    for block in blocks:
        match block:
            case Heading(text):
                body.append(f"<h{2 if body else 1}>{html.escape(text)}</h{2 if body else 1}>")
            case Line(parts):
                body.append(f"<p>{''.join(map(_emphasised, parts))}</p>")
            case Grid():
                body.append(_html_grid(block))
            case Drawing(svg, caption):
                body.append(f"<figure>{svg}<figcaption>{html.escape(caption)}</figcaption></figure>")
    return _PAGE.format(title=html.escape(title), policy=_POLICY, style=_STYLE, body="\n".join(body))


def _marked(part: str) -> str:
    """Keep others' words from being Markdown: names as code, prose with its marks escaped; neither ends a cell."""
    if isinstance(part, Name):
        shown = inert(part, limit=LONGEST_NAME).replace("`", r"\x60").replace("|", r"\x7c")
        return f"`{shown}`" if shown else ""
    if isinstance(part, Prose):
        shown = inert(part, limit=LONGEST_PROSE).replace("|", r"\x7c")
        return _MARKS.sub(r"\\\g<0>", shown)
    return part


def _escaped(part: str) -> str:
    if isinstance(part, Name | Prose):
        part = inert(part, limit=LONGEST_NAME if isinstance(part, Name) else LONGEST_PROSE)
    return html.escape(part)


def _emphasised(part: str) -> str:
    """Let a name in a sentence be seen as one."""
    return f"<b>{_escaped(part)}</b>" if isinstance(part, Name) else _escaped(part)


def _marked_grid(grid: Grid) -> str:
    rules = ("---:" if right else "---" for right in _numeric(grid))
    rows = (grid.head, tuple(rules), *grid.rows)
    return "\n".join(f"| {' | '.join(map(_marked, row))} |" for row in rows)


def _html_grid(grid: Grid) -> str:
    right = [' class="number"' if each else "" for each in _numeric(grid)]
    head = "".join(
        f'<th scope="col"{side}>{_escaped(cell)}</th>' for cell, side in zip(grid.head, right, strict=True)
    )
    rows = []
    for number, row in enumerate(grid.rows):
        cells = "".join(f"<td{side}>{_escaped(cell)}</td>" for cell, side in zip(row, right, strict=True))
        rows.append(f'<tr class="ours">{cells}</tr>' if number in grid.ours else f"<tr>{cells}</tr>")
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead>\n<tbody>{chr(10).join(rows)}</tbody></table></div>'


def _numeric(grid: Grid) -> list[bool]:
    """Say which columns hold numbers, alone or with their range."""
    return [
        any(cells) and all(re.fullmatch(r"[-+.,\d() to]*", cell) for cell in cells)
        for cells in (
            [
                "" if isinstance(row[column], Name | Prose) and not row[column] else row[column]
                for row in grid.rows
            ]
            for column in range(len(grid.head))
        )
    ]


_MARKS = re.compile(r"[\\`*\[\]<>~&$@]|(?<!\w)_|_(?!\w)|:(?=//)|(?<=www)\.", re.IGNORECASE)
"""What may begin something in Markdown, or make a link of bare words."""
LONGEST_NAME = 400
LONGEST_PROSE = 4_000
_STYLE = """
:root { color-scheme: light dark; --page: #ffffff; --text: #1f2328; --faint: #59636e; --rule: #d1d9e0; --ours: #e8f3fb }
@media (prefers-color-scheme: dark) {
  :root { --page: #14171c; --text: #e4e7eb; --faint: #9aa4af; --rule: #363d47; --ours: #14304a }
}
body { background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem }
h1, h2 { line-height: 1.25; margin: 2.2rem 0 .8rem }
p { margin: .25rem 0; max-width: 52rem; overflow-wrap: anywhere }
.wide { overflow-x: auto; margin: 1rem 0 }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums }
th, td { border-bottom: 1px solid var(--rule); max-width: 26rem; overflow-wrap: break-word; padding: .3rem .7rem; text-align: left; vertical-align: top }
th { vertical-align: bottom }
.number { text-align: right }
td.number { white-space: nowrap }
.ours { background: var(--ours); font-weight: 600 }
figure { margin: 1.5rem 0 }
figure svg { display: block; height: auto; max-width: 100% }
figcaption { color: var(--faint); font-size: .875rem }
"""
_POLICY = (
    "default-src 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    + "'; base-uri 'none'; form-action 'none'"
)
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
