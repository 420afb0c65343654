"""What the page can ask: the queue, one ring, a search; and the one thing it can say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import duckdb
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from linkage.errors import LinkageError
from linkage.tables import mendable
from linkage.web.files import MEDIA, page, static
from linkage.web.guard import Guard
from linkage.web.verdicts import WORDS

if TYPE_CHECKING:
    from starlette.requests import Request

    from linkage.web.desk import Desk

LONGEST_REASON = 4_000
LONGEST_SEARCH = 200


def make_app(desk: Desk, *, port: int, token: str) -> Guard:
    """Put the page together, behind its guard.

    Args:
        desk: the case as the page sees it.
        port: where it will be served.
        token: opens the page, once.
    """
    answers = _Answers(desk)
    app = Starlette(
        routes=[
            Route("/", _home),
            Route("/static/{name}", _file),
            Route("/api/queue", answers.queue),
            Route("/api/ring", answers.ring),
            Route("/api/find", answers.find),
            Route("/api/judge", answers.judge, methods=["POST"]),
        ],
        exception_handlers={
            LinkageError: _mendable,
            duckdb.Error: _of_tables,
            404: _missing,
            Exception: _ours,
        },
    )
    guard = Guard(app, port=port, token=token)
    answers.csrf = guard.csrf
    return guard


class _Answers:
    """What is asked of the desk, each question in a thread of its own: it may have to open the case."""

    csrf = ""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def queue(self, _: Request) -> Response:
        return _json(await self._queue())

    async def ring(self, request: Request) -> Response:
        return _json(await run_in_threadpool(self.desk.ring, request.query_params.get("ring", "")))

    async def find(self, request: Request) -> Response:
        words = request.query_params.get("q", "")[:LONGEST_SEARCH]
        return _json({"rings": await run_in_threadpool(self.desk.find, words)})

    async def judge(self, request: Request) -> Response:
        asked = _asked(await request.body())
        if isinstance(asked, str):
            return _json({"error": asked}, 400)
        await run_in_threadpool(self.desk.judge, *asked)
        return _json({"queue": await self._queue()})

    async def _queue(self) -> dict[str, Any]:
        return await run_in_threadpool(self.desk.queue) | {"csrf": self.csrf}


async def _home(_: Request) -> Response:
    return Response(page(), media_type="text/html")


async def _file(request: Request) -> Response:
    name = request.path_params["name"]
    content = static(name)
    if content is None:
        return Response("there is no such file\n", 404, media_type="text/plain")
    return Response(content, media_type=MEDIA[name.rpartition(".")[2]])


async def _mendable(_: Request, error: Exception) -> Response:
    return _json({"error": str(error)}, 409)


async def _of_tables(request: Request, error: Exception) -> Response:
    """Say that the disk is full, or memory too small; anything else of the tables is a bug of ours."""
    known = mendable(error)
    if known is None:
        raise error
    return await _mendable(request, known)


async def _ours(_: Request, error: Exception) -> Response:
    return _json({"error": f"this is a bug of ours, {type(error).__name__}"}, 500)


async def _missing(_: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's shape
    return Response("there is no such page\n", 404, media_type="text/plain")


def _json(content: object, status: int = 200) -> Response:
    return JSONResponse(content, status)


def _asked(body: bytes) -> tuple[list[str], str, str, str | None] | str:
    """Read what is to be judged; a sentence where it cannot be."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return "that is no JSON"
    match told:
        case {"subjects": [*subjects], "judgement": str(word), "reason": str(reason)} if all(
            isinstance(each, str) for each in subjects
        ):
            pass
        case _:
            return "subjects, judgement and reason are needed"
    if word not in WORDS:
        return f"a judgement is one of {', '.join(WORDS)}"
    if not reason.strip() or len(reason) > LONGEST_REASON:
        return f"say why, in up to {LONGEST_REASON:,} characters"
    run = told.get("run")
    if run is not None and not isinstance(run, str):
        return "run is which run was shown"
    return subjects, word, reason.strip(), run
