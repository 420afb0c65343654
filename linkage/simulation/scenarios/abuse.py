"""An attack: rows made to break whoever reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.crowds import say_first
from linkage.simulation.people import draw_people
from linkage.simulation.requests import live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range
from linkage.simulation.writer import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.people import People
    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage

FORMULAS = (
    '=HYPERLINK("https://example.com/?q="&A1,"open")',
    "+1+1",
    "-2+3",
    "@SUM(1,1)",
    "\t=1+1",
    '"quoted", and, with; commas',
    "\x1b[31mred\x1b[0m",
    "<script>alert(1)</script>",
)
"""What a spreadsheet, a terminal or a page would run, in place of a program's name."""

_LOOK_ALIKE = str.maketrans(
    {"a": "\u0430", "e": "\u0435", "o": "\u043e", "c": "\u0441", "p": "\u0440", "i": "\u0456"}
)
_WIDE = {ord(letter): ord(letter) + 0xFEE0 for letter in "abcdefghijklmnopqrstuvwxyz"}


@dataclass(frozen=True)
class Abuse(Scenario):
    """Pranksters, who do not work together but test what a log reader bears: one crowd, "hostile".

    A few send a prompt of some hundred kilobytes; a quarter write a known text with look-alike letters, invisible signs or
    a reversed direction; a quarter put a spreadsheet's formula where their program's name belongs. All of them use one
    address and one system prompt, so that one value is on very many accounts. NUL bytes and broken moments are not among
    it: no table could hold them.
    """

    name: ClassVar[str] = "abuse"
    number: ClassVar[str] = "A5"

    count: Range = (1, 1)
    size: Range = (130, 180)
    huge: int = 3
    huge_bytes: int = 100_000
    disguised: float = 0.25
    formula: float = 0.25
    org_formula: float = 0.05

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the crowd."""
        rng = stage.rng
        people = draw_people(stage, sum(stage.crowd_sizes(self.count, self.size)))
        count = len(people)
        formulas = rng.random(count) < self.formula
        people.agent[formulas] = np.resize(np.array(FORMULAS, dtype=object), int(formulas.sum()))
        people.org[rng.random(count) < self.org_formula] = FORMULAS[0]
        requests = live(stage, people)
        seat, asn = stage.land.take(1)[0], stage.land.isps[int(rng.integers(8))][0].asn
        requests.seat[:], requests.asn[:] = seat, asn
        say_first(requests, range(len(requests)), stage.writer.wrapper(reason=False), system=True)
        self._disguise(stage, people, requests)
        self._swell(stage, requests)
        yield Group(people, requests, monthly_charges(stage, people), name="hostile")

    def _disguise(self, stage: Stage, people: People, requests: Requests) -> None:
        """Write a public template so that it reads the same and is another text."""
        text = stage.land.templates[3].text
        ways = (
            text.translate(_LOOK_ALIKE),
            text.translate(_WIDE),
            "\u200b".join(text),
            f"\u202e{text[::-1]}\u202c",
            "".join(f"{letter}\u0301\u0323" for letter in text),
        )
        disguised = stage.rng.random(len(people)) < self.disguised
        for row in np.flatnonzero(disguised[requests.who]).tolist():
            requests.prompt[row] = f"{stage.writer.dice.pick(ways)}\n\n{requests.prompt[row]}"

    def _swell(self, stage: Stage, requests: Requests) -> None:
        """Blow the first prompts of some accounts up: new words, one sentence over and over, one endless word."""
        writer = stage.writer
        for who in range(self.huge):
            row = int(np.flatnonzero(requests.who == who)[0])
            if who % 3 == 0:
                text = " ".join(writer.say("detail", writer.dice.pick(topics())) for _ in range(1200))
            else:
                text = (writer.say("detail") + " ") if who % 3 == 1 else "a"
            requests.prompt[row] = (text * (1 + self.huge_bytes // len(text)))[: self.huge_bytes]
