"""``python -m linkage``."""

from __future__ import annotations

from linkage.cli.app import main

if __name__ == "__main__":
    main()
