"""What a run may be told: every knob, and how settings are put together."""

from linkage.settings.declared import (
    EvidenceSettings,
    LinkSettings,
    PairSettings,
    RingSettings,
    ScoreSettings,
    Settings,
    SharingSettings,
    knobs,
)
from linkage.settings.loading import FILE_NAME, Loaded, load_settings

__all__ = [
    "FILE_NAME",
    "EvidenceSettings",
    "LinkSettings",
    "Loaded",
    "PairSettings",
    "RingSettings",
    "ScoreSettings",
    "Settings",
    "SharingSettings",
    "knobs",
    "load_settings",
]
