"""Tokens of a hub that the case remembers, so that each value is asked for once a quarter and not every night."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkage.sharing.hub_in_use import HubInUse
from linkage.sharing.keyring import keyring
from linkage.sharing.records import Records
from linkage.sharing.tokens import framed
from linkage.store import Case

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class RememberedTokens:
    """A hub, and what it said before.

    What is remembered names no value: values are kept as digests under a secret of the case.

    Args:
        case: an open case.
        hub: asked for what is not remembered.
    """

    case: Case
    hub: HubInUse

    def tokens(self, epoch: str, kind: str, values: Sequence[str]) -> list[str]:
        """Make the tokens of values, in their order, as ``HubInUse.tokens``; only new ones are asked for.

        The arguments and errors are those of ``HubInUse.tokens``. What was asked for is kept at once, in a change of
        its own: it counted against our quota, whatever becomes of the rest.
        """
        key_id = self.hub.key_id(epoch)
        secret = keyring(self.case).ids.secret
        digests = {
            value: hmac.digest(secret, framed(b"hub", kind.encode(), value.encode()), "sha256").hex()
            for value in values
        }
        known = Records(self.case).hub_tokens(key_id) if key_id and values else {}
        asked = sorted(value for value, digest in digests.items() if digest not in known)
        made = dict(zip(asked, self.hub.tokens(epoch, kind, asked), strict=True))
        if made:
            with self.case.changing():
                pinned = [self.hub.key_id(each) for each in self.hub.keys]
                Records(self.case).keep_hub_tokens(
                    key_id, [(digests[value], token) for value, token in made.items()], pinned=pinned
                )
        return [made[value] if value in made else known[digests[value]] for value in values]
