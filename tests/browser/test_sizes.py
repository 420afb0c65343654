"""Rings of sixty to twenty thousand accounts are drawn at once, and every panel has ink."""

from __future__ import annotations

import time

import pytest
from browsing import looking, opens, serving
from large import case_of_large

CELLS = {60: 30, 420: 42, 5_000: 140, 20_000: 140}
FIRST_PAINT = 1.0
"""Seconds until a ring stands there; a shared machine gets four times as long."""
SELECTION = 0.3
CANVASES = ("graph", "matrix", "rhythm", "signups")


@pytest.fixture(scope="module", params=CELLS, ids=lambda size: f"{size:,}")
def large(request, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp(f"ring{request.param}")
        return request.param, case_of_large(folder, request.param, patch, cell=CELLS[request.param])


def ink(page, name):
    """Count the colours on a canvas."""
    return page.evaluate(
        """(name) => {
            const canvas = document.getElementById(name);
            const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
            copy.drawImage(canvas, 0, 0);
            const dots = copy.getImageData(0, 0, canvas.width, canvas.height).data;
            const seen = new Set();
            for (let place = 0; place < dots.length; place += 4) {
                if (dots[place + 3]) seen.add(`${dots[place]},${dots[place + 1]},${dots[place + 2]}`);
            }
            return seen.size;
        }""",
        name,
    )


def test_a_ring_stands_there_at_once_and_all_panels_have_ink(browser, large, record_property):
    size, case = large
    with serving(case) as url, looking(browser) as page:
        opens(page, url)  # the browser is warm, as it is on a desk
        page.goto(page.url)
        page.wait_for_selector("body[data-ready]")
        first = page.evaluate("() => Number(document.body.dataset.first)") / 1000
        began = time.monotonic()
        page.evaluate(
            "() => { delete document.body.dataset.ready; document.querySelector('.item').click(); }"
        )
        page.wait_for_selector("body[data-ready]")
        selected = time.monotonic() - began
        drawn = page.evaluate("() => Number(document.body.dataset.took)") / 1000
        print(  # noqa: T201 - measured, for whoever runs it
            f"{size:,} accounts: first paint {first:.2f} s, selection {selected:.2f} s, of it drawing {drawn:.2f} s"
        )
        record_property("first paint", first)

        assert first < 4 * FIRST_PAINT
        assert selected < 4 * SELECTION
        assert all(ink(page, name) > 2 for name in CANVASES)
        for view in ("lanes", "network"):
            page.click(f'[data-view="{view}"]')
            assert ink(page, "graph") > 3


def test_the_report_of_a_ring_is_small_and_opens_without_a_server(browser, large, linkage, tmp_path):
    size, case = large
    to = tmp_path / "ring.html"
    assert linkage("report", 1, "--to", to, "--case", case).code == 0
    assert to.stat().st_size < 2_000_000

    with looking(browser, offline=True) as page:
        opens(page, to.as_uri())
        print(f"{size:,} accounts: report of {to.stat().st_size:,} bytes")  # noqa: T201 - as above
        assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []
        assert all(ink(page, name) > 2 for name in CANVASES)
        assert f"of {size:,} members" in page.inner_text("#member-count") or size < 101
        assert page.locator("nav").count() == 0


def test_a_picture_is_the_same_each_time(browser, large):
    _, case = large
    with serving(case) as url, looking(browser) as page:
        opens(page, url)
        shot = "() => document.getElementById('graph').toDataURL()"
        first = page.evaluate(shot)
        page.reload()
        page.wait_for_selector("body[data-ready]")

        assert page.evaluate(shot) == first
