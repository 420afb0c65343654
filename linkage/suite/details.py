"""What a report says in detail: by scenario, by crowd, of false rings, of scores, and of each part left out."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from linkage.suite import plots as drawing
from linkage.suite.blocks import Drawing, Grid, Name, line
from linkage.suite.measured import COLUMNS, SECONDS, honest_of, mean, pooled, recall_of
from linkage.suite.measures import (
    NOBODY,
    adaptive_reliability,
    auc,
    brier,
    calibration_error,
    false_per_million,
    false_share,
    reliability,
    scenario_of,
)
from linkage.suite.results import ScenarioFacts
from linkage.suite.tallies import by_seed
from linkage.suite.wording import NOTHING, count, fraction, known, signed, tenths

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linkage.suite.blocks import Block, Line
    from linkage.suite.measured import Column, Measured
    from linkage.suite.measures import Bin
    from linkage.suite.results import Method


def scenarios(measured: Measured, *, plots: bool) -> Iterator[Block]:
    """Give the members flagged by scenario, and where our row is behind."""
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
        recalls = (fraction(recall_of(measured.tallies[each.name], chosen)) for each in measured.compared)
        rows.append(("", title, "", "", *_sizes(measured, chosen), "", _whole(measured, chosen), *recalls))
    yield Grid((*heads, *(Name(each.name) for each in measured.compared)), tuple(rows))
    yield line(
        "The share of members flagged, by method; the largest fragment is ours: the mean share of a planted ring that its largest flagged fragment holds."
    )
    yield from _behind(measured, names)
    if plots and names:
        labels = [_scenario_label(name, facts[name]) for name in names]
        series = {
            each.name: [known(recall_of(measured.tallies[each.name], {name})) for name in names]
            for each in measured.leading
        }
        yield Drawing(drawing.recall_bars(labels, series), "Members flagged, by scenario.")


def _scenario_row(measured: Measured, name: str) -> tuple[str, ...]:
    facts = _facts(measured, name)
    return (
        Name(facts.number), Name(name), "yes" if facts.held_out else "", "yes" if facts.hard else "",
        *_sizes(measured, {name}), "" if facts.aim is None else fraction(facts.aim), _whole(measured, {name}),
        *(fraction(recall_of(measured.tallies[each.name], {name})) for each in measured.compared),
    )  # fmt: skip


def _behind(measured: Measured, names: Sequence[str]) -> Iterator[Line]:
    """Name the scenarios where a baseline flags more members than ours, or ours misses its aim."""
    behind = 0
    for name in names:
        mine = recall_of(measured.ours, {name})
        others = {
            each.name: recall_of(measured.tallies[each.name], {name})
            for each in measured.results.of("baseline")
        }
        best = max(others, key=lambda each: others[each], default=None)
        if best is not None and others[best] > mine:
            behind += 1
            yield line("In ", Name(name), " our row is not the best: ", Name(best), f" flags {fraction(others[best])} of the members, ours {fraction(mine)}.")  # fmt: skip
        aim = _facts(measured, name).aim
        if aim is not None and mine < aim:
            yield line("In ", Name(name), f" the aim of {fraction(aim)} is missed.")
    if not behind and measured.results.of("baseline"):
        yield line("In no scenario a baseline flags more members than ours.")


def crowds(measured: Measured, *, plots: bool) -> Iterator[Block]:
    """Give the honest accounts flagged by crowd."""
    sizes = Counter(scenario_of(name) for truth in measured.results.truths for name in truth.crowds.values())
    sizes[NOBODY] = sum(
        each.accounts - len(each.rings) - len(each.crowds) for each in measured.results.truths
    )
    flagged = {name: honest_of(tallies) for name, tallies in measured.tallies.items()}
    names = sorted(set(sizes).union(*flagged.values()), key=partial(_order, measured))
    rows = [
        (
            Name(_facts(measured, name).number),
            Name(name),
            count(sizes[name]),
            *(count(flagged[each.name][name]) for each in measured.compared),
        )
        for name in names
    ]
    totals = (count(flagged[each.name].total()) for each in measured.compared)
    rows.append(("", "all", count(sizes.total()), *totals))
    yield Grid(("number", "crowd", "accounts", *(Name(each.name) for each in measured.compared)), tuple(rows))
    mine = flagged[measured.results.ours.name]
    if mine:
        parts = [
            part
            for name, number in sorted(mine.items())
            for part in (", ", Name(name), f" ({count(number)})")
        ]
        yield line("Ours flags honest accounts of: ", *parts[1:], ".")
    else:
        yield line("Ours flags no honest account.")
    if plots:
        series = {each.name: [float(flagged[each.name][name]) for name in names] for each in measured.leading}
        labels = [_scenario_label(name, _facts(measured, name)) for name in names]
        yield Drawing(drawing.crowd_bars(labels, series), "Honest accounts flagged, by crowd.")


def _sizes(measured: Measured, names: set[str]) -> tuple[str, str]:
    """Count the planted rings of scenarios, and their members."""
    rings = sum(scenario_of(name) in names for each in measured.ours for name in each.f1)
    members = sum(each.recalled[name][1] for each in measured.ours for name in names & each.recalled.keys())
    return count(rings), count(members)


def _whole(measured: Measured, names: set[str]) -> str:
    return fraction(mean([
        share for each in measured.ours for name, share in each.whole.items() if scenario_of(name) in names
    ]))  # fmt: skip


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


def false_rings(measured: Measured) -> Iterator[Block]:
    """Give the flagged rings that are none, foremost in worlds without rings."""
    rows = []
    for method in measured.compared:
        free = [each for each in measured.tallies[method.name] if not each.planted]
        false, accounts = sum(each.false for each in free), sum(each.accounts for each in free)
        rate, upper = false_per_million(false, accounts)
        rest = sum(each.false for each in measured.tallies[method.name] if each.planted)
        honest = sum(each.flagged for each in free)
        rows.append((Name(method.name), str(len(free)), count(accounts), count(false), tenths(rate), tenths(upper), count(honest), count(rest)))  # fmt: skip
    heads = ("method", "worlds without rings", "accounts", "false rings", "false a million accounts", "upper limit", "accounts flagged", "false rings in other worlds")  # fmt: skip
    yield Grid(heads, tuple(rows), measured.our_rows)
    yield line(
        "A flagged ring is false when under half of its accounts are members of planted rings; in a world without rings every flagged one is."
    )
    yield line("The upper limit is of the rate: the exact one of a Poisson count, one-sided, at 95 %.")


def calibration(measured: Measured, *, plots: bool) -> Iterator[Block]:
    """Hold the scores of reported rings against the truth."""
    rows = []
    for method in measured.compared:
        scored = pooled(measured.tallies[method.name])
        share, chosen = false_share(scored.q_values, scored.true)
        told = bool((~np.isnan(scored.q_values)).any())
        rows.append((
            Name(method.name), count(len(scored.scores)), count(int(scored.true.sum())),
            fraction(calibration_error(reliability(scored.scores, scored.true))),
            fraction(calibration_error(adaptive_reliability(scored.scores, scored.true))),
            fraction(brier(scored.scores, scored.true)), fraction(auc(scored.scores, scored.true)),
            count(chosen) if told else NOTHING, fraction(share),
        ))  # fmt: skip
    heads = ("method", "rings reported", "true", "ECE", "adaptive ECE", "Brier", "AUC", "with q of .05 and less", "false among them")  # fmt: skip
    yield Grid(heads, tuple(rows), measured.our_rows)
    yield line(
        "A reported ring is true when at least half of its accounts are members of planted rings; all reported rings count, whatever the threshold."
    )
    yield line(
        "ECE is the mean distance of score and share of true rings, over ten bins of equal width; the adaptive one over ten bins of equal counts."
    )
    yield line("Most baselines do not mean their scores as probabilities; for them only the AUC is fair.")
    own = pooled(measured.ours)
    even, adaptive = reliability(own.scores, own.true), adaptive_reliability(own.scores, own.true)
    yield line("Our scores in bins of equal width:")
    yield _bins(even)
    yield line("Our scores in bins of equal counts, as far as ties allow:")
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


def _bins(bins: Sequence[Bin]) -> Grid:
    rows = (
        (fraction(each.low), fraction(each.high), count(each.rings), fraction(each.score), fraction(each.share))
        for each in bins
    )  # fmt: skip
    return Grid(("from", "to", "rings", "mean score", "true"), tuple(rows))


def ablations(measured: Measured) -> Iterator[Block]:
    """Give what changes when a part of ours is left out or changed."""
    rows, better = [], []
    for method in measured.results.of("ablation"):
        cells: list[str] = [Name(method.name)]
        for column in COLUMNS:
            gap = _gap(measured, method, column)
            cells.append(gap or NOTHING)
            if gap.startswith("+" if column.more_is_better else "-") and column.title != SECONDS:
                better.append(line(Name(method.name), f" is better than our row in {column.title}: {gap}."))
        rows.append(tuple(cells))
    yield Grid(("left out or changed", *(each.title for each in COLUMNS)), tuple(rows))
    yield line("The figure after a change less ours, in the worlds where it was tried.")
    yield line(
        "The mean of the differences of single seeds, and in brackets the least and the greatest of them."
    )
    yield from better or [line("No change makes any of these figures better on average, but for seconds.")]


def _gap(measured: Measured, method: Method, column: Column) -> str:
    """Give the mean difference to ours over seeds and its range, as shown; empty where none can be measured."""
    gaps = by_seed(column.measure, *measured.shared(method)).values()
    if not gaps:
        return ""
    show = tenths if column.show is count else column.show
    middle, low, high = (signed(gap, show=show) for gap in (mean(list(gaps)), min(gaps), max(gaps)))
    return f"{middle} ({low} to {high})"
