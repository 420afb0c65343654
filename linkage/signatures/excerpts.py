"""The words of a template, taken from a real prompt, for a sentence that a person reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.signatures.samples import WORDS
from linkage.signatures.words import shingle_hash, word_spans, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_READ = 50_000  # characters looked at from the start, and from the end: plain Python takes its time
_LONGEST = 160  # characters of an excerpt: a "word" can be a megabyte of base64


def excerpt(text: str, shingles: Iterable[int], *, words: int = WORDS, most: int = 12) -> str:
    """Quote the words of a prompt that cover the most of a template's shingles; nothing where it has none of them.

    The quotation is still the sender's text: on one line and of limited length, but not escaped for any output.

    >>> prompt = "Hi! Grade the essay below, from one to ten: cats are"
    >>> excerpt(prompt, [shingle_hash("grade the essay below from")], most=6)
    'Grade the essay below, from'

    Args:
        text: a prompt that carries the template.
        shingles: the template's shingle hashes.
        words: how many words a shingle has.
        most: how many words the excerpt has at most.
    """
    wanted = {int(shingle) for shingle in shingles}
    for part in (text[:_READ], text[max(_READ, len(text) - _READ) :]):
        found = _best(part, wanted, words, most)
        if found:
            return found
    return ""


def _best(text: str, wanted: set[int], words: int, most: int) -> str:
    spans = word_spans(text)
    split = [words_of(text[start:stop])[0] for start, stop in spans]
    places = [
        at for at in range(len(split) - words + 1) if shingle_hash(" ".join(split[at : at + words])) in wanted
    ]
    if not places:
        return ""
    reach = max(most - words, 0)
    covered = {at: [place for place in places if at <= place <= at + reach] for at in places}
    first = max(places, key=lambda at: (len(covered[at]), -at))
    last = covered[first][-1] + min(words, most) - 1
    return _one_line(text[spans[first][0] : spans[last][1]])


def _one_line(text: str) -> str:
    shown = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
