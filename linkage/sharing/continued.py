"""A chain of lists that goes on in a new case: partners refuse a list of a number that they have taken before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.errors import DataError
from linkage.inert import inert
from linkage.sharing import bounded
from linkage.sharing.keyring import public_keys
from linkage.sharing.manifest import MANIFEST, SIGNATURE, Manifest
from linkage.sharing.manifest_fields import LARGEST_MANIFEST
from linkage.sharing.minisign import LARGEST_SIGNATURE, verify
from linkage.sharing.partners import named
from linkage.sharing.records import List, Records

if TYPE_CHECKING:
    from pathlib import Path

    from linkage.settings import SharingSettings
    from linkage.store import Case


def continue_from(case: Case, folder: Path, settings: SharingSettings) -> Manifest:
    """Let the next list to a partner follow one that was sent from another case with our keys.

    Only its manifest and the signature are read: a partner that has the list can hand back these two. The next list
    says something else than this one, whatever it says, and so gets the next number.

    Args:
        case: an open case, with our keys.
        folder: where the manifest and its signature are.
        settings: our name and partners.

    Returns:
        The manifest of that list.

    Raises:
        DataError: there is no such list, it is none of ours, or the case has sent a later one.
        SettingsError: we have no name, or the partner is none of ours.
    """
    try:
        document = bounded.read(folder / MANIFEST, most_bytes=LARGEST_MANIFEST)
        signature = bounded.read(folder / SIGNATURE, most_bytes=LARGEST_SIGNATURE)
    except DataError as error:
        raise DataError(
            f"{inert(str(folder), limit=300)} is no signed list: it should hold {MANIFEST} and {SIGNATURE} ({error})"
        ) from None
    try:
        verify(document, signature, public_keys(case))
    except DataError:
        raise DataError(
            "the list was not signed with a key of this case: restore the keys that signed it first, with "
            "'linkage keys restore FILE'"
        ) from None
    manifest = Manifest.of(document)
    me = named(settings, manifest.recipient)
    if manifest.producer != me:
        raise DataError(f"the list is of {manifest.producer}, and we are {inert(me)}: name one that we sent")
    last = Records(case).last_list("out", manifest.recipient)
    if last is not None and last.sequence >= manifest.sequence:
        raise DataError(
            f"the case has sent list {last.sequence} to {manifest.recipient} itself: its chain goes on from there"
        )
    with case.changing():
        # No content has this digest, so that no list is taken for this one again.
        Records(case).keep_list("out", manifest.recipient, List(manifest.sequence, document, ""))
    return manifest
