"""Write the reference pages anew, and every output that the other pages show.

    python tests/docs/generate.py             the reference, and what the shown commands print
    python tests/docs/generate.py --reference the reference alone
    python tests/docs/generate.py --check     change nothing; name the reference pages that are not current

The shown commands are run on the data in ``examples``.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> int:
    """Write or check; 1 when a page is not current."""
    from pages.reference import REFERENCE, reference_pages

    folder = ROOT / REFERENCE
    made = reference_pages()
    stale = {path.name for path in folder.glob("*.md")} ^ made.keys()
    stale |= {name for name in made.keys() - stale if (folder / name).read_text("utf-8") != made[name]}
    if "--check" in arguments:
        for name in sorted(stale):
            print(f"{REFERENCE}/{name} is not current: run python tests/docs/generate.py")
        return 1 if stale else 0
    folder.mkdir(parents=True, exist_ok=True)
    for name in sorted(stale - made.keys()):
        (folder / name).unlink()
    for name, text in made.items():
        (folder / name).write_text(text, "utf-8")
    return 0 if "--reference" in arguments else _refresh_outputs()


def _refresh_outputs() -> int:
    """Run every page; one that fails is left as it was, and said so."""
    from pages.notebook import notebooks, with_fresh_cells
    from pages.running import pages_with_code, with_fresh_outputs

    failed = 0
    for page in (*pages_with_code(), *notebooks()):
        fresh = with_fresh_cells if page.suffix == ".ipynb" else with_fresh_outputs
        try:
            page.write_text(fresh(page), "utf-8")
        except AssertionError as error:
            failed = 1
            print(f"{page.relative_to(ROOT)}: {error}")
    return failed


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
