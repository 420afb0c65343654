"""A real browser in front of the real command; a fault of the page, or a request to anywhere else, fails the test."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from browsing import looking, opens, serving

api = pytest.importorskip("playwright.sync_api", reason="no playwright to drive a browser")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    # No name leads anywhere but to this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no chromium: set CHROMIUM to one"))


@pytest.fixture(scope="session")
def browser():
    """One browser for all tests."""
    with api.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def served(browser, case):
    """The small case, served and opened."""
    with serving(case) as url, looking(browser) as page:
        yield opens(page, url)
