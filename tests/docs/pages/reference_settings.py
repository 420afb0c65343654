"""The page of the settings."""

from __future__ import annotations

from linkage.settings import EvidenceSettings, Settings, knobs
from pages.markdown import code, table

_OPENING = """# Settings

`linkage.toml` holds what belongs to the data; flags hold what changes between runs.
A default gives way to the file, the file to the environment, the environment to a flag.
`linkage settings` shows each value and where it came from.
A key that is not on this page is an error.

The file is the one named with `--settings`; otherwise the `linkage.toml` in the folder of the data, or in this folder."""

_KINDS = """One section a kind, such as `[evidence.ip]`.
A value left out is the kind's own default: see [kinds](kinds.md)."""

_COLUMNS = """One section a table, such as `[columns.events]`, of lines `our_name = "their name"`.
The tables and our names are those of [input tables](input-tables.md)."""


def settings_page() -> str:
    """Write every setting with its default, its variable and its sentence."""
    rows = [
        (code(name), code(_shown(value)), code(variable(name)), about)
        for name, value, about in knobs(Settings())
        if name not in {"columns", "evidence"}
    ]
    kinds = [
        (code(f"evidence.KIND.{name}"), code(_shown(field.default)), field.description)
        for name, field in EvidenceSettings.model_fields.items()
    ]
    return "\n\n".join(
        [
            _OPENING,
            table(["setting", "default", "environment variable", "what it does"], rows),
            "## Kinds of evidence",
            _KINDS,
            table(["setting", "default", "what it does"], kinds),
            "## Column names",
            _COLUMNS,
        ]
    )


def variable(name: str) -> str:
    """Name the environment variable of a setting.

    >>> variable("rings.smallest_ring")
    'LINKAGE_RINGS_SMALLEST_RING'
    """
    return f"LINKAGE_{name.replace('.', '_').upper()}"


def _shown(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value
