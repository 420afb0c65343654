"""A hub as one of its members uses it: tokens for values, under the key that all members pinned for a quarter."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from linkage.errors import SettingsError
from linkage.inert import inert
from linkage.sharing.hub_client import HubClient
from linkage.sharing.oprf import LONGEST_VALUE
from linkage.sharing.tokens import is_quarter, quarter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkage.settings import SharingSettings

TOKEN = "LINKAGE_HUB_TOKEN"  # noqa: S105 - the name of the variable that holds it
_SCHEME = "vo1"


@dataclass(frozen=True)
class HubInUse:
    """A hub that we are a member of. It is asked for nothing before tokens are needed.

    Args:
        url: where it is.
        member: what it calls us.
        token: our secret there; None where nobody gave it.
        keys: its public key of each quarter, as pinned.
    """

    url: str
    member: str
    token: str | None = field(repr=False)
    keys: Mapping[str, bytes]

    @classmethod
    def of(cls, settings: SharingSettings, token: str | None) -> HubInUse | None:
        """Take the hub of the settings; None where there is none.

        Args:
            settings: where it is, its keys, and what it calls us.
            token: our secret there, which is in no settings.

        Raises:
            SettingsError: nothing says what it calls us.
        """
        if settings.hub is None:
            return None
        member = settings.hub_member or settings.name
        if member is None:
            raise SettingsError(
                "sharing.hub_member: say what the hub calls us, or sharing.name if it is that"
            )
        keys = {epoch: base64.b64decode(key) for epoch, key in settings.hub_keys.items()}
        return cls(settings.hub, member, token, keys)

    def key_id(self, epoch: str) -> str:
        """Name the key of a quarter as selectors carry it; nothing where none is pinned.

        >>> HubInUse("https://hub.example.com", "lab-a", None, {"2026q4": bytes(32)}).key_id("2026q4")
        'vo1.2026q4.66687aad'
        """
        key = self.keys.get(epoch)
        return "" if key is None else f"{_SCHEME}.{epoch}.{hashlib.sha256(key).hexdigest()[:8]}"

    def accepted(self, key_id: str, now: datetime, *, overlap_days: int) -> str | None:
        """Give the quarter of a key that a selector names, if it is pinned and its tokens still count.

        Args:
            key_id: as a partner wrote it.
            now: the time.
            overlap_days: for so many days after its quarter tokens count.
        """
        epoch = key_id.split(".")[1] if key_id.count(".") == 2 else ""
        if not is_quarter(epoch) or self.key_id(epoch) != key_id:
            return None
        start, end = quarter(epoch)
        return epoch if start <= now < end + timedelta(days=overlap_days) else None

    def tokens(self, epoch: str, kind: str, values: Sequence[str]) -> list[str]:
        """Make the tokens of values, in their order.

        Raises:
            SettingsError: no key of that quarter is pinned, or our secret is not given.
            DataError: the hub cannot be reached, refuses, or proves to use another key.
            MissingPartError: ``voprf`` is not installed.
        """
        if not values:
            return []
        if epoch not in self.keys:
            raise SettingsError(
                f"sharing.hub_keys: there is no key of {epoch}; write what the hub's keepers hand out, such as "
                f'{epoch} = "its public key", under [sharing.hub_keys]'
            )
        if not self.token:
            raise SettingsError(f"{TOKEN} is not set: it holds our secret at the hub {inert(self.url)}")
        return HubClient(self.url, self.member, self.token, self.keys[epoch], epoch).tokens(kind, values)


def can_be_asked(value: str) -> bool:
    """Say whether a hub takes a value: it is not empty, and not too long.

    >>> can_be_asked("203.0.113.7"), can_be_asked(" "), can_be_asked("x" * 2000)
    (True, False, False)
    """
    return 1 <= len(value.strip().encode("utf-8", "surrogatepass")) <= LONGEST_VALUE
