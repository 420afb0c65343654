"""Who we are on a server of lists; the environment says so, for a command line is seen by others."""

from __future__ import annotations

import os


def server_user() -> dict[str, str | None]:
    """Read user and password from ``LINKAGE_TAXII_USER`` and ``LINKAGE_TAXII_PASSWORD``."""
    return {name: os.environ.get(f"LINKAGE_TAXII_{name.upper()}") for name in ("user", "password")}
