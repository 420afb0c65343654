"""Whatever strangers wrote, in whatever field, is words on the page and in the report, and nothing more."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest
from browsing import looking, opens, serving

from linkage.cli.app import run
from linkage.web.files import SCRIPTS, static

MARKS = (
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "</script><script>window.pwned=1</script>",
    "</title></style><svg/onload=window.pwned=1>",
    "javascript:window.pwned=1",
    "{{constructor.constructor('window.pwned=1')()}}${window.pwned=1}<%=1%>",
    "https://evil.example/pixel.png",
    "\u202egnp.exe\u202c\u2066\u200b\ufeff",
    "\x1b]8;;http://evil.example\x1b\\\x1b[2J",
    '"><a href="//evil.example" onclick=window.pwned=1>x</a>',
    "[x](javascript:window.pwned=1) ![](//evil.example/x)",
    "=cmd|' /C calc'!A0",
    "'; drop table judgements; --",
)
EVERYTHING = " ".join(MARKS)
IDS = tuple(f"{number} {mark}" for number, mark in enumerate(MARKS))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, make_world):
    """A ring whose accounts, organisation, client, prompts, judgement and judge are attacks, some a megabyte long."""
    folder = tmp_path_factory.mktemp("hostile")
    make_world(folder / "logs", IDS, org=EVERYTHING, user_agent=EVERYTHING, topic=EVERYTHING)
    case = folder / "linkage.duckdb"
    more = folder / "more.jsonl"
    row = {"account_id": IDS[0], "timestamp": "2026-09-10T00:00:00Z", "prompt": EVERYTHING + "A" * 1_000_000}
    more.write_text(json.dumps(row) + "\n")
    assert run(["ingest", str(folder / "logs"), str(more), "--case", str(case)]) == 0
    assert run(["rings", "--case", str(case)]) == 0
    for subject in (IDS[1], IDS[2]):
        assert (
            run(
                [
                    "judge",
                    "--reason",
                    EVERYTHING + "B" * 100_000,
                    "--by",
                    EVERYTHING,
                    "--case",
                    str(case),
                    "--",
                    subject,
                    "watch",
                ]
            )
            == 0
        )
    return case


def check(page):
    """Nothing ran, nothing was made of text, and nothing turns or hides letters."""
    assert page.evaluate("() => window.pwned") is None
    assert (
        page.locator("main img, main iframe, main a, main svg, main script, main form, main style").count()
        == 0
    )
    text = page.inner_text("body")
    assert "window.pwned=1" in text
    assert "⟨U+202e⟩" in text
    assert not set("\u202e\u2066\u200b\ufeff\x1b") & set(
        page.evaluate(
            "() => document.body.textContent.replace(document.getElementById('data')?.textContent ?? '', '')"
        )
    )
    assert (
        page.evaluate(
            "() => Math.max(...[...document.querySelectorAll('main p, main td, main bdi, main code')].map((one) => one.textContent.length))"
        )
        < 20_000
    )
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")


def look_around(page):
    for details in page.locator("details summary").all():
        details.click()
    for button in page.locator("button.plain").all()[:12]:
        button.click()
    box = page.locator("#graph").bounding_box()
    for part in (0.1, 0.2, 0.5, 0.8, 0.9):
        page.mouse.move(box["x"] + part * box["width"], box["y"] + 40)


def test_on_the_page_it_is_words(browser, hostile):
    with serving(hostile, by=EVERYTHING.replace("\x00", "")) as url, looking(browser) as page:
        opens(page, url)
        look_around(page)
        check(page)
        page.keyboard.press("c")
        page.fill("#reason", EVERYTHING)
        page.click("#judge button[type=submit]")
        page.wait_for_selector('body[data-judged="1"]')
        check(page)


def test_in_an_address_it_opens_no_ring_and_runs_nothing(browser, hostile):
    with serving(hostile) as url, looking(browser) as page:
        opens(page, url)
        home = page.url.partition("/?")[0]
        for mark in MARKS:
            page.goto(f"{home}/?sel={mark}&view={mark}")
            page.wait_for_selector("body[data-ready]")
        assert page.evaluate("() => window.pwned") is None


def test_in_the_report_it_is_words(browser, hostile, tmp_path):
    to = tmp_path / "ring.html"
    assert run(["report", "1", "--to", str(to), "--case", str(hostile)]) == 0
    with looking(browser, offline=True) as page:
        opens(page, to.as_uri())
        look_around(page)
        check(page)


def test_the_script_is_what_the_engine_takes_for_a_script(tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node to check syntax with")
    for name in SCRIPTS:
        path = tmp_path / name.replace(".js", ".mjs")
        path.write_text(static(name), "utf-8")
        assert subprocess.run([node, "--check", path], check=False).returncode == 0
