"""A person judges with the keyboard alone, and what they say is in the case and in its audit log."""

from __future__ import annotations

import json

from browsing import looking, serving

from linkage.cli.app import run


def audit(case, capsys):
    capsys.readouterr()
    assert run(["audit", "--case", str(case), "--format", "json"]) == 0
    lines = [line["details"] for line in json.loads(capsys.readouterr().out)]
    assert run(["audit", "--verify", "--case", str(case)]) == 0
    return [(line["judgement"], line["reason"]) for line in lines]


def says(page, key, reason):
    judged = page.evaluate("() => Number(document.body.dataset.judged ?? 0)")
    page.keyboard.press(key)
    page.keyboard.type(reason)
    page.keyboard.press("Tab")
    while page.evaluate("() => document.activeElement.type") != "submit":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(f'body[data-judged="{judged + 1}"]')


def test_confirm_dismiss_and_undo_by_keyboard_reach_the_case(served, case, capsys):
    for key, reason in (("c", "one card for eight"), ("d", "it is a class"), ("u", "it is no class")):
        says(served, key, reason)

    assert "confirmed" in served.inner_text(".verdict")
    assert audit(case, capsys) == [
        ("confirm", "one card for eight"),
        ("dismiss", "it is a class"),
        ("undo", "it is no class"),
    ]


def test_without_a_reason_nothing_is_said(served, case, capsys):
    served.keyboard.press("c")
    served.keyboard.press("Tab")
    served.evaluate("() => document.querySelector('#judge form').noValidate = true")
    served.click("#judge button[type=submit]")

    assert "Say why" in served.inner_text("#judge .fault")
    served.keyboard.press("Escape")
    assert audit(case, capsys) == []


def test_ticked_members_are_judged_by_themselves(served, case, capsys):
    for place in range(2):
        served.locator("input[type=checkbox]").nth(place).check()
    served.click('[data-members="dismiss"]')
    served.fill("#reason", "interns")
    served.click("#judge button[type=submit]")
    served.wait_for_selector('body[data-judged="1"]')

    assert audit(case, capsys) == [("dismiss", "interns")] * 2
    assert "dismissed" in served.inner_text('[aria-label="Members"]')
    assert served.inner_text(".verdict") == "Not judged."


def test_a_page_of_another_site_cannot_judge(served, case, capsys):
    here = served.url.partition("/?")[0]
    other = served.context.new_page()
    other.goto("data:text/html,<p>elsewhere</p>")
    other.evaluate(
        """(here) => fetch(`${here}/api/judge`, {method: "POST", mode: "no-cors", credentials: "include",
            headers: {"content-type": "text/plain"}, body: "{}"}).catch(() => null)""",
        here,
    )

    assert audit(case, capsys) == []


def test_after_a_judgement_the_next_open_ring_follows(served):
    served.click('.filters button:has-text("open")')
    says(served, "w", "later")
    served.keyboard.press("j")

    assert "No ring here" in served.inner_text("#queue ol")


def test_a_ring_that_ended_is_read_and_judged(browser, case, capsys):
    (case.parent / "linkage.toml").write_text("[rings]\nsmallest_ring = 50\n")
    assert run(["rings", "--case", str(case), "--settings", str(case.parent / "linkage.toml")]) == 0
    with serving(case) as url, looking(browser) as page:
        page.goto(url)
        page.wait_for_selector('.filters button:has-text("ended 1")')
        page.click('.filters button:has-text("ended")')
        page.click("#queue ol button")
        page.wait_for_selector("text=As it was found last")
        page.keyboard.press("l")

        assert "acct_r3" in page.inner_text('[aria-label="Members"]')
        says(page, "c", "it was banned")
        assert "confirmed" in page.inner_text(".verdict")
        told = page.url
        page.goto(told)
        page.wait_for_selector("text=As it was found last")
    assert audit(case, capsys) == [("confirm", "it was banned")]


def test_help_lists_the_keys(served):
    served.keyboard.press("?")

    assert "next and previous ring" in served.inner_text("#help")
    served.keyboard.press("Escape")


def test_the_graph_is_walked_by_keyboard_and_read_out(served):
    served.keyboard.press("g")
    served.keyboard.press("n")
    first = served.inner_text("#status")
    served.keyboard.press("n")

    assert first
    assert served.inner_text("#status") != first
    served.keyboard.press("Enter")
    assert "sel=" in served.url
    served.keyboard.press("+")
    served.keyboard.press("0")


def test_a_view_can_be_pasted_into_a_ticket(served):
    served.keyboard.press("l")
    served.click("[data-key] button")
    told = served.url

    served.reload()
    served.wait_for_selector("body[data-ready]")

    assert served.url == told
    assert served.locator("tr.chosen").count() == 1


def test_a_search_finds_the_ring_of_an_account(served, world):
    served.keyboard.press("/")
    served.keyboard.type(world.ring[3])
    served.wait_for_function("() => document.getElementById('status').textContent.includes('1 ring listed')")
    served.fill("#search", "acct_of_nobody")
    served.wait_for_function("() => document.getElementById('status').textContent.includes('0 rings listed')")


def test_a_judgement_that_did_not_arrive_says_so(served, case, capsys):
    served.route("**/api/judge", lambda route: route.fulfill(status=200, body="gone"))
    served.keyboard.press("c")
    served.keyboard.type("one card for eight")
    served.click("#judge button[type=submit]")

    served.wait_for_function(
        "() => document.querySelector('#judge .fault').textContent.includes('Nothing was written')"
    )
    assert audit(case, capsys) == []


def test_a_search_that_gets_no_answer_says_so(served):
    served.route("**/api/find*", lambda route: route.fulfill(status=200, body="gone"))
    served.fill("#search", "acct_r3")

    served.wait_for_function("() => document.getElementById('status').textContent.includes('no answer')")
