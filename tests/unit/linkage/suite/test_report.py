"""The report says all that was measured, in words nobody can smuggle anything into."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from elements import Elements

from linkage.errors import DataError, MissingPartError
from linkage.suite import plots
from linkage.suite.measures import Bin
from linkage.suite.report import write_report
from linkage.suite.results import (
    Conditions,
    Method,
    Reported,
    ScenarioFacts,
    SuiteResults,
    WorldTruth,
    read_results,
    write_results,
)

HOSTILE = "<script>alert(1)</script>|`x`\n## [me](http://evil.example) \x1b[2J $\\frac{1}{0}$ \u202e"
POOL = frozenset("abcd")
DRIP = frozenset("efgh")
OFFICE = frozenset("opqr")


def small_results(**names):
    """Two worlds with a pool and a slow drip and one without rings, and what four methods say of them."""
    name = {
        "ours": "linkage",
        "baseline": "components",
        "world": "w1",
        "crowd": "office-1",
        "note": "It rained.",
    } | names
    rings = dict.fromkeys(POOL, "pool-1") | dict.fromkeys(DRIP, "slow_drip-1")
    crowds = dict.fromkeys(OFFICE, name["crowd"])
    truths = (
        WorldTruth(name["world"], rings, crowds, 20, seed=1, part="ordinary"),
        WorldTruth("w2", rings, crowds, 20, seed=2, part="hard"),
        WorldTruth("calm", {}, crowds, 20, seed=3, part="calm"),
    )
    seconds = {truth.world: 2.0 for truth in truths}

    def rings_of(*chosen):
        return tuple(
            Reported(truth.world, score, q_value, accounts)
            for truth in truths
            for score, q_value, accounts in chosen
            if truth.rings or accounts == OFFICE
        )

    return SuiteResults(
        truths,
        (
            Method(name["ours"], "ours", rings_of((0.95, 0.01, POOL), (0.2, 0.4, OFFICE)), seconds),
            Method("without cards", "ablation", rings_of((0.9, None, frozenset("ab"))), seconds),
            Method("with luck", "ablation", rings_of((0.9, None, POOL), (0.8, None, DRIP)), seconds),
            Method(
                name["baseline"], "baseline",
                rings_of((0.9, None, DRIP), (0.8, None, OFFICE), (0.75, None, POOL)),
                {truth.world: 1.0 for truth in truths}, knobs="least shared: 2",
            ),
            Method("broken", "baseline", (), {}, failures={"w2": "out of memory"}),
        ),
        {
            "pool": ScenarioFacts("R2", aim=0.9),
            "slow_drip": ScenarioFacts("R13", held_out=True, hard=True, aim=0.7),
            "office": ScenarioFacts("B3"),
        },
        Conditions("linkage evaluate --suite quick", 7, "two cores", {"numpy": "2.4.6"}, (name["note"],)),
    )  # fmt: skip


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    paths = write_report(small_results(), tmp_path_factory.mktemp("report"), rounds=50)
    return tuple(path.read_text(encoding="utf-8") for path in paths)


@pytest.fixture(scope="module")
def page(pages):
    return pages[0]


def row_of(page, section, first, *, cell=0):
    """Find the row of a section's first table whose first cell is this."""
    table = page.partition(f"## {section}\n")[2].partition("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines() if "|" in line
    ]
    return next(row for row in rows if row[cell] == first)


# What it says


def test_every_method_has_a_row_with_its_figures(page):
    ours = row_of(page, "How well each method does", "`linkage`")
    theirs = row_of(page, "How well each method does", "`components`")

    # Ours flags the pool in both worlds: 8 of 16 members, one of two rings; the drip is never reported.
    assert [cell.partition(" ")[0] for cell in ours[1:]] == ["1.000", ".500", ".500", ".500", "0", "0", "2.0"]
    # Components flag all members and three offices; by score: two hits, three offices, two hits.
    assert theirs[1].startswith(".571 ")  # 16 of 28
    assert theirs[4].startswith(".786 ")  # 1/2 + 1/2 * 4/7
    assert theirs[5:] == ["12", "0", "1.0"]
    assert row_of(page, "How well each method does", "`broken`")[1] == "-"


def test_it_says_of_every_column_whether_our_row_is_the_best(page):
    assert "Member precision: our row is the best with 1.000; next is `components` with .571" in page
    assert "Member recall: our row is not the best: `components` has 1.000 against .500" in page
    assert "Ring F1: our row is not the best: `components` has 1.000 against .500" in page
    assert "Average precision: our row is not the best: `components` has .786 against .500" in page
    assert "Honest flagged: our row shares the best, 0, with `broken`." in page
    assert "Melted: our row shares the best, 0, with `components`." in page
    assert (
        "Seconds: our row is not the best: `components` has 1.0 against 2.0; ring F1 is 1.000 against .500."
        in page
    )


def test_a_difference_that_other_worlds_may_turn_round_says_so(tmp_path):
    results = small_results()
    ours = replace(results.ours, reported=results.ours.reported[:1])
    pool, other = (Reported(world, 0.9, None, POOL) for world in ("w1", "w2"))
    either = (
        replace(ours, reported=(pool,)),
        Method("other", "baseline", (replace(other, accounts=frozenset("abc")),)),
    )
    page = write_report(replace(results, methods=either), tmp_path, plots=False, rounds=50)[0].read_text()

    assert re.search(
        r"Member recall: our row is the best with \.250; next is `other` with \.188 .*turn it round", page
    )


def test_a_method_that_came_to_no_end_is_named(page):
    assert (
        "`broken` came to no end in `w2` (`out of memory`) and is counted there as reporting nothing." in page
    )


def test_recall_is_given_by_scenario_with_its_number_and_marks(page):
    assert row_of(page, "Recall by scenario", "`slow_drip`", cell=1) == [
        "`R13`", "`slow_drip`", "yes", "yes", "2", "8", ".700", ".000", ".000", "1.000", ".000",
    ]  # fmt: skip
    assert row_of(page, "Recall by scenario", "all", cell=1)[-3:] == [".500", "1.000", ".000"]
    assert row_of(page, "Recall by scenario", "not held out", cell=1)[-3:] == ["1.000", "1.000", ".000"]
    assert (
        "In `slow_drip` our row is not the best: `components` flags 1.000 of the members, ours .000." in page
    )
    assert "In `slow_drip` the aim of .700 is missed." in page
    assert "In `pool`" not in page


def test_scenarios_are_listed_by_number_and_not_by_letter(page):
    assert page.index("| `R2` |") < page.index("| `R13` |")


def test_honest_accounts_are_given_by_crowd(page):
    section = "Honest accounts flagged, by crowd"

    assert row_of(page, section, "`office`", cell=1) == ["`B3`", "`office`", "12", "0", "12", "0"]
    assert row_of(page, section, "`nobody in particular`", cell=1)[2:] == ["32", "0", "0", "0"]
    assert "Ours flags no honest account." in page


def test_false_rings_are_given_a_million_accounts_of_worlds_without_rings(page):
    # One false ring among 20 accounts: 50,000 a million, at most 4.744 times that.
    assert row_of(page, "False rings", "`components`")[1:6] == ["1", "20", "1", "50,000.0", "237,193.2"]
    assert row_of(page, "False rings", "`linkage`")[1:5] == ["1", "20", "0", "0.0"]


def test_calibration_is_given_with_its_bins(page):
    # Two true rings of .95, three honest groups of .2: (2 * .05 + 3 * .2) / 5.
    ours = row_of(page, "What scores are worth", "`linkage`")
    assert ours[1:] == ["5", "2", ".140", ".140", ".025", "1.000", "2", ".000"]
    assert row_of(page, "What scores are worth", "`components`")[-2:] == ["-", "-"]
    assert "| .200 | .300 | 3 | .200 | .000 |" in page


def test_what_each_part_is_worth_is_a_difference_with_its_range(page):
    # Two of four members a world: F1 of the ring 2/3 instead of 1, half of that over two rings.
    without = row_of(page, "What each part is worth", "`without cards`")
    assert without[1:4] == [".000 (.000 to .000)", "-.250 (-.250 to -.250)", "-.167 (-.167 to -.167)"]
    assert "`with luck` is better than our row in member recall: +.500 (+.500 to +.500)." in page


def test_a_change_tried_in_some_worlds_is_held_against_ours_in_those(tmp_path):
    results = small_results()
    change = Method("change", "ablation", results.ours.reported[:1], {"w1": 1.0}, frozenset({"w1"}))
    pages = write_report(replace(results, methods=(results.ours, change)), tmp_path, plots=False, rounds=5)
    row = row_of(pages[0].read_text(encoding="utf-8"), "What each part is worth", "`change`")

    assert row[2] == ".000 (.000 to .000)"


def test_aims_missed_are_said_to_be_missed(page):
    assert row_of(page, "What was aimed for", "member recall")[1:] == [".800 or more", ".500", "no"]
    assert row_of(page, "What was aimed for", "member precision")[1:] == [".990 or more", "1.000", "yes"]


def test_it_says_how_it_was_made(page):
    for said in (
        "`linkage evaluate --suite quick`",
        "| seed | 7 |",
        "`two cores`",
        "| `numpy` | `2.4.6` |",
        "least shared: 2",
    ):
        assert said in page
    assert "Note: It rained.\n" in page


def test_each_part_of_the_suite_has_its_own_table(page):
    assert "The part `hard`, 1 world:" in page
    assert "part `calm`" not in page


def test_sentences_stand_on_lines_of_their_own(page):
    sentences = [line for line in page.splitlines() if line and line[0] not in "#|"]

    assert all(line.endswith((".", ":")) for line in sentences)
    assert all(". " not in re.sub(r"`[^`]*`", "", line) for line in sentences)


# Both pages


def test_the_same_results_make_the_same_bytes_whatever_the_order_they_came_in(pages, tmp_path):
    results = small_results()
    mixed = [replace(method, reported=method.reported[::-1]) for method in results.methods]
    again = write_report(replace(results, methods=tuple(mixed)), tmp_path, rounds=50)

    assert tuple(path.read_text(encoding="utf-8") for path in again) == pages


def test_the_page_runs_nothing_and_asks_for_nothing(pages):
    page = Elements(pages[1])
    policy = dict(page.attributes)["content"]
    links = [value for name, value in page.attributes if name.endswith(("href", "src", "srcset", "action"))]

    assert "default-src 'none'" in pages[1]
    assert policy
    assert not {"script", "iframe", "object", "embed", "img", "link", "form", "a"} & set(page.tags)
    assert all(link.startswith("#") for link in links)
    assert not [name for name, _ in page.attributes if name == "style" or name.startswith("on")]
    assert not re.search(r"url\((?!#)|@import|unsafe", pages[1])
    assert page.tags.count("svg") == 5


def test_no_two_things_on_the_page_have_one_id(pages):
    ids = [value for name, value in Elements(pages[1]).attributes if name == "id"]

    assert len(ids) == len(set(ids)) > 0


def test_whatever_a_drawing_refers_to_is_in_it(pages):
    page = Elements(pages[1])
    ids = {value for name, value in page.attributes if name == "id"}
    wanted = {value[1:] for name, value in page.attributes if name.endswith("href")}
    wanted |= set(re.findall(r"url\(#(.+?)\)", pages[1]))

    assert wanted <= ids


def test_hostile_names_are_only_words(pages, tmp_path):
    names = {name: f"{name} {HOSTILE}" for name in ("ours", "baseline", "world", "crowd", "note")}
    paths = write_report(small_results(**names), tmp_path, rounds=5)
    text, page = (path.read_text(encoding="utf-8") for path in paths)
    outside_code = re.sub(r"`[^`\n]*`", "", text)

    assert set(Elements(page).tags) == set(Elements(pages[1]).tags)
    assert not {"\x1b", "\u202e"} & set(text + page)
    assert all(name in "".join(Elements(page).words) for name in names)
    assert not re.search(r"(?<!\\)<script|(?<!\\)\[me|^## \[|(?<!\\)://", outside_code, re.MULTILINE)
    assert bars(text) == bars(pages[0])


def bars(page):
    """Count the cells of each row of each table."""
    return [line.count("|") for line in page.splitlines() if line.startswith("| ")]


def test_results_without_any_ring_still_make_a_report(tmp_path):
    results = SuiteResults((WorldTruth("w", {}, {}, 5),), (Method("linkage", "ours", ()),))
    text, page = (path.read_text(encoding="utf-8") for path in write_report(results, tmp_path, rounds=5))

    assert "Member recall: there is nothing to compare." in text
    assert "nan" not in text + page


# Without matplotlib


def without_matplotlib(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)


def test_without_matplotlib_nothing_is_written_and_the_part_is_named(monkeypatch, tmp_path):
    without_matplotlib(monkeypatch)

    with pytest.raises(MissingPartError, match=r"linkage-rings\[plots\]"):
        write_report(small_results(), tmp_path / "report")
    assert not (tmp_path / "report").exists()


def test_without_drawings_no_matplotlib_is_needed(monkeypatch, pages, tmp_path):
    without_matplotlib(monkeypatch)
    text, page = (
        path.read_text(encoding="utf-8")
        for path in write_report(small_results(), tmp_path, plots=False, rounds=50)
    )

    assert text == pages[0]
    assert "<svg" not in page


def test_drawings_say_neither_when_nor_by_what_they_were_made():
    svg = plots.reliability_diagram([Bin(0.8, 0.9, 12, 0.85, 0.75)])

    assert "<!--" not in svg
    assert not re.search("matplotlib|metadata|<style|202[0-9]-", svg, re.IGNORECASE)
    assert "currentColor" in svg


# Kept results


def test_results_come_back_from_their_file_as_they_were(tmp_path):
    results = small_results()
    write_results(results, tmp_path / "results.json")

    assert read_results(tmp_path / "results.json") == results


def test_results_are_kept_in_the_same_bytes(tmp_path):
    for name in ("one", "other"):
        write_results(small_results(), tmp_path / name)

    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "linkage-suite-1", "truths": 3}'])
def test_a_file_that_holds_something_else_is_refused(text, tmp_path):
    path = tmp_path / "results.json"
    path.write_text(text)

    with pytest.raises(DataError):
        read_results(path)


def test_fields_nobody_knows_are_refused(tmp_path):
    document = small_results().document()
    document["conditions"]["weather"] = "rain"
    (tmp_path / "results.json").write_text(json.dumps(document))

    with pytest.raises(DataError, match="weather"):
        read_results(tmp_path / "results.json")


def test_every_problem_of_results_is_reported():
    ring = Reported("elsewhere", 1.5, None, frozenset("a"))
    method = Method("same", "baseline", (ring,))

    with pytest.raises(DataError, match=r"used twice.*no method is ours.*no truth is known.*outside 0 to 1"):
        SuiteResults((WorldTruth("w", {}, {}, 1),), (method, method))


def test_costs_are_drawn_alike_for_the_same_figures_and_what_gave_up_is_marked():
    pytest.importorskip("matplotlib")
    lines = {f"method {number}": [(40_000.0, 5.0 + number), (1_000_000.0, 90.0)] for number in range(8)}
    svg = plots.cost_chart(lines, {"method 2": 4_000_000.0})

    assert svg == plots.cost_chart(lines, {"method 2": 4_000_000.0})
    assert svg != plots.cost_chart(lines, {})
    assert not re.search("matplotlib|metadata|<style|mathdefault|202[0-9]-", svg, re.IGNORECASE)
    assert "currentColor" in svg
