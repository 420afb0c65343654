"""A report is one file that needs nothing else, that only its owner may read, and that no text of others breaks."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import stat
from pathlib import Path

import pytest
from elements import Elements

import linkage.web
from linkage.web.files import SCRIPTS, STYLE, inert_json, page, static, whole_page

STATIC = Path(linkage.web.__file__).parent / "static"


def test_it_holds_the_ring_and_asks_for_nothing(linkage, case, tmp_path):
    to = tmp_path / "ring.html"

    done = linkage("report", 1, "--to", to, "--case", case)

    assert done.code == 0
    text = to.read_text("utf-8")
    assert not {"link", "img", "iframe", "form"} & set(Elements(text).tags) - {"link"}
    assert {value for name, value in Elements(text).attributes if name in {"src", "href"}} == {"data:,"}
    told = json.loads(re.search(r'id="data">(.*?)</script>', text, re.DOTALL)[1])
    assert len(told["picture"]["members"]["account"]) == 8
    assert stat.S_IMODE(to.stat().st_mode) == 0o600


def test_its_policy_names_its_own_script_and_style_by_digest(linkage, case, tmp_path):
    to = tmp_path / "ring.html"
    linkage("report", 1, "--to", to, "--case", case)
    text = to.read_text("utf-8")

    policy = re.search(r'http-equiv="content-security-policy" content="([^"]+)"', text)[1]
    for element in (r'<script type="module">(.*?)</script>', r"<style>(.*?)</style>"):
        content = re.search(element, text, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "connect-src" not in policy
    assert "unsafe" not in policy


def test_it_says_what_was_judged_and_how_to_judge(linkage, case, tmp_path):
    ring = json.loads(linkage("rings", "--case", case, "--format", "json").out)[0]["ring"]
    linkage("judge", ring, "confirm", "--reason", "seen it", "--by", "kim", "--case", case)

    linkage("report", ring, "--to", tmp_path / "r.html", "--case", case)

    text = (tmp_path / "r.html").read_text("utf-8")
    assert "seen it" in text
    assert f"linkage judge {ring} confirm" in text


def test_logs_without_a_case_have_a_report_and_a_picture(linkage, world, tmp_path):
    for name in ("r.html", "r.svg"):
        assert linkage("report", 1, "--source", world.folder, "--to", tmp_path / name).code == 0
        assert (tmp_path / name).stat().st_size > 2_000


@pytest.mark.parametrize("name", ["r.png", "r", "r.html.exe"])
def test_a_file_of_another_kind_is_refused_before_any_work(linkage, tmp_path, name):
    done = linkage("report", 1, "--to", tmp_path / name, "--case", tmp_path / "none.duckdb")

    assert done.code == 3
    assert ".html, .svg, .graphml, .gexf or .neo4j" in done.err


def test_a_report_that_others_could_read_is_made_private(linkage, case, tmp_path):
    to = tmp_path / "r.html"
    to.write_text("old")
    to.chmod(0o644)

    linkage("report", 1, "--to", to, "--case", case)

    assert stat.S_IMODE(to.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "text", ["</script><script>alert(1)</script>", "<!--<script>", "\u2028", "&lt;", "<!--data-->", "\\g<0>"]
)
def test_no_text_ends_or_begins_an_element(text):
    written = whole_page({"seen": text})

    assert sorted(Elements(written).tags) == sorted(Elements(whole_page({})).tags)
    assert not set("<>&\u2028\u2029") & set(inert_json({"seen": text}))
    assert json.loads(inert_json({"seen": text})) == {"seen": text}


@pytest.mark.parametrize("name", [*SCRIPTS, STYLE, "page.html"])
def test_our_files_name_no_address_and_no_way_to_run_text(name):
    content = (STATIC / name).read_text("utf-8")

    assert not re.search(r"https?://|//[a-z]+\.[a-z]", content.replace("// ", ""))
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\(|new Function|srcdoc|createContextualFragment|DOMParser|javascript:",
        content,
    )


def test_scripts_can_be_put_one_after_the_other():
    names = [
        name
        for each in SCRIPTS
        for name in re.findall(
            r"^(?:export )?(?:async )?(?:function|const|let) (\w+)", static(each), re.MULTILINE
        )
    ]

    assert len(names) == len(set(names))
    for place, each in enumerate(SCRIPTS):
        wanted = re.findall(r'^import .* from "\./(.*?)";$', static(each), re.MULTILINE)
        assert set(wanted) <= set(SCRIPTS[:place]), f"{each} comes before what it needs"
        assert static(each).count("import ") == len(wanted)


def test_all_files_that_are_shipped_are_known():
    assert {path.name for path in STATIC.iterdir()} == {*SCRIPTS, STYLE, "page.html"}


def test_the_page_of_the_server_holds_no_script_and_no_style_itself():
    text = page()

    assert re.findall(r"<script[^>]*>", text) == ['<script type="module" src="/static/page.js">']
    assert "<style" not in text
    assert " style=" not in text
    assert not re.search(r"\son\w+=", text)
