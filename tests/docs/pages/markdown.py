"""Small pieces of Markdown, and the pieces of a docstring."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ARGUMENT = re.compile(r"^    (\w+): (.*(?:\n {8,}.*)*)", re.MULTILINE)


def table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    r"""Write a table.

    >>> print(table(["a", "b"], [["1|2", None]]))
    | a | b |
    | --- | --- |
    | 1\|2 |  |
    """
    lines = [list(heading), ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def code(value: object) -> str:
    """Write a value as code; nothing for None.

    >>> code(5), code(None)
    ('`5`', '')
    """
    return "" if value is None else f"`{value}`"


def plain(text: str) -> str:
    """Write a docstring's marks as Markdown's."""
    return text.replace("``", "`")


def described(cls: type) -> list[tuple[str, str, str]]:
    """List the fields of a dataclass: name, type and what its docstring says of it."""
    doc = inspect.getdoc(cls) or ""
    said = {name: " ".join(text.split()) for name, text in _ARGUMENT.findall(doc.partition("Args:")[2])}
    return [(field.name, str(field.type), plain(said[field.name])) for field in fields(cls)]


def paragraphs(doc: str | None) -> str:
    """Write a docstring's text, one sentence a line."""
    blocks = [" ".join(block.split()) for block in (doc or "").split("\n\n")]
    return "\n\n".join(re.sub(r"(?<=[.:!?]) (?=[A-Z])", "\n", plain(block)) for block in blocks)


def _cell(cell: object) -> str:
    return "" if cell is None else str(cell).replace("|", "\\|").replace("\n", " ")
