"""Templates made of a skeleton and words: headings, tags and a tool's schema stay, the words are new each time."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from linkage.simulation.grammar import Grammar

if TYPE_CHECKING:
    from collections.abc import Callable

    from linkage.simulation.writer import Writer

STYLES = ("## {}", "**{}**", "{}:", "[{}]", "# {}")
TAGS = ("work", "notes", "scratch", "answer", "draft")
TOOLS = tuple(
    f"{verb}_{noun}" for verb in ("save", "record", "submit", "file") for noun in ("case", "result", "entry")
)
KEYS = ("topic", "steps", "answer", "confidence", "sources", "level", "doubts", "units", "checks")
TYPES = ("string", "array", "number", "boolean")


@dataclass(frozen=True)
class Rubric:
    """What stays of a template however often it is reworded.

    Args:
        headings: the headings, in order, as they are written.
        tag: the name of the tags round the answer.
        schema: the tool that takes the result, as a program declares it.

    >>> import numpy as np
    >>> from linkage.simulation.writer import Writer
    >>> writer = Writer(np.random.Generator(np.random.PCG64(1)))
    >>> rubric = Rubric.draw(writer)
    >>> first, second = rubric.word(writer), rubric.word(writer)
    >>> first == second, all(heading in first and heading in second for heading in rubric.headings)
    (False, True)
    """

    headings: tuple[str, ...]
    tag: str
    schema: str

    @classmethod
    def draw(cls, writer: Writer) -> Rubric:
        """Make up a skeleton with three headings and a tool of three parameters."""
        dice = writer.dice
        style, headings = dice.pick(STYLES), _distinct(lambda: writer.say("head"))
        keys = _distinct(lambda: dice.pick(KEYS))
        parameters = ", ".join(f'"{key}": {{"type": "{dice.pick(TYPES)}"}}' for key in keys)
        schema = f'{{"name": "{dice.pick(TOOLS)}", "parameters": {{{parameters}}}}}'
        return cls(tuple(style.format(heading) for heading in headings), dice.pick(TAGS), schema)

    def word(self, writer: Writer) -> str:
        """Write the template in new words."""
        dice, rules = writer.dice, _rules()
        lines = [writer.say("role") if dice.chance(0.6) else rules.say("opening", dice)]
        for heading in self.headings:
            lines += [heading, rules.say("under", dice)]
        lines.append(rules.say("wrap", dice).replace("TAG", self.tag))
        return "\n".join([*lines, self.schema])


def _distinct(draw: Callable[[], str]) -> tuple[str, ...]:
    """Draw until there are three different ones."""
    found: list[str] = []
    while len(found) < 3:
        word = draw()
        if word not in found:
            found.append(word)
    return tuple(found)


@cache
def _rules() -> Grammar:
    text = resources.files(__package__).joinpath("texts", "rubric.toml").read_text("utf-8")
    return Grammar(tomllib.loads(text)["rules"])
