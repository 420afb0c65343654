"""The secrets of a case: what names our objects, what signs our lists, and what each pair of labs shares."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkage.errors import DataError
from linkage.inert import inert
from linkage.sharing.ids import Ids
from linkage.sharing.minisign import SigningKey
from linkage.sharing.records import Records
from linkage.sharing.tokens import PairKey, epoch_of, is_quarter

if TYPE_CHECKING:
    from datetime import datetime

    from linkage.store import Case

_FORMAT = "linkage keys 1"
_ID, _SIGNING, _NEXT, _PAIR = "id", "signing", "next signing", "pair "
_NEEDED = {_ID: 32, _SIGNING: 40}
_LENGTHS = _NEEDED | {_NEXT: 40}


@dataclass(frozen=True)
class Keyring:
    """All secrets of one lab.

    Args:
        ids: what names objects and accounts.
        signing: what signs lists.
        pairs: by partner, the 32 bytes that only they and we have.
    """

    ids: Ids
    signing: SigningKey
    pairs: Mapping[str, bytes] = field(repr=False)

    def pair(self, partner: str, moment: datetime) -> PairKey:
        """Give the key that we share with a partner, for the quarter of a moment.

        Raises:
            DataError: there is none yet.
        """
        if partner not in self.pairs:
            raise DataError(
                f"there is no key shared with {inert(partner)}: make one with 'linkage keys pair {inert(partner)} "
                "--out FILE' and hand the file over, or take theirs with --from FILE"
            )
        return PairKey(self.pairs[partner], epoch_of(moment))

    def by_id(self, partner: str, key_id: str) -> PairKey | None:
        """Find the key that a partner names in its selectors; None where we have another or none."""
        epoch = key_id.split(".")[1] if key_id.count(".") == 2 else ""
        if partner not in self.pairs or not is_quarter(epoch):
            return None
        key = PairKey(self.pairs[partner], epoch)
        return key if key.key_id == key_id else None


def keyring(case: Case) -> Keyring:
    """Open the keyring of a case; made the first time it is asked for."""
    held = Records(case).secrets()
    if _ID not in held:
        with case.changing():
            Records(case).keep_secret(_ID, secrets.token_bytes(32))
            Records(case).keep_secret(_SIGNING, SigningKey.generate().stored)
        held = Records(case).secrets()
    pairs = {name.removeprefix(_PAIR): content for name, content in held.items() if name.startswith(_PAIR)}
    return Keyring(Ids(held[_ID]), SigningKey.of_seed(held[_SIGNING]), pairs)


def public_keys(case: Case) -> list[str]:
    """Give the public halves of the key that signs our lists and of the next, as far as there are any; makes none."""
    held = Records(case).secrets()
    return [SigningKey.of_seed(held[name]).public for name in (_SIGNING, _NEXT) if name in held]


def prepare_next(case: Case) -> str:
    """Make the key that will sign our lists next, and give its public half; the same until it is taken into use.

    Lists are signed with the old one until ``rotate``, so that partners have time to pin both.
    """
    keyring(case)
    held = Records(case).secrets().get(_NEXT)
    if held is None:
        held = SigningKey.generate().stored
        with case.changing():
            Records(case).keep_secret(_NEXT, held)
    return SigningKey.of_seed(held).public


def rotate(case: Case) -> str:
    """Sign with the next key from now on, and give its public half. The old one is gone.

    Raises:
        DataError: no next key was made, so no partner can have pinned it.
    """
    held = Records(case).secrets().get(_NEXT)
    if held is None:
        raise DataError(
            "there is no next key: make it with 'linkage keys prepare', and let every partner pin it first"
        )
    with case.changing():
        Records(case).replace_secret(_SIGNING, held)
        Records(case).drop_secret(_NEXT)
    return SigningKey.of_seed(held).public


def share_with(case: Case, partner: str, content: bytes | None = None, *, renew: bool = False) -> bytes:
    """Keep the secret that a partner and we share, and give it; made here where it is not given.

    Args:
        case: an open case.
        partner: whom it is shared with.
        content: the file that the partner wrote.
        renew: put it in place of the one there is. Tokens made with the old one find nobody any more.

    Raises:
        DataError: the file holds none, or there is one already.
    """
    given = None if content is None else _decoded(content.strip().decode("ascii", "replace"), 32, "the file")
    held = keyring(case).pairs.get(partner)
    secret = given or (None if renew else held) or secrets.token_bytes(32)
    if held is not None and held != secret and not renew:
        raise DataError(
            f"there is another key shared with {inert(partner)} already; both sides must have the same, and --renew "
            "puts this one in its place"
        )
    with case.changing():
        Records(case).replace_secret(_PAIR + partner, secret)
    return base64.b64encode(secret) + b"\n"


def backup(case: Case) -> bytes:
    """Write every secret of a case as a file to be locked away: who has it can speak in our name."""
    keyring(case)
    named = {name: base64.b64encode(content).decode() for name, content in Records(case).secrets().items()}
    return json.dumps({"format": _FORMAT, "keys": named}, indent=2, sort_keys=True).encode() + b"\n"


def restore(case: Case, content: bytes) -> int:
    """Take secrets back from a backup, and say how many.

    Raises:
        DataError: the file is no backup, or the case has other secrets, with which it may have shared already.
    """
    named = _parsed(content)
    held = Records(case).secrets()
    if any(name in held and held[name] != secret for name, secret in named.items()):
        raise DataError("the case has other keys already: restore into a case that has shared nothing yet")
    with case.changing():
        for name, secret in sorted(named.items()):
            if name not in held:
                Records(case).keep_secret(name, secret)
    return len(named)


def _parsed(content: bytes) -> dict[str, bytes]:
    try:
        document = json.loads(content)
        known = document["format"] == _FORMAT
        keys = {str(name): str(text) for name, text in document["keys"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        known, keys = False, {}
    strange = [name for name in keys if name not in _LENGTHS and not name.startswith(_PAIR)]
    if not known or strange or not keys.keys() >= _NEEDED.keys():
        raise DataError("the file is no backup of keys; 'linkage keys backup FILE' writes one")
    return {name: _decoded(text, _LENGTHS.get(name, 32), "the backup") for name, text in keys.items()}


def _decoded(text: str, length: int, where: str) -> bytes:
    try:
        secret = base64.b64decode(text, validate=True)
    except ValueError:
        secret = b""
    if len(secret) != length:
        raise DataError(
            f"{where} holds no key: it should be one line of base64 that 'linkage keys pair' wrote"
        )
    return secret
