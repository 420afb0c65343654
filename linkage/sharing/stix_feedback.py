"""What we say of a partner's rings as STIX objects, for platforms: sightings and opinions."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from linkage.sharing.feedback import Word
from linkage.sharing.model import Package, Tlp
from linkage.sharing.stix import write_bundle
from linkage.sharing.stix_objects import Maker, stamp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linkage.sharing.feedback import Feedback
    from linkage.sharing.ids import Ids
    from linkage.sharing.stix_objects import Object

STIX_FEEDBACK = "stix/feedback.json"
"""The file of an answer that holds them."""
_RING_ID = re.compile(r"intrusion-set--[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def write_stix_feedback(  # noqa: PLR0913 - what is said, of what, by whom, to whom and when
    said: Sequence[Feedback],
    ring_ids: Mapping[str, str],
    ids: Ids,
    *,
    me: str,
    partner: str,
    at: datetime,
) -> bytes | None:
    """Write a bundle of sightings and opinions on a partner's rings.

    The partner has the rings themselves, so the bundle only names them.

    Args:
        said: what is said.
        ring_ids: the partner's ids of its rings, as its list gave them.
        ids: the names that our objects have everywhere.
        me: our name.
        partner: whose rings they are, and who alone may read this.
        at: when it is said.

    Returns:
        The bundle; None where the partner gave no ring of these an id of STIX.

    >>> from linkage.sharing.feedback import Feedback
    >>> from linkage.sharing.ids import Ids
    >>> ring_id = "intrusion-set--2ab1e2f0-6a3d-4a2d-9c54-3f1f7a7e7c11"
    >>> bundle = write_stix_feedback(
    ...     [Feedback("R-7K2M9Q", Word.seen, 20, "")], {"R-7K2M9Q": ring_id}, Ids(bytes(32)),
    ...     me="lab-b", partner="lab-a", at=datetime(2026, 9, 3),
    ... )
    >>> b'"count":20' in bundle, b'"type":"sighting"' in bundle
    (True, True)
    """
    maker = Maker(Package(me, partner, Tlp.amber_strict, rings=(), score_model="", terms=""), ids)
    told = [each for each in said if _RING_ID.fullmatch(ring_ids.get(each.ring, ""))]
    if not told:
        return None
    header = [each for each in maker.header() if each["id"] in {maker.producer, *maker.markings}]
    objects = [
        # OpenCTI takes opinions of one word and one time for one.
        _object(maker, each, ring_ids[each.ring], partner, at + timedelta(milliseconds=place))
        for place, each in enumerate(sorted(told, key=lambda each: (each.ring, each.word)))
    ]
    return write_bundle(maker.name("bundle", partner, "feedback", stamp(at)), [*header, *objects])


def _object(maker: Maker, each: Feedback, ring_id: str, partner: str, at: datetime) -> Object:
    seen = each.word is Word.seen
    kind = "sighting" if seen else "opinion"
    # A later word of the same is another object: nothing here remembers when the first was said.
    made = maker.observable(kind, partner, each.ring, each.word.value, stamp(at)) | {
        "created_by_ref": maker.producer,
        "created": stamp(at),
        "modified": stamp(at),
    }
    words = f"{each.ring}: {each.explanation}" if each.explanation else each.ring
    if not seen:
        return made | {"opinion": each.word.value, "explanation": words, "object_refs": [ring_id]}
    return made | {
        "sighting_of_ref": ring_id,
        "where_sighted_refs": [maker.producer],
        "description": words,
        **({"count": each.accounts} if each.accounts else {}),
    }
