"""Write what the suite measured as one Markdown page and one HTML page that needs nothing beside it.

Each section is a list of blocks; the two pages are the same blocks, written down twice. Names of worlds, scenarios,
crowds and methods, and all that is known of a run, are strangers' words: they stand as ``Name`` or ``Prose`` and come out inert.
"""

from __future__ import annotations

import base64
import hashlib
import html
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from linkage.inert import inert
from linkage.suite import plots as drawing
from linkage.suite.measures import (
    AVERAGE_PRECISION,
    MAIN,
    MEMBER_PRECISION,
    MEMBER_RECALL,
    NOBODY,
    RING_F1,
    ROUNDS,
    Flags,
    Floats,
    Tally,
    adaptive_reliability,
    auc,
    brier,
    by_seed,
    calibration_error,
    difference,
    false_per_million,
    false_share,
    figure,
    interval,
    precision_recall,
    reliability,
    scenario_of,
    tally,
)
from linkage.suite.results import ScenarioFacts, SuiteResults

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from linkage.suite.measures import Bin
    from linkage.suite.results import Method, Reported


class Name(str):
    """A name that others chose."""

    __slots__ = ()


class Prose(str):
    """A text that others wrote."""

    __slots__ = ()


@dataclass(frozen=True)
class Heading:
    """The beginning of a section."""

    text: str


@dataclass(frozen=True)
class Line:
    """One sentence, in parts: our words as they are, others' as ``Name``."""

    parts: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A table: the heads of its columns, its rows, and the rows that are ours."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    ours: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Drawing:
    """A plot, and the sentence beneath it; only in the HTML page."""

    svg: str
    caption: str


Block: TypeAlias = Heading | Line | Grid | Drawing


@dataclass(frozen=True)
class Column:
    """A figure of the main table."""

    title: str
    measure: Callable[[Sequence[Tally]], float]
    show: Callable[[float], str]
    more_is_better: bool


@dataclass(frozen=True)
class Measured:
    """Results with their tallies: by name of method, a tally for each world it was run in, in order."""

    results: SuiteResults
    tallies: Mapping[str, tuple[Tally, ...]]
    rounds: int

    @property
    def ours(self) -> tuple[Tally, ...]:
        """Our own tallies."""
        return self.tallies[self.results.ours.name]

    @property
    def compared(self) -> tuple[Method, ...]:
        """Ours and the baselines."""
        return (*self.results.of("ours"), *self.results.of("baseline"))

    @property
    def leading(self) -> tuple[Method, ...]:
        """Ours, and the baselines with the best average precision, as many as plots can tell apart."""
        ranked = sorted(self.results.of("baseline"), key=lambda each: -_known(self.average_precision(each)))
        return (self.results.ours, *ranked[: drawing.SERIES - 1])

    def shared(self, method: Method) -> tuple[list[Tally], list[Tally]]:
        """Give the tallies of a method and ours, of the worlds that both were run in."""
        theirs = {each.world: each for each in self.tallies[method.name]}
        ours = [each for each in self.ours if each.world in theirs]
        return [theirs[each.world] for each in ours], ours

    def average_precision(self, method: Method) -> float:
        """Give the average precision of a method."""
        return figure(AVERAGE_PRECISION, self.tallies[method.name])


def write_report(
    results: SuiteResults, folder: Path, *, plots: bool = True, rounds: int = ROUNDS
) -> tuple[Path, Path]:
    """Write ``report.md`` and ``report.html`` into a folder; the same results make the same bytes.

    Args:
        results: what the methods reported, and the truth.
        folder: is made where it is not there.
        plots: whether the HTML page has drawings; they need matplotlib.
        rounds: how often the worlds are drawn again for the intervals.

    Raises:
        MissingPartError: plots are asked for and matplotlib is not installed; nothing is written then.
    """
    if plots:
        drawing.check_plots()
    measured = measure(results, rounds=rounds)
    blocks = list(_blocks(measured, plots=plots))
    folder.mkdir(parents=True, exist_ok=True)
    pages = folder / "report.md", folder / "report.html"
    for path, text in zip(pages, (markdown(blocks), page(blocks)), strict=True):
        path.write_text(text, encoding="utf-8", newline="\n")
    return pages


def measure(results: SuiteResults, *, rounds: int = ROUNDS) -> Measured:
    """Tally every method in every world."""
    tallies = {}
    for method in results.methods:
        reported: dict[str, list[Reported]] = defaultdict(list)
        for ring in method.reported:
            reported[ring.world].append(ring)
        tallies[method.name] = tuple(
            tally(
                truth,
                reported[truth.world],
                threshold=method.threshold,
                seconds=method.seconds.get(truth.world, math.nan),
            )
            for truth in results.truths
            if method.worlds is None or truth.world in method.worlds
        )
    return Measured(results, tallies, rounds)


# The sections ----------------------------------------------------------------------------------------------------


def _blocks(measured: Measured, *, plots: bool) -> Iterator[Block]:
    yield Heading("Evaluation suite")
    yield from _opening(measured)
    yield Heading("How well each method does")
    yield from _main(measured)
    if plots:
        yield Drawing(
            _curves(measured),
            "Rings found against rings reported in vain, down the ranking of each method; marks are at its threshold.",
        )
    yield from _parts(measured)
    yield Heading("What was aimed for")
    yield from _aims(measured)
    yield Heading("Recall by scenario")
    yield from _scenarios(measured, plots=plots)
    yield Heading("Honest accounts flagged, by crowd")
    yield from _crowds(measured, plots=plots)
    yield Heading("False rings")
    yield from _false_rings(measured)
    yield Heading("What scores are worth")
    yield from _calibration(measured, plots=plots)
    if measured.results.of("ablation"):
        yield Heading("What each part is worth")
        yield from _ablations(measured)
    yield Heading("How the methods were set")
    yield Grid(
        ("method", "group", "flags from", "tuned"),
        tuple(
            (Name(each.name), each.group, _fraction(each.threshold), Prose(each.knobs))
            for each in measured.results.methods
        ),
    )
    yield Heading("How this was made")
    yield from _conditions(measured)


def _opening(measured: Measured) -> Iterator[Block]:
    worlds = measured.ours
    ringed = [each for each in worlds if each.planted]
    scenarios = {scenario for each in worlds for scenario in each.recalled}
    seeds = sorted({each.seed for each in worlds})
    yield _line(
        f"{_many(len(worlds), 'world')} of {_count(sum(each.accounts for each in worlds))} accounts: {len(ringed)} with "
        f"{_count(sum(each.planted for each in worlds))} planted rings of {len(scenarios)} scenarios "
        f"and {_count(sum(each.members for each in worlds))} members, {len(worlds) - len(ringed)} without any."
    )
    yield _line(f"Seeds: {_ranges(seeds)}.")
    yield _line("Our row is ", Name(measured.results.ours.name), "; all others are held against it.")
    for method in measured.compared:
        ran = len(measured.tallies[method.name])
        if ran < len(measured.results.truths):
            yield _line(
                Name(method.name), f" was run in {ran} of the {len(measured.results.truths)} worlds: ",
                "its figures are of those, and so are ours where the two are compared.",
            )  # fmt: skip
    for method in measured.results.methods:
        for world, reason in sorted(method.failures.items()):
            yield _line(
                Name(method.name), " came to no end in ", Name(world), " (", Name(reason),
                ") and is counted there as reporting nothing.",
            )  # fmt: skip


def _main(measured: Measured) -> Iterator[Block]:
    seed = measured.results.conditions.seed
    rows = []
    for method in measured.compared:
        tallies = measured.tallies[method.name]
        cells: list[str] = [Name(method.name)]
        for column in COLUMNS:
            cell = column.show(column.measure(tallies))
            if column.title in MAIN and cell != NOTHING:
                low, high = interval(column.title, tallies, seed=seed, rounds=measured.rounds)
                cell += f" ({_fraction(low)} to {_fraction(high)})"
            cells.append(cell)
        rows.append(tuple(cells))
    yield Grid(("method", *(each.title for each in COLUMNS)), tuple(rows), _ours(measured.compared))
    again = f"drawn again with replacement ({_count(measured.rounds)} times, seed {seed})"
    yield _line(
        f"In brackets: the 95 % range when worlds are {again}; it knows nothing of worlds unlike these."
    )
    for sentence in _MAIN_SENTENCES:
        yield _line(sentence)
    for column in COLUMNS:
        yield _standing(measured, column)


_MAIN_SENTENCES = (
    "Accounts, planted rings and rankings of all worlds are pooled.",
    "Member precision is the share of flagged accounts that are members of planted rings.",
    "Member recall is the share of those members that are flagged.",
    "Ring F1 is the mean over planted rings of the F1 of the flagged ring that is their own, 0 where there is none.",
    "Average precision is that of the ranking of all reported rings, flagged or not.",
    "There a ring hits a planted one at an F1 of .5 and more; each planted ring counts once, and one never reported is missed.",
    "Melted are flagged rings that hold at least 3 members and 10 % of each of two planted rings.",
    "Seconds are the mean of a world.",
)


def _standing(measured: Measured, column: Column) -> Line:
    """Say where our row stands in a column: whether it is the best, and if not, which is."""
    start = f"{column.title[:1].upper()}{column.title[1:]}: "
    sign = 1 if column.more_is_better else -1
    others = [each for each in measured.compared if each is not measured.results.ours]
    pairs = {each.name: tuple(map(column.measure, measured.shared(each))) for each in others}
    rivals = [each for each in others if not any(map(math.isnan, pairs[each.name]))]
    if not rivals:
        return _line(start, "there is nothing to compare.")
    rival = max(rivals, key=lambda each: sign * (pairs[each.name][0] - pairs[each.name][1]))
    theirs, mine = pairs[rival.name]
    shown = column.show(theirs), column.show(mine)
    if shown[0] == shown[1]:
        return _line(start, f"our row shares the best, {shown[1]}, with ", Name(rival.name), ".")
    if sign * mine > sign * theirs:
        start += f"our row is the best with {shown[1]}; next is "
        return _line(start, Name(rival.name), f" with {shown[0]}", _apart(measured, column, rival), ".")
    start += "our row is not the best: "
    f1 = "" if column.title == RING_F1 else "; ring F1 is {} against {}".format(
        *(_fraction(figure(RING_F1, tallies)) for tallies in measured.shared(rival))
    )  # fmt: skip
    return _line(
        start,
        Name(rival.name),
        f" has {shown[0]} against {shown[1]}",
        _apart(measured, column, rival),
        f1,
        ".",
    )


def _apart(measured: Measured, column: Column, rival: Method) -> str:
    """Give the difference to a rival and its range, for figures that have one."""
    if column.title not in MAIN:
        return ""
    theirs, ours = measured.shared(rival)
    seed = measured.results.conditions.seed
    gap, low, high = difference(column.title, ours, theirs, seed=seed, rounds=measured.rounds)
    unsure = "; other worlds may turn it round" if low <= 0 <= high else ""
    return f" (ours less theirs: {_signed(gap)}, {_signed(low)} to {_signed(high)}{unsure})"


def _parts(measured: Measured) -> Iterator[Block]:
    """Give the main figures of each part of the suite that has rings."""
    parts: dict[str, set[str]] = defaultdict(set)
    for truth in measured.results.truths:
        if truth.rings:
            parts[truth.part].add(truth.world)
    for part, worlds in parts.items() if len(parts) > 1 else ():
        rows = []
        for method in measured.compared:
            tallies = [each for each in measured.tallies[method.name] if each.world in worlds]
            rows.append((Name(method.name), *(each.show(each.measure(tallies)) for each in COLUMNS)))
        yield _line("The part ", Name(part or "without a name"), f", {_many(len(worlds), 'world')}:")
        yield Grid(("method", *(each.title for each in COLUMNS)), tuple(rows), _ours(measured.compared))


def _aims(measured: Measured) -> Iterator[Block]:
    rows = []
    for title, aim, value in _aimed(measured):
        met = NOTHING if math.isnan(value) else "yes" if value >= aim else "no"
        rows.append((title, f"{_fraction(aim)} or more", _fraction(value), met))
    for title, aim, value, show in _limited(measured):
        met = NOTHING if math.isnan(value) else "yes" if value <= aim else "no"
        rows.append((title, f"{show(aim)} or less", show(value), met))
    yield Grid(("figure", "aim", "measured", "met"), tuple(rows))
    yield _line(
        "The aims were set before the run, near the best that others have published for data of their own."
    )


def _aimed(measured: Measured) -> Iterator[tuple[str, float, float]]:
    """Give what should be high: title, aim, value."""
    tallies, facts = measured.ours, measured.results.scenarios
    scored = _pooled(tallies)
    yield MEMBER_PRECISION, 0.99, figure(MEMBER_PRECISION, tallies)
    yield MEMBER_RECALL, 0.8, figure(MEMBER_RECALL, tallies)
    held_out = {name for name, each in facts.items() if each.held_out}
    yield "member recall, held-out scenarios", 0.8, _recall(tallies, held_out)
    hard = {name for name, each in facts.items() if each.hard}
    yield "member recall, hard scenarios", 0.6, _recall(tallies, hard)
    yield (
        "largest fragment of a planted ring, mean",
        0.9,
        _mean([share for each in tallies for share in each.whole.values()]),
    )
    yield "AUC of ring scores", 0.95, auc(scored.scores, scored.true)


def _limited(measured: Measured) -> Iterator[tuple[str, float, float, Callable[[float], str]]]:
    """Give what should be low: title, aim, value, and how it is shown."""
    scored = _pooled(measured.ours)
    free = [each.flagged for each in measured.ours if not each.planted]
    yield (
        "expected calibration error",
        0.05,
        calibration_error(reliability(scored.scores, scored.true)),
        _fraction,
    )
    yield "honest accounts flagged in worlds without rings", 0, sum(free) if free else math.nan, _count


def _scenarios(measured: Measured, *, plots: bool) -> Iterator[Block]:
    names = sorted({name for each in measured.ours for name in each.recalled}, key=partial(_order, measured))
    heads = ("number", "scenario", "held out", "hard", "rings", "members", "aim", "largest fragment")
    rows = [_scenario_row(measured, name) for name in names]
    facts = {name: _facts(measured, name) for name in names}
    for title, chosen in (
        ("all", set(names)),
        ("held out", {name for name in names if facts[name].held_out}),
        ("not held out", {name for name in names if not facts[name].held_out}),
        ("hard", {name for name in names if facts[name].hard}),
    ):
        recalls = (_fraction(_recall(measured.tallies[each.name], chosen)) for each in measured.compared)
        rows.append(("", title, "", "", *_sizes(measured, chosen), "", _whole(measured, chosen), *recalls))
    yield Grid((*heads, *(Name(each.name) for each in measured.compared)), tuple(rows))
    yield _line(
        "The share of members flagged, by method; the largest fragment is ours: the mean share of a planted ring that its largest flagged fragment holds."
    )
    yield from _behind(measured, names)
    if plots and names:
        labels = [_scenario_label(name, facts[name]) for name in names]
        series = {
            each.name: [_known(_recall(measured.tallies[each.name], {name})) for name in names]
            for each in measured.leading
        }
        yield Drawing(drawing.recall_bars(labels, series), "Members flagged, by scenario.")


def _scenario_row(measured: Measured, name: str) -> tuple[str, ...]:
    facts = _facts(measured, name)
    return (
        Name(facts.number), Name(name), "yes" if facts.held_out else "", "yes" if facts.hard else "",
        *_sizes(measured, {name}), "" if facts.aim is None else _fraction(facts.aim), _whole(measured, {name}),
        *(_fraction(_recall(measured.tallies[each.name], {name})) for each in measured.compared),
    )  # fmt: skip


def _behind(measured: Measured, names: Sequence[str]) -> Iterator[Line]:
    """Name the scenarios where a baseline flags more members than ours, or ours misses its aim."""
    behind = 0
    for name in names:
        mine = _recall(measured.ours, {name})
        others = {
            each.name: _recall(measured.tallies[each.name], {name})
            for each in measured.results.of("baseline")
        }
        best = max(others, key=lambda each: others[each], default=None)
        if best is not None and others[best] > mine:
            behind += 1
            yield _line("In ", Name(name), " our row is not the best: ", Name(best), f" flags {_fraction(others[best])} of the members, ours {_fraction(mine)}.")  # fmt: skip
        aim = _facts(measured, name).aim
        if aim is not None and mine < aim:
            yield _line("In ", Name(name), f" the aim of {_fraction(aim)} is missed.")
    if not behind and measured.results.of("baseline"):
        yield _line("In no scenario a baseline flags more members than ours.")


def _crowds(measured: Measured, *, plots: bool) -> Iterator[Block]:
    sizes = Counter(scenario_of(name) for truth in measured.results.truths for name in truth.crowds.values())
    sizes[NOBODY] = sum(
        each.accounts - len(each.rings) - len(each.crowds) for each in measured.results.truths
    )
    flagged = {name: _honest(tallies) for name, tallies in measured.tallies.items()}
    names = sorted(set(sizes).union(*flagged.values()), key=partial(_order, measured))
    rows = [
        (
            Name(_facts(measured, name).number),
            Name(name),
            _count(sizes[name]),
            *(_count(flagged[each.name][name]) for each in measured.compared),
        )
        for name in names
    ]
    totals = (_count(flagged[each.name].total()) for each in measured.compared)
    rows.append(("", "all", _count(sizes.total()), *totals))
    yield Grid(("number", "crowd", "accounts", *(Name(each.name) for each in measured.compared)), tuple(rows))
    mine = flagged[measured.results.ours.name]
    if mine:
        parts = [
            part for name, count in sorted(mine.items()) for part in (", ", Name(name), f" ({_count(count)})")
        ]
        yield _line("Ours flags honest accounts of: ", *parts[1:], ".")
    else:
        yield _line("Ours flags no honest account.")
    if plots:
        series = {each.name: [float(flagged[each.name][name]) for name in names] for each in measured.leading}
        labels = [_scenario_label(name, _facts(measured, name)) for name in names]
        yield Drawing(drawing.crowd_bars(labels, series), "Honest accounts flagged, by crowd.")


def _false_rings(measured: Measured) -> Iterator[Block]:
    rows = []
    for method in measured.compared:
        free = [each for each in measured.tallies[method.name] if not each.planted]
        false, accounts = sum(each.false for each in free), sum(each.accounts for each in free)
        rate, upper = false_per_million(false, accounts)
        rest = sum(each.false for each in measured.tallies[method.name] if each.planted)
        honest = sum(each.flagged for each in free)
        rows.append((Name(method.name), str(len(free)), _count(accounts), _count(false), _tenths(rate), _tenths(upper), _count(honest), _count(rest)))  # fmt: skip
    heads = ("method", "worlds without rings", "accounts", "false rings", "false a million accounts", "upper limit", "accounts flagged", "false rings in other worlds")  # fmt: skip
    yield Grid(heads, tuple(rows), _ours(measured.compared))
    yield _line(
        "A flagged ring is false when under half of its accounts are members of planted rings; in a world without rings every flagged one is."
    )
    yield _line("The upper limit is of the rate: the exact one of a Poisson count, one-sided, at 95 %.")


def _calibration(measured: Measured, *, plots: bool) -> Iterator[Block]:
    rows = []
    for method in measured.compared:
        scored = _pooled(measured.tallies[method.name])
        share, chosen = false_share(scored.q_values, scored.true)
        told = bool((~np.isnan(scored.q_values)).any())
        rows.append((
            Name(method.name), _count(len(scored.scores)), _count(int(scored.true.sum())),
            _fraction(calibration_error(reliability(scored.scores, scored.true))),
            _fraction(calibration_error(adaptive_reliability(scored.scores, scored.true))),
            _fraction(brier(scored.scores, scored.true)), _fraction(auc(scored.scores, scored.true)),
            _count(chosen) if told else NOTHING, _fraction(share),
        ))  # fmt: skip
    heads = ("method", "rings reported", "true", "ECE", "adaptive ECE", "Brier", "AUC", "with q of .05 and less", "false among them")  # fmt: skip
    yield Grid(heads, tuple(rows), _ours(measured.compared))
    yield _line(
        "A reported ring is true when at least half of its accounts are members of planted rings; all reported rings count, whatever the threshold."
    )
    yield _line(
        "ECE is the mean distance of score and share of true rings, over ten bins of equal width; the adaptive one over ten bins of equal counts."
    )
    yield _line("Most baselines do not mean their scores as probabilities; for them only the AUC is fair.")
    own = _pooled(measured.ours)
    even, adaptive = reliability(own.scores, own.true), adaptive_reliability(own.scores, own.true)
    yield _line("Our scores in bins of equal width:")
    yield _bins(even)
    yield _line("Our scores in bins of equal counts, as far as ties allow:")
    yield _bins(adaptive)
    if plots:
        yield Drawing(
            drawing.reliability_diagram(even),
            "How many of our rings of a score are true; the lines are 95 % intervals.",
        )
        yield Drawing(
            drawing.score_histogram(
                own.scores[own.true].tolist(), own.scores[~own.true].tolist(),
                threshold=measured.results.ours.threshold,
            ),
            "Our scores of true rings and of honest groups.",
        )  # fmt: skip


def _ablations(measured: Measured) -> Iterator[Block]:
    rows, better = [], []
    for method in measured.results.of("ablation"):
        cells: list[str] = [Name(method.name)]
        for column in COLUMNS:
            gap = _gap(measured, method, column)
            cells.append(gap or NOTHING)
            if gap.startswith("+" if column.more_is_better else "-") and column.title != SECONDS:
                better.append(_line(Name(method.name), f" is better than our row in {column.title}: {gap}."))
        rows.append(tuple(cells))
    yield Grid(("left out or changed", *(each.title for each in COLUMNS)), tuple(rows))
    yield _line("The figure after a change less ours, in the worlds where it was tried.")
    yield _line(
        "The mean of the differences of single seeds, and in brackets the least and the greatest of them."
    )
    yield from better or [_line("No change makes any of these figures better on average, but for seconds.")]


def _gap(measured: Measured, method: Method, column: Column) -> str:
    """Give the mean difference to ours over seeds and its range, as shown; empty where none can be measured."""
    gaps = by_seed(column.measure, *measured.shared(method)).values()
    if not gaps:
        return ""
    show = _tenths if column.show is _count else column.show
    mean, low, high = (_signed(gap, show=show) for gap in (_mean(list(gaps)), min(gaps), max(gaps)))
    return f"{mean} ({low} to {high})"


def _conditions(measured: Measured) -> Iterator[Block]:
    conditions = measured.results.conditions
    rows: list[tuple[str, ...]] = [
        ("command", Name(conditions.command)),
        ("seed", str(conditions.seed)),
        ("machine", Name(conditions.machine)),
        *((Name(name), Name(version)) for name, version in sorted(conditions.versions.items())),
    ]
    yield Grid(("what", "value"), tuple(rows))
    for note in conditions.notes:
        yield _line("Note: ", Prose(note))


# Numbers ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Scored:
    scores: Floats
    true: Flags
    q_values: Floats


def _pooled(tallies: Sequence[Tally]) -> _Scored:
    return _Scored(
        np.concatenate([np.empty(0), *(each.scores for each in tallies)]),
        np.concatenate([np.empty(0, np.bool_), *(each.true for each in tallies)]),
        np.concatenate([np.empty(0), *(each.q_values for each in tallies)]),
    )


def _curves(measured: Measured) -> str:
    leading = [each.name for each in measured.leading]
    curves = {each.name: _curve(each, measured.tallies[each.name]) for each in measured.compared}
    others = [curve for name, curve in curves.items() if name not in leading]
    return drawing.ring_curves([curves[name] for name in leading], others)


def _curve(method: Method, tallies: Sequence[Tally]) -> drawing.Curve:
    scores = np.concatenate([np.empty(0), *(each.scores for each in tallies)])
    hits = np.concatenate([np.empty(0, np.bool_), *(each.hits for each in tallies)])
    recall, precision, levels = precision_recall(scores, hits, sum(each.planted for each in tallies))
    last = int((levels >= method.threshold).sum()) - 1
    at = (float(recall[last]), float(precision[last])) if last >= 0 else None
    return drawing.Curve(method.name, recall.tolist(), precision.tolist(), at)


def _recall(tallies: Sequence[Tally], scenarios: set[str]) -> float:
    counts = [each.recalled[name] for each in tallies for name in scenarios & each.recalled.keys()]
    members = sum(count for _, count in counts)
    return sum(found for found, _ in counts) / members if members else math.nan


def _sizes(measured: Measured, scenarios: set[str]) -> tuple[str, str]:
    """Count the planted rings of scenarios, and their members."""
    rings = sum(scenario_of(name) in scenarios for each in measured.ours for name in each.f1)
    members = sum(
        each.recalled[name][1] for each in measured.ours for name in scenarios & each.recalled.keys()
    )
    return _count(rings), _count(members)


def _whole(measured: Measured, scenarios: set[str]) -> str:
    return _fraction(_mean([
        share for each in measured.ours for name, share in each.whole.items() if scenario_of(name) in scenarios
    ]))  # fmt: skip


def _honest(tallies: Sequence[Tally]) -> Counter[str]:
    return sum((Counter(each.honest) for each in tallies), Counter[str]())


def _facts(measured: Measured, name: str) -> ScenarioFacts:
    return measured.results.scenarios.get(name, ScenarioFacts())


def _order(measured: Measured, name: str) -> tuple[str, int, str]:
    """Put R2 before R10, and what has no number last."""
    number = _facts(measured, name).number
    letters = number.rstrip("0123456789")
    return letters or "~", int(number[len(letters) :] or 0), name


def _scenario_label(name: str, facts: ScenarioFacts) -> str:
    marks = [facts.number, "held out" if facts.held_out else "", "hard" if facts.hard else ""]
    shown = ", ".join(mark for mark in marks if mark)
    return f"{name} ({shown})" if shown else name


def _bins(bins: Sequence[Bin]) -> Grid:
    rows = (
        (_fraction(each.low), _fraction(each.high), _count(each.rings), _fraction(each.score), _fraction(each.share))
        for each in bins
    )  # fmt: skip
    return Grid(("from", "to", "rings", "mean score", "true"), tuple(rows))


def _ours(methods: Sequence[Method]) -> frozenset[int]:
    return frozenset(row for row, each in enumerate(methods) if each.group == "ours")


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values) if values else math.nan


def _known(value: float) -> float:
    return 0.0 if math.isnan(value) else value


def _fraction(value: float) -> str:
    if math.isnan(value):
        return NOTHING
    shown = f"{abs(value):.3f}"
    return ("-" if value < 0 and float(shown) else "") + shown.removeprefix("0")


def _count(value: float) -> str:
    return NOTHING if math.isnan(value) else f"{value:,.0f}"


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _tenths(value: float) -> str:
    return NOTHING if math.isnan(value) else f"{value:,.1f}"


def _signed(value: float, *, show: Callable[[float], str] = _fraction) -> str:
    shown = show(abs(value))
    return shown if shown == show(0.0) else f"{'-' if value < 0 else '+'}{shown}"


def _ranges(numbers: Sequence[int]) -> str:
    """Write sorted numbers shortly: 1 to 3, 7."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def _seconds(tallies: Sequence[Tally]) -> float:
    return _mean([each.seconds for each in tallies if not math.isnan(each.seconds)])


NOTHING = "-"
SECONDS = "seconds"
COLUMNS = (
    *(Column(title, partial(figure, title), _fraction, more_is_better=True) for title in MAIN),
    Column("honest flagged", lambda tallies: _honest(tallies).total(), _count, more_is_better=False),
    Column("melted", lambda tallies: sum(each.melted for each in tallies), _count, more_is_better=False),
    Column(SECONDS, _seconds, _tenths, more_is_better=False),
)
"""The figures of the main table, in order."""


# The pages -------------------------------------------------------------------------------------------------------


def markdown(blocks: Sequence[Block]) -> str:
    r"""Write blocks as Markdown, one sentence a line; drawings are left to the HTML page.

    >>> markdown([Heading("Suite"), Line(("In ", Name("<b>`x`"), " all is well."))])
    '# Suite\n\nIn `<b>\\x60x\\x60` all is well.\n'
    """
    pieces: list[str] = []
    last: type | None = None
    for block in blocks:
        match block:
            case Heading(text):
                written = f"{'##' if pieces else '#'} {text}"
            case Line(parts):
                written = "".join(map(_marked, parts))
            case Grid():
                written = _marked_grid(block)
            case Drawing():
                continue
        pieces.append(("" if last is None else "\n" if last is type(block) is Line else "\n\n") + written)
        last = type(block)
    return "".join(pieces) + "\n"


def page(blocks: Sequence[Block]) -> str:
    """Write blocks as one HTML page without scripts, whose policy lets it load nothing.

    >>> "<p>In <b>&lt;i&gt;</b> all is well.</p>" in page([Heading("Suite"), Line(("In ", Name("<i>"), " all is well."))])
    True
    """
    title = next(block.text for block in blocks if isinstance(block, Heading))
    body: list[str] = []
    for block in blocks:
        match block:
            case Heading(text):
                body.append(f"<h{2 if body else 1}>{html.escape(text)}</h{2 if body else 1}>")
            case Line(parts):
                body.append(f"<p>{''.join(map(_emphasised, parts))}</p>")
            case Grid():
                body.append(_html_grid(block))
            case Drawing(svg, caption):
                body.append(f"<figure>{svg}<figcaption>{html.escape(caption)}</figcaption></figure>")
    return _PAGE.format(title=html.escape(title), policy=_POLICY, style=_STYLE, body="\n".join(body))


def _line(*parts: str) -> Line:
    return Line(parts)


def _marked(part: str) -> str:
    """Keep others' words from being Markdown: names as code, prose with its marks escaped; neither ends a cell."""
    if isinstance(part, Name):
        shown = inert(part, limit=LONGEST_NAME).replace("`", r"\x60").replace("|", r"\x7c")
        return f"`{shown}`" if shown else ""
    if isinstance(part, Prose):
        shown = inert(part, limit=LONGEST_PROSE).replace("|", r"\x7c")
        return _MARKS.sub(r"\\\g<0>", shown)
    return part


def _escaped(part: str) -> str:
    if isinstance(part, Name | Prose):
        part = inert(part, limit=LONGEST_NAME if isinstance(part, Name) else LONGEST_PROSE)
    return html.escape(part)


def _emphasised(part: str) -> str:
    """Let a name in a sentence be seen as one."""
    return f"<b>{_escaped(part)}</b>" if isinstance(part, Name) else _escaped(part)


def _marked_grid(grid: Grid) -> str:
    rules = ("---:" if right else "---" for right in _numeric(grid))
    rows = (grid.head, tuple(rules), *grid.rows)
    return "\n".join(f"| {' | '.join(map(_marked, row))} |" for row in rows)


def _html_grid(grid: Grid) -> str:
    right = [' class="number"' if each else "" for each in _numeric(grid)]
    head = "".join(
        f'<th scope="col"{side}>{_escaped(cell)}</th>' for cell, side in zip(grid.head, right, strict=True)
    )
    rows = []
    for number, row in enumerate(grid.rows):
        cells = "".join(f"<td{side}>{_escaped(cell)}</td>" for cell, side in zip(row, right, strict=True))
        rows.append(f'<tr class="ours">{cells}</tr>' if number in grid.ours else f"<tr>{cells}</tr>")
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead>\n<tbody>{chr(10).join(rows)}</tbody></table></div>'


def _numeric(grid: Grid) -> list[bool]:
    """Say which columns hold numbers, alone or with their range."""
    return [
        any(cells) and all(re.fullmatch(r"[-+.,\d() to]*", cell) for cell in cells)
        for cells in (
            [
                "" if isinstance(row[column], Name | Prose) and not row[column] else row[column]
                for row in grid.rows
            ]
            for column in range(len(grid.head))
        )
    ]


_MARKS = re.compile(r"[\\`*\[\]<>~&$@]|(?<!\w)_|_(?!\w)|:(?=//)|(?<=www)\.", re.IGNORECASE)
"""What may begin something in Markdown, or make a link of bare words."""
LONGEST_NAME = 400
LONGEST_PROSE = 4_000
_STYLE = """
:root { color-scheme: light dark; --page: #ffffff; --text: #1f2328; --faint: #59636e; --rule: #d1d9e0; --ours: #e8f3fb }
@media (prefers-color-scheme: dark) {
  :root { --page: #14171c; --text: #e4e7eb; --faint: #9aa4af; --rule: #363d47; --ours: #14304a }
}
body { background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem }
h1, h2 { line-height: 1.25; margin: 2.2rem 0 .8rem }
p { margin: .25rem 0; max-width: 52rem; overflow-wrap: anywhere }
.wide { overflow-x: auto; margin: 1rem 0 }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums }
th, td { border-bottom: 1px solid var(--rule); max-width: 26rem; overflow-wrap: break-word; padding: .3rem .7rem; text-align: left; vertical-align: top }
th { vertical-align: bottom }
.number { text-align: right }
td.number { white-space: nowrap }
.ours { background: var(--ours); font-weight: 600 }
figure { margin: 1.5rem 0 }
figure svg { display: block; height: auto; max-width: 100% }
figcaption { color: var(--faint); font-size: .875rem }
"""
_POLICY = (
    "default-src 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    + "'; base-uri 'none'; form-action 'none'"
)
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
