"""What a run of the suite leaves behind: plain values that a report can be drawn from again without running."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Self, get_args

from linkage.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Group = Literal["ours", "ablation", "baseline"]
FORMAT = "linkage-suite-1"


@dataclass(frozen=True)
class Reported:
    """A ring that a method reported in one world.

    Args:
        world: the world.
        score: how sure the method is that this is a ring, 0 to 1.
        q_value: the share of rings this strong that chance would give; None where the method does not say.
        accounts: its members.
    """

    world: str
    score: float
    q_value: float | None
    accounts: frozenset[str]


@dataclass(frozen=True)
class WorldTruth:
    """What is known of one world.

    Args:
        world: its name.
        rings: account to the name of its planted ring, for members only.
        crowds: account to the name of its crowd, for honest accounts of a crowd only.
        accounts: how many accounts the world has.
        seed: what it was drawn with; what a change does is given seed by seed.
        part: the part of the suite it belongs to, such as ``hard``; parts are reported one by one as well.
    """

    world: str
    rings: Mapping[str, str]
    crowds: Mapping[str, str]
    accounts: int
    seed: int = 0
    part: str = ""


@dataclass(frozen=True)
class ScenarioFacts:
    """What is known of one type of ring or crowd.

    Args:
        number: its number in the catalogue, such as R13 or B3.
        held_out: whether nothing was looked at, tuned or fitted on it.
        hard: whether its members share only what is hard to fake.
        aim: the member recall that was asked for beforehand; None where none was.
    """

    number: str = ""
    held_out: bool = False
    hard: bool = False
    aim: float | None = None


@dataclass(frozen=True)
class Method:
    """What one method reported in all worlds.

    Args:
        name: what it is called in the report.
        group: ``ours``, an ``ablation`` of ours, or a ``baseline``.
        reported: its rings.
        seconds: how long it took, by world.
        worlds: those it was run in, in which a world without rings means that it reports none; all when None.
        threshold: its rings of this score and more are flagged.
        knobs: what was tuned and to which values, in words.
        failures: why it came to no end, by world; it is counted there as a method that reports nothing.
    """

    name: str
    group: Group
    reported: tuple[Reported, ...]
    seconds: Mapping[str, float] = field(default_factory=dict)
    worlds: frozenset[str] | None = None
    threshold: float = 0.7
    knobs: str = ""
    failures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Conditions:
    """How a run came about, so that it can be had again.

    Args:
        command: what was typed.
        seed: what all chance hangs on.
        machine: what it ran on.
        versions: of the libraries that matter.
        notes: anything else a reader should know, a sentence each.
    """

    command: str = ""
    seed: int = 0
    machine: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SuiteResults:
    """Everything a report is made from.

    Args:
        truths: the worlds, in the order they are listed.
        methods: in the order of the report; the first of the group ``ours`` is the one all others are held against.
        scenarios: facts by type of ring and crowd.
        conditions: how the run came about.
    """

    truths: tuple[WorldTruth, ...]
    methods: tuple[Method, ...]
    scenarios: Mapping[str, ScenarioFacts] = field(default_factory=dict)
    conditions: Conditions = field(default_factory=Conditions)

    def __post_init__(self) -> None:
        """Refuse results that no report could be true to.

        Raises:
            DataError: with every problem there is.
        """
        problems = list(_problems(self))
        if problems:
            raise DataError("these results cannot be reported: " + "; ".join(problems))

    @property
    def ours(self) -> Method:
        """The method that all others are held against."""
        return next(method for method in self.methods if method.group == "ours")

    def of(self, group: Group) -> tuple[Method, ...]:
        """List the methods of a group, in order."""
        return tuple(method for method in self.methods if method.group == group)

    def document(self) -> dict[str, Any]:
        """Write all of it as plain values.

        >>> truth = WorldTruth("w", {"a": "pool-1"}, {}, accounts=2)
        >>> results = SuiteResults((truth,), (Method("linkage", "ours", ()),))
        >>> SuiteResults.of_document(results.document()) == results
        True
        """
        return {
            "format": FORMAT,
            "conditions": _plain(self.conditions),
            "scenarios": {name: _plain(facts) for name, facts in sorted(self.scenarios.items())},
            "truths": [_plain(truth) for truth in self.truths],
            "methods": [
                _plain(method) | {"reported": [_plain(ring) for ring in method.reported]}
                for method in self.methods
            ],
        }

    @classmethod
    def of_document(cls, document: Mapping[str, Any]) -> Self:
        """Read it back.

        Raises:
            DataError: these are not the values of a run.
        """
        if document.get("format") != FORMAT:
            raise DataError(f"this is not a run of the suite: its format should be {FORMAT}")
        try:
            return cls(
                truths=tuple(WorldTruth(**truth) for truth in document["truths"]),
                methods=tuple(_method(method) for method in document["methods"]),
                scenarios={name: ScenarioFacts(**facts) for name, facts in document["scenarios"].items()},
                conditions=_conditions(document["conditions"]),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise DataError(f"this run of the suite lacks something or has too much: {error}") from None


def write_results(results: SuiteResults, path: Path) -> None:
    """Keep results as JSON: the same results, the same bytes."""
    text = json.dumps(results.document(), allow_nan=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def read_results(path: Path) -> SuiteResults:
    """Read what ``write_results`` kept.

    Raises:
        DataError: the file cannot be read, or holds something else.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read as a run of the suite: {error}") from None
    if not isinstance(document, dict):
        raise DataError(f"{path} holds no run of the suite")
    return SuiteResults.of_document(document)


def _problems(results: SuiteResults) -> Iterator[str]:
    worlds = {truth.world for truth in results.truths}
    if len(worlds) < len(results.truths):
        yield "two worlds have one name"
    doubled = sorted(
        name for name, count in Counter(each.name for each in results.methods).items() if count > 1
    )
    if doubled:
        yield f"{len(doubled)} names of methods are used twice"
    if not results.of("ours"):
        yield "no method is ours"
    for method in results.methods:
        if method.group not in get_args(Group):
            yield f"a method is of the group {method.group!r}; groups are {', '.join(get_args(Group))}"
        run_in = worlds if method.worlds is None else method.worlds & worlds
        strange = {ring.world for ring in method.reported}.union(method.seconds, method.failures) - run_in
        if strange:
            yield f"a method speaks of {len(strange)} worlds that it was not run in, or of which no truth is known"
        if any(not 0 <= ring.score <= 1 for ring in method.reported):
            yield "a method gives scores outside 0 to 1"


def _plain(thing: object) -> dict[str, Any]:
    plain = dict(vars(thing))
    for name, value in plain.items():
        if isinstance(value, frozenset):
            plain[name] = sorted(value)
        elif isinstance(value, tuple):
            plain[name] = list(value)
        elif hasattr(value, "keys"):
            plain[name] = {key: value[key] for key in sorted(value)}
    return plain


def _method(plain: Mapping[str, Any]) -> Method:
    reported = (Reported(**ring | {"accounts": frozenset(ring["accounts"])}) for ring in plain["reported"])
    worlds = None if plain["worlds"] is None else frozenset(plain["worlds"])
    return Method(**dict(plain) | {"reported": tuple(reported), "worlds": worlds})


def _conditions(plain: Mapping[str, Any]) -> Conditions:
    return Conditions(**dict(plain) | {"notes": tuple(plain["notes"])})
