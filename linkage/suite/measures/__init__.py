"""How good the rings are that a method reports, where the truth is known; what cannot be measured is NaN, not a flattering 1."""

from linkage.suite.measures.accounts import (
    NOBODY,
    groups_of,
    honest_by_crowd,
    member_precision_recall,
    recall_by_scenario,
    scenario_of,
)
from linkage.suite.measures.false_rings import (
    LEAST_SHARE,
    false_per_million,
    false_share,
    poisson_upper,
    true_rings,
)
from linkage.suite.measures.matching import f1_table, match_rings, melted, overlaps, ring_f1, wholeness
from linkage.suite.measures.probabilities import (
    Bin,
    adaptive_reliability,
    auc,
    brier,
    calibration_error,
    reliability,
)
from linkage.suite.measures.ranking import LEAST_F1, average_precision, precision_recall, ranked_hits
from linkage.suite.measures.values import Flags, Floats

__all__ = [
    "LEAST_F1",
    "LEAST_SHARE",
    "NOBODY",
    "Bin",
    "Flags",
    "Floats",
    "adaptive_reliability",
    "auc",
    "average_precision",
    "brier",
    "calibration_error",
    "f1_table",
    "false_per_million",
    "false_share",
    "groups_of",
    "honest_by_crowd",
    "match_rings",
    "melted",
    "member_precision_recall",
    "overlaps",
    "poisson_upper",
    "precision_recall",
    "ranked_hits",
    "recall_by_scenario",
    "reliability",
    "ring_f1",
    "scenario_of",
    "true_rings",
    "wholeness",
]
