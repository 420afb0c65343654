"""The picture for a case file is plain XML of shapes and words, whatever strangers wrote."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from linkage import pipeline, runs
from linkage.pictures.svg import svg
from linkage.settings import Settings

HOSTILE = "</text><script>alert(1)</script>\x1b[2J\u202e&\"'\x00\ud800"
SHAPES = {"svg", "title", "rect", "circle", "path", "text"}


@pytest.fixture(scope="module")
def picture(tmp_path_factory, make_world):
    folder = tmp_path_factory.mktemp("drawn")
    make_world(folder)
    with pipeline.read([str(folder)], Settings()) as reading:
        logs = pipeline.logs_of(reading)
        finding = pipeline.find(logs, Settings())
        return runs.draw_from(logs, finding, Settings(), [finding.rings[0].ring])[finding.rings[0].ring]


def test_it_is_shapes_and_words_that_stay_inside(picture):
    root = ET.fromstring(svg(picture))  # noqa: S314 - our own

    wide = float(root.get("width"))
    assert {each.tag.rpartition("}")[2] for each in root.iter()} <= SHAPES
    assert all(0 <= float(each.get("x", 0)) <= wide for each in root.iter())
    words = "".join(root.itertext())
    assert picture["ring"]["ring"] in words
    assert "1 card pays for 8 accounts" in words


def test_what_is_not_drawn_is_said(picture):
    many = [{"label": f"a{n}", "key": "", "hours": [1] * 24, "days": []} for n in range(50)]
    lanes = picture["shares"]["lanes"] | {"hidden": {"payment": 310}}
    words = svg(
        picture
        | {
            "shares": picture["shares"] | {"lanes": lanes},
            "rhythm": picture["rhythm"] | {"rows": many, "of": "accounts"},
        }
    )

    assert "310 of the kind payment" in words
    assert "13 of 50 accounts" in words


def test_what_strangers_wrote_is_words(picture):
    node = ["account", "account:0", HOSTILE, 1, 0.1, 0.1, 1]
    lanes = {"nodes": [node], "links": [], "hidden": {}}
    hostile = picture | {
        "sentence": HOSTILE,
        "against": [HOSTILE],
        "shares": picture["shares"] | {"lanes": lanes},
        "rhythm": picture["rhythm"]
        | {"rows": [{"label": HOSTILE, "key": "", "hours": [1] * 24, "days": []}]},
    }

    root = ET.fromstring(svg(hostile).encode("utf-8"))  # noqa: S314 - that it parses is the point

    assert {each.tag.rpartition("}")[2] for each in root.iter()} <= SHAPES
    assert "\u202e" not in "".join(root.itertext())
