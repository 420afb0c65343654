"""Whom we share with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.errors import SettingsError
from linkage.inert import inert

if TYPE_CHECKING:
    from linkage.settings import SharingSettings


def named(settings: SharingSettings, partner: str) -> str:
    """Give our name among labs, if the partner is one of ours.

    Raises:
        SettingsError: either is not in the settings; says what to write there.
    """
    if settings.name is None:
        raise SettingsError(
            'sharing.name: say what partners call you, such as name = "lab-a" under [sharing]'
        )
    if partner not in settings.partners:
        known = ", ".join(sorted(settings.partners)) or "none yet"
        raise SettingsError(
            f'sharing.partners: {inert(partner)} is not listed; add {inert(partner)} = ["its public key"] there'
            f" (listed: {known})"
        )
    return settings.name
