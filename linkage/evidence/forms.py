"""How a group of prompts is written so that another period or platform recognises it, without its text."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

_SIGNATURE, _SHINGLES = "minhash-1:", "shingles-1:"
"""What a form begins with, after its word; the number is that of our hashes, which may never change under it."""


def signature_form(word: str, signature: npt.NDArray[np.uint32]) -> str:
    """Write the MinHash of a text.

    >>> signature_form("prompt", np.array([1, 2], np.uint32))
    'prompt minhash-1:AQAAAAIAAAA='
    """
    return f"{word} {_SIGNATURE}{_text(signature.astype('<u4').tobytes())}"


def shingles_form(word: str, shingles: npt.NDArray[np.uint64]) -> str:
    """Write the sampled shingle hashes of a template."""
    return f"{word} {_SHINGLES}{_text(np.sort(shingles).astype('<u8').tobytes())}"


def read_signature(word: str, form: str, *, columns: int = 64) -> npt.NDArray[np.uint32] | None:
    """Read a signature back; None for what is no signature of this word.

    >>> read_signature("prompt", "prompt minhash-1:AQAAAAIAAAA=", columns=2).tolist()
    [1, 2]
    >>> read_signature("system prompt", "prompt minhash-1:AQAAAAIAAAA=", columns=2) is None
    True
    """
    content = _content(f"{word} {_SIGNATURE}", form)
    return np.frombuffer(content, "<u4").astype(np.uint32) if len(content) == 4 * columns else None


def read_shingles(word: str, form: str) -> npt.NDArray[np.uint64] | None:
    """Read shingle hashes back; None for what are none of this word.

    >>> shingles = np.array([7, 5], np.uint64)
    >>> read_shingles("template", shingles_form("template", shingles)).tolist()
    [5, 7]
    """
    content = _content(f"{word} {_SHINGLES}", form)
    return np.frombuffer(content, "<u8").astype(np.uint64) if content and len(content) % 8 == 0 else None


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _content(beginning: str, form: str) -> bytes:
    if not form.startswith(beginning):
        return b""
    try:
        return base64.b64decode(form.removeprefix(beginning), validate=True)
    except (binascii.Error, ValueError):
        return b""
