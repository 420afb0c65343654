"""What people ask: prompts in several languages and many topics, seldom the same twice."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from linkage.simulation.dice import Dice
from linkage.simulation.grammar import Grammar, invent_name

if TYPE_CHECKING:
    import numpy as np

LANGUAGES = ("english", "spanish", "german", "indonesian")


class Writer:
    """Write prompts with one stream of chances.

    >>> import numpy as np
    >>> writer = Writer(np.random.Generator(np.random.PCG64(1)))
    >>> writer.ask("math", details=1) == writer.ask("math", details=1)
    False
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self.dice = Dice(rng)

    def say(self, word: str, topic: str = "support", language: str = "english") -> str:
        """Make one text for a grammar word such as ``reason`` or ``detail``."""
        return grammar(language, topic).say(word, self.dice)

    def ask(
        self,
        topic: str,
        *,
        details: int = 2,
        language: str = "english",
        reason: bool = False,
        paste: bool = False,
    ) -> str:
        """Write one request.

        Args:
            topic: one of ``topics()``; other languages than English have a single mixed vocabulary.
            details: how many sentences follow the question.
            language: one of ``LANGUAGES``.
            reason: ask for the reasoning too, in one of many phrasings.
            paste: append material to work on, such as a letter, a table or code.
        """
        rules, dice = grammar(language, topic), self.dice
        sentences = [rules.say("ask", dice), *(rules.say("detail", dice) for _ in range(details))]
        if dice.chance(0.25):
            sentences.append(rules.say("form", dice))
        if reason:
            sentences.insert(len(sentences) * dice.below(2), rules.say("reason", dice))
        text = join(sentences)
        return f"{text}\n\n{self.material(topic, language)}" if paste else text

    def follow(self, topic: str, *, language: str = "english") -> str:
        """Write what follows an answer in the same conversation."""
        return self.say("follow", topic, language)

    def material(self, topic: str, language: str = "english") -> str:
        """Write something to work on: code, rows, or a letter."""
        dice = self.dice
        if topic == "code":
            return _code(dice)
        if topic in {"data", "finance", "logistics"}:
            return "\n".join(
                f"{invent_name(dice)};{dice.below(9000)};{dice.below(90)}" for _ in range(3 + dice.below(5))
            )
        letter = [self.say("detail", topic, language) for _ in range(2 + dice.below(4))]
        return f"{invent_name(dice)},\n" + " ".join(letter) + f"\n{invent_name(dice)}"

    def wrapper(self, *, reason: bool = True) -> str:
        """Write a text of some 30 to 60 words to stand before every question: role, standard, method, shape."""
        sentences = ["role", "standard", *(["reason"] if reason else ["standard"]), "shape"]
        return " ".join(self.say(word) for word in sentences)

    def vary(self, text: str, share: float) -> str:
        """Exchange ``share`` of the words that have synonyms."""
        other = synonyms()
        return _articles(
            " ".join(
                self.dice.pick(other[word]) if word in other and self.dice.chance(share) else word
                for word in text.split(" ")
            )
        )


def join(sentences: list[str]) -> str:
    """Join sentences as people write them.

    >>> join(["peel a apple.", "a lemon too"])
    'Peel an apple. A lemon too'
    """
    text = " ".join(sentence[0].upper() + sentence[1:] for sentence in sentences)
    return _articles(text)


@cache
def topics() -> tuple[str, ...]:
    """List what the English texts are about."""
    return tuple(_text("english")["topics"])


@cache
def words(topic: str, rule: str) -> tuple[str, ...]:
    """List a topic's words of one rule, such as its nouns."""
    return tuple(_text("english")["topics"][topic][rule])


@cache
def synonyms() -> dict[str, list[str]]:
    """List words that a lightly varied template exchanges."""
    return dict(_text("english")["synonyms"])


@cache
def grammar(language: str, topic: str) -> Grammar:
    """Put the rules of a language and a topic together."""
    text = _text(language)
    return Grammar({**text["rules"], **text.get("topics", {}).get(topic, {})})


@cache
def _text(language: str) -> dict[str, Any]:
    return tomllib.loads(
        resources.files(__package__).joinpath("texts", f"{language}.toml").read_text("utf-8")
    )


def _articles(text: str) -> str:
    """Write "an" before vowels."""
    return re.sub(r"\b([Aa]) (?=[aeio]|un[a-z])", r"\1n ", text)


def _code(dice: Dice) -> str:
    first, second, third = (re.sub(r"\W", "", invent_name(dice)).lower() for _ in range(3))
    body = (
        f"    if {second} > {dice.below(900)}:\n        return {second} - {third}\n    {third} += {dice.below(99)}",
        f"    for {third} in {second}:\n        total[{third}] = {dice.below(500)}\n    print({third})",
        f"    with open({second}) as {third}:\n        rows = {third}.read({dice.below(4000)})",
        f"    {third} = [{second}[i] for i in range({dice.below(70)})]\n    assert {third}",
    )
    return f"def {first}({second}, {third}={dice.below(20)}):\n{dice.pick(body)}\n    return {third}"
