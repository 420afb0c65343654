"""A page that is served to a test client, and a browser that behaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest

pytest.importorskip("starlette", reason="the optional part web is not installed")
pytest.importorskip("httpx2")

from starlette.testclient import TestClient

from linkage.settings import Settings
from linkage.web.desk import Desk
from linkage.web.server import make_app

PORT = 8765
HOME = f"http://127.0.0.1:{PORT}"
TOKEN = "a-token"  # noqa: S105 - of the test
SAME = {"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}


@dataclass
class Page:
    """What a test has in hand: the desk, the guarded app, and a client without a cookie."""

    desk: Desk
    app: object
    client: TestClient

    def opens(self):
        """Open the page with the token, as a browser does."""
        answer = self.client.get("/", params={"token": TOKEN}, follow_redirects=False)
        assert answer.status_code == 303
        return answer

    def posts(self, body, **headers):
        """Judge as the page does; a header that is None is left out."""
        given = {
            **SAME,
            "origin": HOME,
            "x-csrf": self.app.csrf,
            "content-type": "application/json",
            **headers,
        }
        kept = {name.replace("_", "-"): value for name, value in given.items() if value is not None}
        return self.client.post("/api/judge", json=body, headers=kept)


@pytest.fixture
def page(case):
    """The page over a copy of the small case."""
    desk = Desk(case, Settings(), "kim", lambda: datetime(2026, 10, 5, 12))  # noqa: DTZ001 - UTC
    app = make_app(desk, port=PORT, token=TOKEN)
    return Page(desk, app, TestClient(app, base_url=HOME))


@pytest.fixture
def opened(page):
    """The same, opened."""
    page.opens()
    return page
