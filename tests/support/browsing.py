"""The real command, and a page of a real browser of which every fault is kept."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIZE = {"width": 1440, "height": 900}


@contextmanager
def serving(case, by="kim"):
    """Serve a case as a person does, and give the address that opens it."""
    command = [sys.executable, "-m", "linkage", "serve", "--port", "0", "--by", by, "--case", str(case)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
        cwd=case.parent,
    ) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@contextmanager
def looking(browser, **given):
    """A page of which every fault is kept; at the end there must be none."""
    context = browser.new_context(**({"viewport": SIZE} | given))
    context.set_default_timeout(20_000)
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on(
        "console",
        lambda said: faults.append(f"console: {said.text}") if said.type in {"error", "warning"} else None,
    )
    page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("popup", lambda popup: faults.append(f"popup: {popup.url}"))
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.asked = asked
    yield page
    context.close()
    foreign = [url for url in asked if not url.startswith(("http://127.0.0.1:", "file://", "data:"))]
    assert not faults, faults
    assert not foreign, foreign


def opens(page, url):
    """Open an address and wait until a ring is drawn."""
    page.goto(url)
    page.wait_for_selector("body[data-ready]")
    return page
