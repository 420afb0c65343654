"""Sign-ups over time, and the bursts among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from linkage.pictures.material import Material, Shared

WIDTHS = tuple(60 * minutes for minutes in (5, 15, 60, 180, 360, 1440, 4320, 10080, 43200))
MOST_BARS = 120
MOST_BURSTS = 6
CROWDED = 4
"""Where the middle 96 of 100 sign-ups take so many times less time than all, only these are drawn."""


def draw_signups(material: Material, caption: Callable[[Shared], str]) -> dict[str, Any]:
    """Draw when members signed up, those of a burst apart.

    Returns:
        ``start`` (seconds since 1970) and ``width`` of the bars, ``bars`` with the count of those in a burst and of
        the others, how many stand ``before`` and ``after`` what is drawn, how many are of ``unknown`` time, and the
        ``bursts``.
    """
    times = np.array(sorted(person.created for person in material.people if person.created is not None))
    unknown = len(material.people) - len(times)
    bursts = sorted((each for each in material.shared if each.kind == "signup"), key=lambda each: -each.here)
    listed = [
        {"key": f"id:{each.identifier}", "label": caption(each), "accounts": each.here}
        for each in bursts[:MOST_BURSTS]
    ]
    rest = {"unknown": unknown, "bursts": listed, "more_bursts": max(0, len(bursts) - MOST_BURSTS)}
    if not len(times):
        return {"start": None, "width": 0, "bars": [], "before": 0, "after": 0} | rest
    low, high = _span(times)
    width = next((each for each in WIDTHS if (high - low) // each < MOST_BARS), (high - low) // MOST_BARS + 1)
    start = low // width * width
    bars = np.zeros(((high - start) // width + 1, 2), np.int64)
    in_burst = _in_bursts(material)
    for place, person in enumerate(material.people):
        if person.created is not None and low <= person.created <= high:
            bars[(person.created - start) // width, 0 if in_burst[place] else 1] += 1
    return {
        "start": start,
        "width": width,
        "bars": bars.tolist(),
        "before": int((times < low).sum()),
        "after": int((times > high).sum()),
    } | rest


def _span(times: np.ndarray[Any, Any]) -> tuple[int, int]:
    low, high = (int(each) for each in np.quantile(times, [0.02, 0.98], method="nearest"))
    return (low, high) if (high - low) * CROWDED < times[-1] - times[0] else (int(times[0]), int(times[-1]))


def _in_bursts(material: Material) -> np.ndarray[Any, Any]:
    burst = np.array([each.kind == "signup" for each in material.shared], bool)
    found = np.zeros(len(material.people), bool)
    found[material.lefts[burst[material.rights]]] = True
    return found
