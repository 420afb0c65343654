"""Make a calibration: from the shipped worlds, or from what people decided."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from linkage.scores.calibration import Calibration
from linkage.scores.learning import (
    Example,
    learn_from_judgements,
    learn_meaning,
    learn_weights,
)
from linkage.scores.parts import by_hand
from linkage.suite.measures import Bin, calibration_error, reliability
from linkage.suite.plan import CHECKING, FITTING
from linkage.suite.run import learning_examples

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkage.rings.ring import Ring

DECIDED = {"confirm": True, "dismiss": False}
"""What a judgement says of a ring; to watch it says nothing yet."""


@dataclass(frozen=True)
class Made:
    """A calibration and how it looks.

    Args:
        calibration: what was learned.
        groups: how many known groups it was learned from.
        bins: score and share of true rings, of the groups that the probabilities were learned from.
        error: the mean distance of the two (expected calibration error).
    """

    calibration: Calibration
    groups: int
    bins: tuple[Bin, ...]
    error: float


def calibrate_on_worlds() -> Made:
    """Fit the weights on the fitting worlds, and learn what scores mean on the checking worlds.

    The two have neither seeds nor types of rings in common; the seeds and types of the evaluation are in neither.
    """
    fitting, checking = learning_examples(FITTING), learning_examples(CHECKING)
    learned = learn_meaning(checking, learn_weights(fitting, by_hand()))
    sentence = (
        f"weights: {_counted(fitting)} of {len(FITTING)} simulated worlds; meaning: {_counted(checking)} of "
        f"{len(CHECKING)} others, whose types of rings are others too"
    )
    return _made(learned, sentence, len(fitting) + len(checking), "worlds")


def calibrate_on_judgements(rings: Iterable[Ring], start: Calibration) -> Made:
    """Learn from rings that people confirmed or dismissed.

    Args:
        rings: the rings of a case, judged or not.
        start: what weights are held near, usually the shipped calibration.

    Raises:
        DataError: fewer than fifty were decided, or hardly any of one sort.
    """
    decided = [
        Example(ring.linked, ring.signals, DECIDED[ring.judgement])
        for ring in rings
        if ring.judgement in DECIDED and ring.extraction is not None
    ]
    learned = learn_from_judgements(decided, start)
    return _made(learned, f"{_counted(decided)} that people decided on", len(decided), "judgements")


def _made(learned: Calibration, sentence: str, groups: int, name: str) -> Made:
    digest = hashlib.sha256(replace(learned, version="", made_from="").document().encode()).hexdigest()[:8]
    scores, true = (np.array(column) for column in zip(*learned.seen, strict=True))
    counts = np.where(true.astype(bool), 1, round(learned.honest_weight))
    bins = reliability(np.repeat(scores.astype(float), counts), np.repeat(true.astype(bool), counts))
    named = replace(learned, version=f"{name}-{digest}", made_from=sentence)
    return Made(named, groups, bins, calibration_error(bins))


def _counted(examples: list[Example]) -> str:
    return f"{len(examples):,} groups, {sum(each.ring for each in examples):,} of them extraction rings,"
