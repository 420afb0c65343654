"""The code blocks of a Markdown page."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One block.

    Args:
        language: the word after the fence.
        code: what stands inside.
        start: where the code starts in the page.
        end: where it ends.
    """

    language: str
    code: str
    start: int
    end: int


def blocks_of(text: str, start: int = 0) -> list[Block]:
    r"""Find the code blocks of a page, in order.

    >>> [(block.language, block.code) for block in blocks_of("one\n```sh\nls\n```\n")]
    [('sh', 'ls\n')]
    """
    return [
        Block(match["language"], match["code"], match.start("code"), match.end("code"))
        for match in _FENCE.finditer(text, start)
    ]


def output_after(text: str, block: Block) -> Block | None:
    r"""Find the ``text`` block that stands directly below a block and shows what it prints.

    >>> page = "```sh\necho hello\n```\n\n```text\nhello\n```\n"
    >>> output_after(page, blocks_of(page)[0]).code
    'hello\n'
    """
    following = next(iter(blocks_of(text, block.end + len("```"))), None)
    if following is None or following.language != "text":
        return None
    between = text[block.end + len("```") : following.start - len("```text\n")]
    return None if between.strip() else following
