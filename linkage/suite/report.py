"""Write what the suite measured as one Markdown page and one HTML page that needs nothing beside it."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from linkage.suite import details
from linkage.suite import plots as drawing
from linkage.suite.blocks import Drawing, Grid, Heading, Name, Prose, line, markdown, page
from linkage.suite.measured import COLUMNS, mean, measure, pooled, recall_of
from linkage.suite.measures import auc, calibration_error, precision_recall, reliability
from linkage.suite.tallies import (
    MAIN,
    MEMBER_PRECISION,
    MEMBER_RECALL,
    RING_F1,
    ROUNDS,
    difference,
    figure,
    interval,
)
from linkage.suite.wording import NOTHING, count, fraction, many, ranges, signed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from linkage.suite.blocks import Block, Line
    from linkage.suite.measured import Column, Measured
    from linkage.suite.results import Method, SuiteResults
    from linkage.suite.tallies import Tally


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
    yield from details.scenarios(measured, plots=plots)
    yield Heading("Honest accounts flagged, by crowd")
    yield from details.crowds(measured, plots=plots)
    yield Heading("False rings")
    yield from details.false_rings(measured)
    yield Heading("What scores are worth")
    yield from details.calibration(measured, plots=plots)
    if measured.results.of("ablation"):
        yield Heading("What each part is worth")
        yield from details.ablations(measured)
    yield Heading("How the methods were set")
    yield Grid(
        ("method", "group", "flags from", "tuned"),
        tuple(
            (Name(each.name), each.group, fraction(each.threshold), Prose(each.knobs))
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
    yield line(
        f"{many(len(worlds), 'world')} of {count(sum(each.accounts for each in worlds))} accounts: {len(ringed)} with "
        f"{count(sum(each.planted for each in worlds))} planted rings of {len(scenarios)} scenarios "
        f"and {count(sum(each.members for each in worlds))} members, {len(worlds) - len(ringed)} without any."
    )
    yield line(f"Seeds: {ranges(seeds)}.")
    yield line("Our row is ", Name(measured.results.ours.name), "; all others are held against it.")
    for method in measured.compared:
        ran = len(measured.tallies[method.name])
        if ran < len(measured.results.truths):
            yield line(
                Name(method.name), f" was run in {ran} of the {len(measured.results.truths)} worlds: ",
                "its figures are of those, and so are ours where the two are compared.",
            )  # fmt: skip
    for method in measured.results.methods:
        for world, reason in sorted(method.failures.items()):
            yield line(
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
                cell += f" ({fraction(low)} to {fraction(high)})"
            cells.append(cell)
        rows.append(tuple(cells))
    yield Grid(("method", *(each.title for each in COLUMNS)), tuple(rows), measured.our_rows)
    again = f"drawn again with replacement ({count(measured.rounds)} times, seed {seed})"
    yield line(
        f"In brackets: the 95 % range when worlds are {again}; it knows nothing of worlds unlike these."
    )
    for sentence in _MAIN_SENTENCES:
        yield line(sentence)
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
        return line(start, "there is nothing to compare.")
    rival = max(rivals, key=lambda each: sign * (pairs[each.name][0] - pairs[each.name][1]))
    theirs, mine = pairs[rival.name]
    shown = column.show(theirs), column.show(mine)
    if shown[0] == shown[1]:
        return line(start, f"our row shares the best, {shown[1]}, with ", Name(rival.name), ".")
    if sign * mine > sign * theirs:
        start += f"our row is the best with {shown[1]}; next is "
        return line(start, Name(rival.name), f" with {shown[0]}", _apart(measured, column, rival), ".")
    start += "our row is not the best: "
    f1 = "" if column.title == RING_F1 else "; ring F1 is {} against {}".format(
        *(fraction(figure(RING_F1, tallies)) for tallies in measured.shared(rival))
    )  # fmt: skip
    return line(
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
    return f" (ours less theirs: {signed(gap)}, {signed(low)} to {signed(high)}{unsure})"


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
        yield line("The part ", Name(part or "without a name"), f", {many(len(worlds), 'world')}:")
        yield Grid(("method", *(each.title for each in COLUMNS)), tuple(rows), measured.our_rows)


def _aims(measured: Measured) -> Iterator[Block]:
    rows = []
    for title, aim, value in _aimed(measured):
        met = NOTHING if math.isnan(value) else "yes" if value >= aim else "no"
        rows.append((title, f"{fraction(aim)} or more", fraction(value), met))
    for title, aim, value, show in _limited(measured):
        met = NOTHING if math.isnan(value) else "yes" if value <= aim else "no"
        rows.append((title, f"{show(aim)} or less", show(value), met))
    yield Grid(("figure", "aim", "measured", "met"), tuple(rows))
    yield line(
        "The aims were set before the run, near the best that others have published for data of their own."
    )


def _aimed(measured: Measured) -> Iterator[tuple[str, float, float]]:
    """Give what should be high: title, aim, value."""
    tallies, facts = measured.ours, measured.results.scenarios
    scored = pooled(tallies)
    yield MEMBER_PRECISION, 0.99, figure(MEMBER_PRECISION, tallies)
    yield MEMBER_RECALL, 0.8, figure(MEMBER_RECALL, tallies)
    held_out = {name for name, each in facts.items() if each.held_out}
    yield "member recall, held-out scenarios", 0.8, recall_of(tallies, held_out)
    hard = {name for name, each in facts.items() if each.hard}
    yield "member recall, hard scenarios", 0.6, recall_of(tallies, hard)
    yield (
        "largest fragment of a planted ring, mean",
        0.9,
        mean([share for each in tallies for share in each.whole.values()]),
    )
    yield "AUC of ring scores", 0.95, auc(scored.scores, scored.true)


def _limited(measured: Measured) -> Iterator[tuple[str, float, float, Callable[[float], str]]]:
    """Give what should be low: title, aim, value, and how it is shown."""
    scored = pooled(measured.ours)
    free = [each.flagged for each in measured.ours if not each.planted]
    yield (
        "expected calibration error",
        0.05,
        calibration_error(reliability(scored.scores, scored.true)),
        fraction,
    )
    yield "honest accounts flagged in worlds without rings", 0, sum(free) if free else math.nan, count


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
        yield line("Note: ", Prose(note))
