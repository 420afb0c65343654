"""Make text that strangers wrote harmless to show: in a terminal, a log, or a spreadsheet."""

from __future__ import annotations

import re
import unicodedata

# Controls, formats (bidirectional, zero-width, tags), surrogates, private, unassigned, line and paragraph ends.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Letters and symbols that draw nothing: Hangul fillers, the blank Braille cell, the combining grapheme joiner.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f")
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_FORMULA = frozenset("=+-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b\u2212")


def inert(text: str, limit: int = 60) -> str:
    r"""Show every control, invisible or direction-changing character as a visible escape, and cut at ``limit``.

    >>> inert("gpt\x1b[2J")
    'gpt\\x1b[2J'
    >>> inert("invoice\u202egpj.exe")
    'invoice\\u202egpj.exe'
    >>> inert("x" * 100, limit=5)
    'xxxx…'
    """
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    shown: list[str] = []
    length = 0
    # One character more than fits is enough to know that the text must be cut.
    for piece in map(_visible, text[: limit + 1]):
        shown.append(piece)
        length += len(piece)
    if length <= limit:
        return "".join(shown)
    while shown and length > limit - 1:
        length -= len(shown.pop())
    return "".join(shown) + "…"


def safe_cell(text: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula; numbers stay numbers.

    >>> [safe_cell(cell) for cell in ("=cmd|' /C calc'!A0", "-3.5", "  @sum(a1)", "acct_1")]
    ["'=cmd|' /C calc'!A0", '-3.5', "'  @sum(a1)", 'acct_1']
    """
    if _NUMBER.fullmatch(text):
        return text
    # Programs skip what draws nothing before they look for a formula, so we do too.
    start = next((letter for letter in text if not letter.isspace() and letter == _visible(letter)), "")
    return f"'{text}" if start in _FORMULA or text[:1] in {"\t", "\r", "\n"} else text


def _visible(letter: str) -> str:
    if unicodedata.category(letter) not in _HIDDEN and letter not in _BLANK:
        return letter
    if letter in _SHORT:
        return _SHORT[letter]
    code = ord(letter)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
