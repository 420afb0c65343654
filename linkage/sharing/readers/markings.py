"""How far a partner's object may go: unmarked, unknown and RED are not taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.sharing.model import Tlp
from linkage.sharing.readers import checks
from linkage.sharing.readers.reader import RefusedError
from linkage.sharing.stix_objects import TLP_MARKINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

RED = "red"
_UNKNOWN = "unknown"
# Those of TLP 1.0, and the RED of 2.0, which we never write.
_KNOWN_IDS = {
    **{marking: level.value for level, marking in TLP_MARKINGS.items()},
    "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1": RED,
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": "clear",
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": "green",
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": "amber",
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": RED,
}
_LEVELS = {**{level.value: level.value for level in Tlp}, "white": "clear", RED: RED}


def level(word: object) -> str:
    """Read a level by its word.

    >>> [level(word) for word in ("TLP:WHITE", "tlp:amber+strict", "TLP:PURPLE")]
    ['clear', 'amber+strict', 'unknown']
    """
    if not isinstance(word, str) or len(word) > 32:
        return _UNKNOWN
    return _LEVELS.get(word.lower().removeprefix("tlp:").strip(), _UNKNOWN)


def levels_of(objects: Iterable[Mapping[str, object]]) -> dict[str, set[str]]:
    """Say what levels each marking means: by its id, and by whatever else it says of itself.

    Args:
        objects: all that came; those that mark nothing are passed over.

    Returns:
        The levels by id; none for a marking that is about something else.
    """
    found = {marking: {meaning} for marking, meaning in _KNOWN_IDS.items()}
    for each in objects:
        marking = each.get("id")
        if each.get("type") == "marking-definition" and isinstance(marking, str):
            found.setdefault(marking, set()).update(map(level, _words(each)))
    return found


def check_marked(each: Mapping[str, object], levels: Mapping[str, set[str]]) -> None:
    """Refuse an object that is not marked, or not so that it may be kept.

    Raises:
        RefusedError: no marking of it is a TLP level, or one is RED or no level we know.
    """
    parts = [
        part.get("marking_ref")
        for part in checks.items(each.get("granular_markings"))
        if isinstance(part, dict)
    ]
    marked = _levels(checks.items(each.get("object_marking_refs")), levels)
    # A marking of a part can only forbid: it does not stand for one of the whole.
    check_levels(marked | (_levels(parts, levels) & {RED, _UNKNOWN}))


def check_levels(marked: set[str]) -> None:
    """Refuse what has no level, an unknown one, or RED.

    Raises:
        RefusedError: it does.
    """
    if not marked:
        raise RefusedError("it is not marked with a TLP level")
    if RED in marked:
        raise RefusedError("it is marked TLP:RED, which is for no file")
    if _UNKNOWN in marked:
        raise RefusedError("its TLP level is none that we know")


def _levels(refs: list[object], levels: Mapping[str, set[str]]) -> set[str]:
    # A marking that is not among what came, such as terms of use, says nothing here.
    return {meaning for ref in refs if isinstance(ref, str) for meaning in levels.get(ref, ())}


def _words(marking: Mapping[str, object]) -> list[object]:
    words: list[object] = []
    name = marking.get("name")
    if isinstance(name, str) and name.lower().startswith("tlp"):
        words.append(name)
    if marking.get("definition_type") == "tlp":
        definition = marking.get("definition")
        words.append(definition.get("tlp") if isinstance(definition, dict) else None)
    extensions = marking.get("extensions")
    inside = extensions.values() if isinstance(extensions, dict) else ()
    return words + [each["tlp_2_0"] for each in inside if isinstance(each, dict) and "tlp_2_0" in each]
