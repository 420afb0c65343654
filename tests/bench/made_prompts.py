"""Prompts that benchmarks of signatures are run on: of a vocabulary with few frequent and many rare words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

WORDS = 80
CHANGED = (0, 6)  # words of a member of a family that are others', out of eighty


def prompts_of(count: int, seed: int) -> list[str]:
    """Make prompts of eighty words that have nothing in common but words."""
    chance = np.random.default_rng(seed)
    return joined(drawn(chance, vocabulary(chance), (count, WORDS)))


def families(count: int, seed: int) -> list[str]:
    """Make prompts of which three tenths come in families of two to ten with a few words changed, sorted."""
    chance = np.random.default_rng(seed)
    words = vocabulary(chance)
    made = [drawn(chance, words, (count * 7 // 10, WORDS))]
    left = count - len(made[0])
    while left:
        size = min(int(chance.integers(2, 11)), left)
        family = np.repeat(drawn(chance, words, (1, WORDS)), size, axis=0)
        for member in family[1:]:
            changed = int(chance.integers(*CHANGED, endpoint=True))
            member[chance.choice(WORDS, changed, replace=False)] = drawn(chance, words, changed)
        made.append(family)
        left -= size
    return sorted(joined(np.concatenate(made)))


@dataclass(frozen=True)
class Wrapped:
    """Prompts of accounts, some of which wrap ever-new content in the words of their operation.

    Args:
        texts: the prompts.
        accounts: who sent each.
    """

    texts: list[str]
    accounts: np.ndarray


def wrapped(count: int, seed: int) -> Wrapped:
    """Make ten prompts an account, every other account in an operation of two to twelve with one wrapper.

    A wrapper has 15 to 60 words and stands before content of 10 to 60, so it is a fifth to six sevenths of a prompt.
    An account wraps all or half of what it sends.
    """
    chance = np.random.default_rng(seed)
    words = vocabulary(chance)
    texts: list[str] = []
    accounts: list[int] = []
    account = 0
    while len(texts) < count:
        operation = int(chance.integers(2, 13))
        wrapper = joined(drawn(chance, words, (1, int(chance.integers(15, 61)))))[0]
        for member in range(2 * operation):
            part = (0.0, 1.0, 0.5)[member % 2 and 1 + int(chance.integers(2))]
            for _ in range(10):
                content = joined(drawn(chance, words, (1, int(chance.integers(10, 61)))))[0]
                texts.append(f"{wrapper} {content}" if chance.random() < part else content)
                accounts.append(account)
            account += 1
    return Wrapped(texts[:count], np.array(accounts[:count], np.int32))


def vocabulary(chance: np.random.Generator) -> np.ndarray:
    """Invent five thousand words of two to nine letters."""
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    return np.array(["".join(chance.choice(letters, chance.integers(2, 10))) for _ in range(5_000)])


def drawn(chance: np.random.Generator, words: np.ndarray, shape: int | tuple[int, ...]) -> np.ndarray:
    """Draw words, the frequent ones often."""
    return words[(chance.zipf(1.3, shape) - 1) % len(words)]


def joined(rows: np.ndarray) -> list[str]:
    """Write rows of words as texts."""
    return [" ".join(row) for row in rows.tolist()]
