"""The reference pages, made from the code."""

from __future__ import annotations

from pages.reference_api import api_page
from pages.reference_commands import commands_page
from pages.reference_inputs import inputs_page
from pages.reference_kinds import kinds_page
from pages.reference_outputs import formats_page, outputs_page
from pages.reference_settings import settings_page

REFERENCE = "docs/reference"
NOTE = "<!-- Made by tests/docs/generate.py from the code; change the code, not this page. -->\n\n"

_PAGES = {
    "commands.md": commands_page,
    "settings.md": settings_page,
    "input-tables.md": inputs_page,
    "output-fields.md": outputs_page,
    "kinds.md": kinds_page,
    "formats.md": formats_page,
    "api.md": api_page,
}


def reference_pages() -> dict[str, str]:
    """Make every reference page: file name to text."""
    return {name: NOTE + make().rstrip() + "\n" for name, make in _PAGES.items()}
