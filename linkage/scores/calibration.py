"""What a score means: log odds turned into a probability by what known rings and honest groups showed."""

from __future__ import annotations

import itertools
import json
import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Self

import numpy as np

from linkage.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

FORMAT = 2
"""The version of the file's shape."""
CEILING = 12.0
"""No single axis says more than this in log odds: nothing was ever measured that finely."""
ENDS = ((-2 * CEILING, 0.0), (2 * CEILING, 1.0))
"""Log odds beyond every ring's, and the probability there: all that is known where nothing was learned."""
LEAST_COUNT = 20
"""So many groups of calibration at least stand behind a sentence on a score."""


@dataclass(frozen=True)
class Reading:
    """One way in which a group can be seen to extract, with parts of its own.

    Args:
        name: the word for it.
        prior: log odds that a linked group extracts, before anything is looked at.
        weights: what each part adds to them at its full value.
        doubts: the part of the prior doubt that is about a part, lifted where nothing can be said of it.
        families: the family of a part that is in one.
        caps: the most that the parts of a family add together.
    """

    name: str
    prior: float
    weights: Mapping[str, float]
    doubts: Mapping[str, float] = field(default_factory=dict)
    families: Mapping[str, str] = field(default_factory=dict)
    caps: Mapping[str, float] = field(default_factory=dict)

    def odds(self, parts: Mapping[str, float]) -> float | None:
        """Add up the parts as log odds of extraction; None where nothing is known.

        Parts of one family say much the same, so that together they add no more than its cap: who never sleeps may
        be a company's service.

        >>> Reading("behaviour", -2.0, {"evenness": 4.0}).odds({"evenness": 0.5})
        0.0
        """
        known = {name: value for name, value in parts.items() if name in self.weights}
        if not known:
            return None
        lifted = sum(doubt for name, doubt in self.doubts.items() if name not in known)
        added = sum(self.weights[name] * known[name] for name in sorted(known))
        return self.prior + lifted + added - sum(self.excess(parts).values())

    def excess(self, parts: Mapping[str, float]) -> dict[str, float]:
        """Give by family what its parts add beyond its cap, and so does not count.

        >>> made = Reading("r", 0, {"a": 3, "b": 3}, families={"a": "hours", "b": "hours"}, caps={"hours": 4})
        >>> made.excess({"a": 1, "b": 1}), made.excess({"a": 1})
        ({'hours': 2}, {})
        """
        added: dict[str, float] = {}
        for name in sorted(parts.keys() & self.weights.keys() & self.families.keys()):
            family = self.families[name]
            added[family] = added.get(family, 0) + self.weights[name] * parts[name]
        return {
            family: value - self.caps[family]
            for family, value in added.items()
            if value > self.caps.get(family, math.inf)
        }


@dataclass(frozen=True)
class Calibration:
    """What was learned from groups of which it is known whether they are extraction rings.

    Args:
        version: the name of the file's contents, such as ``shipped-1``.
        made_from: what it was learned from, in a sentence.
        readings: the ways in which a group can be seen to extract.
        knots: log odds and the probability that goes with them, both rising.
        honest: the log odds of the honest groups that looked most like rings, rising.
        honest_groups: how many honest groups there were in all.
        seen: score and whether the group was a ring, of the groups that the probabilities were learned from, rising.
        honest_weight: for how many groups an honest one of them counts.
    """

    version: str
    made_from: str
    readings: tuple[Reading, ...]
    knots: tuple[tuple[float, float], ...] = ENDS
    honest: tuple[float, ...] = ()
    honest_groups: int = 0
    seen: tuple[tuple[float, bool], ...] = ()
    honest_weight: float = 1.0

    def reading(self, parts: Mapping[str, float]) -> Reading:
        """Give the reading that says most, by which a group is judged; the first where none says anything."""
        return max(self.readings, key=lambda each: -math.inf if (odds := each.odds(parts)) is None else odds)

    def odds(self, parts: Mapping[str, float]) -> float | None:
        """Give the log odds of extraction, by the reading that says most; None where none says anything.

        A ring may give itself away by what it does or by who it is made of, and need not do both.

        >>> both = Reading("behaviour", -2.0, {"evenness": 4.0}), Reading("strangers", -3.0, {"words": 6.0})
        >>> made = Calibration("v", "", both)
        >>> made.odds({"evenness": 0.5, "words": 0.0}), made.odds({"evenness": 0.0, "words": 1.0})
        (0.0, 3.0)
        """
        return self.reading(parts).odds(parts)

    def probability(self, raw: float) -> float:
        """Turn a ring's log odds into the share of such groups that were extraction rings.

        Straight lines on the scale of log odds join the knots: on the scale of probability a knot amid sure rings would
        pull down all that lie between it and the next, however many of these were rings.

        >>> Calibration("v", "", (), knots=((-1.0, 0.2), (1.0, 0.8))).probability(0.5)
        0.6667
        """
        at, share = zip(*self.knots, strict=True)
        from scipy.special import expit  # noqa: PLC0415 - scipy is slow to load

        return round(float(expit(np.interp(raw, at, _log_odds(share)))), 4)

    def threshold(self, score: float) -> float:
        """Give the log odds from which on a ring has at least this score; beyond every ring where none has."""
        for (low, below), (high, above) in itertools.pairwise(self.knots):
            if below < score <= above:
                start, wanted, end = _log_odds((below, score, above))
                return float(low + (high - low) * (wanted - start) / (end - start))
        return -math.inf if score <= self.knots[0][1] else math.inf

    def chance(self, raw: float) -> float:
        """Give the chance that an honest group looks so much like a ring (conformal; Bates et al. 2023, eq. 1).

        >>> Calibration("v", "", (), honest=(-1.0, 2.0), honest_groups=9).chance(1.0)
        0.2
        """
        as_much = len(self.honest) - bisect_left(self.honest, raw)
        return (1 + as_much) / (1 + self.honest_groups)

    def sentence(self, score: float) -> str:
        """Say what a score means by what groups of about this score turned out to be.

        >>> Calibration("v", "", (), seen=((0.9, True),) * 30).sentence(0.9)
        'of 100 groups scored like this one, 100 were extraction rings in calibration (by 30 known groups)'
        """
        scores = [each for each, _ in self.seen]
        low, high = bisect_left(scores, score - 0.05), bisect_right(scores, score + 0.05)
        while high - low < min(LEAST_COUNT, len(scores)):
            low, high = max(0, low - 1), min(len(scores), high + 1)
        alike = self.seen[low:high]
        if not alike:
            return "nothing: this calibration was made without known rings"
        rings = sum(ring for _, ring in alike)
        share = rings / (rings + self.honest_weight * (len(alike) - rings))
        return (
            f"of 100 groups scored like this one, {100 * share:.0f} were extraction rings in calibration "
            f"(by {len(alike):,} known groups)"
        )

    def document(self) -> str:
        """Write it as the text of a calibration file."""
        return json.dumps({"format": FORMAT} | asdict(self), indent=1) + "\n"

    @classmethod
    def of_document(cls, text: str, source: str) -> Self:
        """Read the text of a calibration file.

        Raises:
            SettingsError: it is none, or of another format.
        """
        try:
            values = json.loads(text)
            if values.pop("format") != FORMAT:
                raise SettingsError(f"{source} is a calibration of another version: make it again")
            for name in ("knots", "seen"):
                values[name] = tuple(tuple(each) for each in values[name])
            readings = tuple(Reading(**each) for each in values["readings"])
            made = cls(**values | {"honest": tuple(values["honest"]), "readings": readings})
            made._check()
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise SettingsError(
                f"{source} is no calibration file ({error}); 'linkage calibrate --to FILE' makes one"
            ) from None
        return made

    def _check(self) -> None:
        at, share = zip(*self.knots, strict=True)
        if list(at) != sorted(set(at)) or list(share) != sorted(share):
            raise ValueError("its knots do not rise")
        if not self.readings:
            raise ValueError("it has no reading")
        if any(weight < 0 for each in self.readings for weight in each.weights.values()):
            raise ValueError("a weight is below 0")


def combine(linked: float, odds: float) -> float:
    """Give the log odds that a ring is one operation and extracts, the two taken as independent.

    >>> round(combine(0.9, 20.0), 2), round(combine(0.5, 0.0), 2)
    (2.2, -1.1)
    """
    least = math.exp(-CEILING)
    surely = min(1 - least, max(least, linked))
    one = -math.log(1 / surely - 1)
    other = max(-CEILING, min(CEILING, odds))
    return -math.log(math.exp(-one) + math.exp(-other) + math.exp(-one - other))


def _log_odds(shares: Sequence[float]) -> NDArray[np.float64]:
    from scipy.special import logit  # noqa: PLC0415 - scipy is slow to load

    return np.clip(logit(np.array(shares, dtype=float)), -2 * CEILING, 2 * CEILING)


def load_calibration(path: Path | None = None) -> Calibration:
    """Read a calibration file; the shipped one when None."""
    if path is None:
        return _shipped()
    try:
        return Calibration.of_document(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read as a calibration: {error}") from None


@cache
def _shipped() -> Calibration:
    file = resources.files("linkage.scores") / "calibration.json"
    return Calibration.of_document(file.read_text(encoding="utf-8"), "the shipped calibration")
