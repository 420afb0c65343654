"""One ring with all that the page and the report show of it, as plain values."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from linkage.web.verdicts import in_force, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linkage.web.verdicts import Line

NOTHING: dict[str, Any] = {"precedents": [], "known_bad": []}


def tell(  # noqa: PLR0913 - all that is shown comes together here
    picture: Mapping[str, Any],
    standing: Mapping[str, Any],
    became: Mapping[str, Any],
    lines: Sequence[Line],
    *,
    case: str | None,
    snapshot: str,
    report: bool,
) -> dict[str, Any]:  # fmt: skip
    """Put the picture of a ring beside what is known and was said of it.

    Args:
        picture: the ring's document.
        standing: precedents, and paths to accounts known bad.
        became: what happened to the ring, and since it was judged.
        lines: all judgements.
        case: the case file, for the commands; None where logs were read without one.
        snapshot: which rows and which run this is.
        report: whether it is for a file to take away, from which nobody can judge.
    """
    name = picture["ring"]["ring"]
    subjects = {name, *picture["members"]["account"]}
    history = [line for line in lines if line.subject in subjects]
    verdicts = in_force(history)
    last = verdicts.get(name)
    return {
        "picture": picture,
        "standing": standing,
        # By their place among the members: twenty thousand names twice more would be a megabyte.
        "became": {**became, **{word: _places(picture, became[word]) for word in ("joined", "since")}},
        "history": [line.document() for line in history],
        "verdict": last and last.judgement,
        "last": last and last.document(),
        "verdicts": words_of(verdicts, sorted(subjects)),
        "snapshot": snapshot,
        "commands": _commands(name, case, report=report),
    }


def _places(picture: Mapping[str, Any], accounts: Sequence[str]) -> list[int]:
    wanted = set(accounts)
    return [place for place, account in enumerate(picture["members"]["account"]) if account in wanted]


def _commands(ring: str, case: str | None, *, report: bool) -> list[tuple[str, str]]:
    if case is None:
        return []
    at = f" --case {shlex.quote(case)}"
    judging = [("Judge it:", f'linkage judge {ring} confirm --reason "…"{at}')] if report else []
    taking = [] if report else [("A report to take away:", f"linkage report {ring} --to {ring}.html{at}")]
    return [
        *judging,
        *taking,
        ("A blocklist for your own systems:", f"linkage export {ring} --to csv --out {ring}.csv{at}"),
        (
            "What a partner would be told, and what is held back:",
            f"linkage export {ring} --for PARTNER --dry-run{at}",
        ),
    ]
