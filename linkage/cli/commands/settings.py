"""``linkage settings``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linkage.cli.options import FormatOption, SettingsPath
from linkage.cli.output import Format

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.settings import Settings


def settings(format: FormatOption = Format.table, settings: SettingsPath = None) -> None:
    """Show every setting, its value, and where the value came from.

    Example:
      linkage settings
    """
    from linkage.cli.output import show
    from linkage.cli.start import settings_for

    loaded = settings_for(settings)
    rows = [
        {"setting": name, "value": value, "from": loaded.origins.get(name, "default"), "about": about}
        for name, value, about in (*_plain(loaded.settings), *_of_kinds(loaded.settings))
    ]
    show(rows, format=format)


def _plain(settings: Settings) -> Iterator[tuple[str, Any, str]]:
    from linkage.settings import knobs

    for name, value, about in knobs(settings):
        if name == "columns":
            for table, names in sorted(value.items()):
                yield from (
                    (f"columns.{table}.{ours}", theirs, about) for ours, theirs in sorted(names.items())
                )
        elif name != "evidence":
            yield name, value, about


def _of_kinds(settings: Settings) -> Iterator[tuple[str, Any, str]]:
    """List the settings of each kind, with the kind's own defaults filled in."""
    from linkage.evidence.kinds import chosen_kinds
    from linkage.settings import EvidenceSettings

    _, effective = chosen_kinds(settings.evidence)
    for kind, knobs in effective.items():
        declared = kind in settings.evidence and settings.evidence[kind].column is not None
        for name, info in EvidenceSettings.model_fields.items():
            if declared or name not in {"column", "table"}:
                yield f"evidence.{kind}.{name}", getattr(knobs, name), info.description or ""
