"""The files of the page: all of it, and nothing from anywhere else."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

SCRIPTS = ("dom.js", "ink.js", "graph.js", "panels.js", "tables.js", "page.js")
"""In the order in which they can be put one after the other."""
STYLE = "page.css"
MEDIA = {"js": "text/javascript", "css": "text/css"}
_IMPORT = re.compile(r"^import .*?;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)
_MARKUP = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def static(name: str) -> str | None:
    """Read a script or the style; None for any other name."""
    return _read(name) if name in {*SCRIPTS, STYLE} else None


def page() -> str:
    """Write the page of the server, which loads its files by name."""
    return _filled(
        {
            "policy": "",
            "style": f'<link rel="stylesheet" href="/static/{STYLE}">',
            "data": "",
            "script": '<script type="module" src="/static/page.js"></script>',
        }
    )


def whole_page(told: Mapping[str, Any]) -> str:
    """Write one file that holds everything: script, style and what is told of a ring.

    Its policy lets only this script and this style work, by their digests, and no request leave.

    >>> text = whole_page({"ring": "</script><script>alert(1)</script>"})
    >>> text.count("<script"), "alert" in text, "<script>alert" in text
    (2, True, False)
    """
    # One after the other they are one script: what they import from each other is there already.
    script = "\n".join(_EXPORT.sub("", _IMPORT.sub("", _read(name))) for name in SCRIPTS)
    style = _read(STYLE)
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    return _filled(
        {
            "policy": f'<meta http-equiv="content-security-policy" content="{policy}">',
            "style": f"<style>{style}</style>",
            "data": f'<script type="application/json" id="data">{inert_json(told)}</script>',
            "script": f'<script type="module">{script}</script>',
        }
    )


def inert_json(told: Mapping[str, Any]) -> str:
    r"""Write JSON in which no letter can end or begin an element.

    >>> inert_json({"seen": "</script>"})
    '{"seen":"\\u003c/script\\u003e"}'
    """
    plain = json.dumps(told, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029]", lambda found: _MARKUP[found[0]], plain)


def _filled(parts: Mapping[str, str]) -> str:
    """Put parts into the page, each once; what a part holds is not looked at again."""
    return re.sub(r"<!--(\w+)-->", lambda found: parts[found[1]], _read("page.html"))


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _read(name: str) -> str:
    return (resources.files("linkage.web") / "static" / name).read_text(encoding="utf-8")
