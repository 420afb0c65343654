"""Labs at their command lines, one beside the other."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Desk:
    """A lab at its command line."""

    folder: Path
    command: object

    def __call__(self, *arguments):
        name, *rest = arguments  # the name may be of two words
        return self.command(
            *name.split(),
            "--case",
            self.folder / "linkage.duckdb",
            "--settings",
            self.folder / "linkage.toml",
            *rest,
        )

    def settings(self, name, **partners):
        """Write the settings."""
        listed = "".join(
            f"{partner.replace('_', '-')} = {json.dumps(keys)}\n" for partner, keys in partners.items()
        )
        (self.folder / "linkage.toml").write_text(
            f'[sharing]\nname = "{name}"\ndocumentation_addresses = true\n[sharing.partners]\n{listed}'
        )

    def key(self):
        """Ask for the public key."""
        return self("keys show").out.strip()
