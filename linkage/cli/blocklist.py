"""A blocklist at the command line: whom to block, written in a format, and how many they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from linkage import casework
from linkage.cli.output import say, say_data
from linkage.cli.start import found
from linkage.exports.file import keep_apart, write_whole
from linkage.exports.format import Format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkage.cli.start import Found
    from linkage.decisions.policy import Decision


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What was asked for.

    Args:
        rings: their names or places; all rings when there is none.
        format: how it is written.
        out: the file; stdout when there is none, or for a ``-``.
        min_score: members of rings of this score and more are to be blocked.
        review: whether those are written, too, that a person should look at.
    """

    rings: tuple[str, ...]
    format: Format
    out: Path | None
    min_score: float
    review: bool


def make(
    wanted: Wanted, source: Sequence[str], case: Path, settings: Path | None, memory: str | None
) -> None:
    """Write whom to block of the logs or, without any, of the case."""
    if wanted.out is not None:
        keep_apart(wanted.out, (case, *source), option="--out")
    with found(source, case, settings, flags={"memory": memory}) as work:
        decisions = _decided(wanted, work)
    _write(wanted, decisions)


def _decided(wanted: Wanted, work: Found) -> list[Decision]:
    names = [work.ring(name).ring for name in wanted.rings]
    return casework.decide_in(work.logs, work.finding, block_at=wanted.min_score, rings=names, case=work.case)


def _write(wanted: Wanted, decisions: Sequence[Decision]) -> None:
    """Write whom to block, and say how many."""
    words = {"block", "review"} if wanted.review else {"block"}
    content = wanted.format.write(casework.entries([each for each in decisions if each.decision in words]))
    if wanted.out is None or str(wanted.out) == "-":
        say_data(content)
    else:
        write_whole(wanted.out, content)
    counts = {word: sum(each.decision == word for each in decisions) for word in ("block", "review", "allow")}
    say(", ".join(f"{word} {count:,}" for word, count in counts.items()))
