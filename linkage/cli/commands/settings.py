"""``linkage settings``."""

from __future__ import annotations

from linkage.cli.options import FormatOption, SettingsPath
from linkage.cli.output import Format


def settings(settings: SettingsPath = None, format: FormatOption = Format.table) -> None:
    """Show every setting, its value, and where the value came from.

    Example: linkage settings
    """
    from linkage.cli.output import show
    from linkage.cli.session import settings_for
    from linkage.settings import knobs

    loaded = settings_for(settings)
    rows = [
        {"setting": name, "value": value, "from": loaded.origins.get(name, "default"), "about": about}
        for name, value, about in knobs(loaded.settings)
    ]
    show([{**row, "value": _plain(row["value"])} for row in rows], format=format)


def _plain(value: object) -> object:
    if not isinstance(value, dict):
        return value
    return {key: inner.model_dump(exclude_none=True) if hasattr(inner, "model_dump") else inner for key, inner in value.items()}
