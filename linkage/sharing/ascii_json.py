"""JSON in plain ASCII: small, the same each time, and harmless on a terminal."""

from __future__ import annotations

import re

import orjson

# Whatever draws nothing, turns the direction of text or drives a terminal is beyond these.
_BEYOND = re.compile(r"[^\x20-\x7e\n]")


def write_json(value: object, *, spread: bool = False) -> bytes:
    r"""Write a value with its keys in order, and every letter beyond ASCII as an escape.

    Args:
        value: anything that JSON has.
        spread: over lines, for people.

    Returns:
        The JSON, without a line end.

    >>> write_json({"b": "\u202egpj", "a": 1})
    b'{"a":1,"b":"\\u202egpj"}'
    """
    content = orjson.dumps(value, option=orjson.OPT_SORT_KEYS | (orjson.OPT_INDENT_2 if spread else 0))
    if content.isascii() and b"\x7f" not in content:
        return content
    return _BEYOND.sub(_escape, content.decode()).encode()


def _escape(match: re.Match[str]) -> str:
    code = match[0].encode("utf-16-be").hex()
    return "".join(f"\\u{code[start : start + 4]}" for start in range(0, len(code), 4))
