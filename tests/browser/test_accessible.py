"""The page and the report have no serious fault for people who see, hear or move otherwise (axe-core)."""

from __future__ import annotations

import pytest
from browsing import looking, opens, serving

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe-core")


def faults(page):
    found = axe.Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        (each["id"], each["impact"], node["target"], node["failureSummary"])
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_and_its_dialogs(browser, case, scheme):
    with serving(case) as url, looking(browser, color_scheme=scheme, bypass_csp=True) as page:
        opens(page, url)
        assert faults(page) == []
        page.keyboard.press("c")
        assert faults(page) == []
        page.fill("#reason", "seen it")
        page.click("#judge button[type=submit]")
        page.wait_for_selector('body[data-judged="1"]')
        page.keyboard.press("?")
        assert faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report(browser, case, linkage, tmp_path, scheme):
    to = tmp_path / "ring.html"
    linkage("report", 1, "--to", to, "--case", case)
    with looking(browser, color_scheme=scheme, bypass_csp=True) as page:
        opens(page, to.as_uri())
        assert faults(page) == []


def test_a_narrow_window_needs_no_sideways_scrolling(browser, case):
    with serving(case) as url, looking(browser, viewport={"width": 800, "height": 900}) as page:
        opens(page, url)
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
