"""Sentences from rules: each ``{word}`` in a rule is replaced by one of that word's own rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linkage.simulation.dice import Dice

SYLLABLES = (
    *(
        "ka",
        "lo",
        "mi",
        "ren",
        "tor",
        "vel",
        "sha",
        "bri",
        "no",
        "del",
        "qua",
        "fen",
        "ist",
        "ora",
        "yu",
        "zan",
    ),
    *(
        "pel",
        "gri",
        "ham",
        "ew",
        "os",
        "und",
        "ira",
        "cal",
        "dro",
        "ley",
        "mar",
        "tis",
        "bo",
        "ax",
        "ulm",
        "eth",
    ),
)


class Grammar:
    """Rules that make sentences.

    ``{number}`` and ``{name}`` need no rule: they are made up each time, so that texts seldom repeat.

    >>> import numpy as np
    >>> from linkage.simulation.dice import Dice
    >>> dice = Dice(np.random.Generator(np.random.PCG64(1)))
    >>> Grammar({"ask": ["cook {thing}"], "thing": ["soup"]}).say("ask", dice)
    'cook soup'
    """

    def __init__(self, rules: Mapping[str, Sequence[str]]) -> None:
        self._rules = {word: tuple(_parse(option) for option in options) for word, options in rules.items()}

    def say(self, word: str, dice: Dice) -> str:
        """Make one text for ``word``."""
        if word == "number":
            return str(2 + dice.below(97))
        if word == "name":
            return invent_name(dice)
        parts = dice.pick(self._rules[word])
        return "".join(self.say(part, dice) if slot else part for slot, part in parts)


def invent_name(dice: Dice) -> str:
    """Make up a name of two or three syllables, which belongs to nobody we know of."""
    return "".join(dice.pick(SYLLABLES) for _ in range(2 + dice.below(2))).capitalize()


def _parse(option: str) -> tuple[tuple[bool, str], ...]:
    """Split a rule into (is it a slot?, text)."""
    pieces = enumerate(re.split(r"\{(\w+)\}", option))
    return tuple((place % 2 == 1, piece) for place, piece in pieces if piece)
