"""Run the suite: tune every baseline on the development worlds, then measure all methods on worlds nobody tuned on."""

from __future__ import annotations

import os
import platform
import traceback
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from linkage import progress
from linkage.errors import LinkageError
from linkage.scores.calibration import load_calibration
from linkage.simulation.catalogue import CHECKED, FITTED, SCENARIOS
from linkage.suite.ablation import ABLATIONS
from linkage.suite.baselines import BASELINES
from linkage.suite.results import (
    Conditions,
    Method,
    Reported,
    ScenarioFacts,
    SuiteResults,
    WorldTruth,
)
from linkage.suite.tallies import figure, tally
from linkage.suite.trial import Found, baseline, bench, ours

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from linkage.scores.learning import Example
    from linkage.suite.plan import Plan, WorldPlan

OURS = "linkage"
THRESHOLD = 0.7
THRESHOLDS = (0.3, 0.5, 0.7, 0.9, 0.97)
"""Scores from which on a baseline's rings are flagged, tried when it is tuned; ours are flagged from 0.7, as documented."""
LIBRARIES = ("duckdb", "igraph", "leidenalg", "numpy", "scipy", "splink")


@dataclass(frozen=True)
class Tuned:
    """A baseline with the settings that did best on the development worlds.

    Args:
        place: its place among the baselines.
        knobs: its settings.
        threshold: its rings of this score and more are flagged.
    """

    place: int
    knobs: tuple[tuple[str, float], ...]
    threshold: float = THRESHOLD


@dataclass(frozen=True)
class Outcome:
    """What all methods found in one world.

    Args:
        truth: what is known of it.
        found: by method.
        failures: why a method came to no end.
    """

    truth: WorldTruth
    found: Mapping[str, Found] = field(default_factory=dict)
    failures: Mapping[str, str] = field(default_factory=dict)


def run_suite(plan: Plan, *, command: str, workers: int | None = None) -> SuiteResults:
    """Tune, run and put together what ``write_report`` needs.

    Args:
        plan: which worlds.
        command: what was typed, for the report.
        workers: how many worlds at a time; as many as there are cores when None.
    """
    with _pool(workers) as each:
        tuned = tune(each(_try_baselines, plan.development))
        jobs = [
            (
                world,
                part,
                tuned if part != "calm" or number < plan.compared else (),
                part != "calm" and number < plan.ablated,
            )
            for part in ("ordinary", "hard", "calm")
            for number, world in enumerate(getattr(plan, part))
        ]
        outcomes = list(each(_try_everything, jobs))
    return _results(outcomes, tuned, command)


def learning_examples(worlds: Sequence[WorldPlan], *, workers: int | None = None) -> list[Example]:
    """Give every group that our method finds in some worlds, with what it is known to be."""
    with _pool(workers) as each:
        return [example for found in each(_our_examples, worlds) for example in found]


def tune(outcomes: Iterable[Outcome]) -> tuple[Tuned, ...]:
    """Choose for each baseline the settings and the threshold with the best ring F1 and average precision.

    Args:
        outcomes: of development worlds, each baseline under every one of its settings.
    """
    seen = list(outcomes)
    chosen: list[Tuned] = []
    for place, method in enumerate(BASELINES):
        tried = [
            (_merit(seen, place, knobs, threshold), Tuned(place, tuple(sorted(knobs.items())), threshold))
            for knobs in method.grid
            for threshold in THRESHOLDS
        ]
        chosen.append(max(tried, key=lambda pair: pair[0])[1])
    return tuple(chosen)


def _merit(outcomes: Sequence[Outcome], place: int, knobs: Mapping[str, float], threshold: float) -> float:
    name = _name(place, knobs)
    tallies = [
        tally(
            outcome.truth,
            outcome.found[name].rings if name in outcome.found else (),
            threshold=threshold,
            seconds=0.0,
        )
        for outcome in outcomes
    ]
    figures = [figure(measure, tallies) for measure in ("ring F1", "average precision")]
    return float(np.nansum(figures))


def _name(place: int, knobs: Mapping[str, float]) -> str:
    return f"{place} {sorted(knobs.items())}"


def _try_baselines(world: WorldPlan) -> Outcome:
    found: dict[str, Found] = {}
    failures: dict[str, str] = {}
    with bench(world) as at:
        for place, method in enumerate(BASELINES):
            for knobs in method.grid:
                name = _name(place, knobs)
                _attempt(name, lambda m=method, k=knobs: baseline(at, m, k), found, failures)  # type: ignore[misc]
        return Outcome(at.truth, found, failures)


def _try_everything(job: tuple[WorldPlan, str, tuple[Tuned, ...], bool]) -> Outcome:
    world, part, tuned, ablated = job
    found: dict[str, Found] = {}
    failures: dict[str, str] = {}
    with bench(world) as at:
        _attempt(OURS, lambda: ours(at), found, failures)
        for each in tuned:
            method = BASELINES[each.place]
            _attempt(
                method.label,
                lambda m=method, k=dict(each.knobs): baseline(at, m, k),  # type: ignore[misc]
                found,
                failures,
            )
        for ablation in ABLATIONS if ablated else ():
            _attempt(
                f"without {ablation.name}",
                lambda a=ablation: ours(a.of(at), a.calibration(), significance=False),  # type: ignore[misc]
                found,
                failures,
            )
        return Outcome(replace(at.truth, part=part), found, failures)


def _our_examples(world: WorldPlan) -> tuple[Example, ...]:
    with bench(world) as at:
        return ours(at, significance=False).examples


def _attempt(
    name: str, method: Callable[[], Found], found: dict[str, Found], failures: dict[str, str]
) -> None:
    """Run one method; that it comes to no end is a result, too, and no reason to lose those of an hour before it."""
    try:
        found[name] = method()
    except LinkageError as error:
        failures[name] = str(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, the report says it
        last = traceback.extract_tb(error.__traceback__)[-1]
        failures[name] = f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}: {error}"


def _results(outcomes: Sequence[Outcome], tuned: Sequence[Tuned], command: str) -> SuiteResults:
    labels = {BASELINES[each.place].label: each for each in tuned}
    names = dict.fromkeys(name for outcome in outcomes for name in (*outcome.found, *outcome.failures))
    methods = []
    for name in names:
        each = labels.get(name)
        rings: list[Reported] = [
            ring for outcome in outcomes if name in outcome.found for ring in outcome.found[name].rings
        ]
        there = [o for o in outcomes if name in o.found or name in o.failures]
        methods.append(
            Method(
                name,
                "ours" if name == OURS else "baseline" if each else "ablation",
                tuple(rings),
                seconds={o.truth.world: o.found[name].seconds for o in there if name in o.found},
                worlds=frozenset(o.truth.world for o in there),
                threshold=each.threshold if each else THRESHOLD,
                knobs=", ".join(f"{knob} {value:g}" for knob, value in each.knobs) if each else "",
                failures={o.truth.world: o.failures[name] for o in there if name in o.failures},
            )
        )
    return SuiteResults(
        tuple(outcome.truth for outcome in outcomes),
        tuple(methods),
        {
            scenario.name: ScenarioFacts(
                number=scenario.number,
                held_out=scenario.name not in FITTED | CHECKED and scenario.ring,
                hard=scenario.hard,
            )
            for scenario in SCENARIOS
        },
        Conditions(
            command,
            machine=f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
            versions={name: _version(name) for name in LIBRARIES},
            notes=(f"Scores mean what the calibration {load_calibration().version} says.",),
        ),
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except ModuleNotFoundError:
        return "not installed"


@contextmanager
def _pool(workers: int | None) -> Iterator[Callable[..., Iterator[Any]]]:
    """Hand out a map over worlds, several at a time, that says how far it is."""
    with ProcessPoolExecutor(workers or os.cpu_count(), mp_context=get_context("spawn")) as pool:

        def each(work: Callable[..., Any], items: Sequence[object]) -> Iterator[Any]:
            for number, outcome in enumerate(pool.map(work, items), start=1):
                progress.at(f"world {number} of {len(items)}")
                yield outcome

        yield each
