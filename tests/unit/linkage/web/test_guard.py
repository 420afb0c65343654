"""Only this person's browser, from the page itself, is answered."""

from __future__ import annotations

import pytest

PATHS = ("/", "/static/page.js", "/api/queue", "/api/ring", "/api/find?q=acct", "/nowhere")
BODY = {"subjects": ["acct_r1"], "judgement": "watch", "reason": "look again"}


def untouched(page):
    return not page.desk.path.exists() or page.desk.ring(ring_of(page))["history"] == []


def ring_of(page):
    return page.desk.queue()["rings"][0]["ring"]


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_told_without_the_cookie(page, path):
    answer = page.client.get(path)

    assert answer.status_code == 403
    assert "acct" not in answer.text


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8765", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:8765.evil.example", "0.0.0.0:8765", "[::1]:8765", ""],
)  # fmt: skip
def test_a_name_that_is_not_ours_is_refused_before_anything_else(opened, path, host):
    assert opened.client.get(path, headers={"host": host}).status_code == 400


def test_a_browser_may_call_it_localhost(opened):
    assert opened.client.get("/", headers={"host": "LOCALHOST:8765"}).status_code == 200


def test_two_hosts_are_one_too_many(opened):
    headers = [("host", "127.0.0.1:8765"), ("host", "evil.example")]

    assert opened.client.get("/", headers=headers).status_code == 400


def test_the_token_opens_once_and_leaves_the_address(page):
    answer = page.opens()

    assert answer.headers["location"] == "/"
    page.client.cookies.clear()
    again = page.client.get("/", params={"token": "a-token"}, follow_redirects=False)
    assert again.status_code == 403
    assert "set-cookie" not in again.headers


@pytest.mark.parametrize("token", ["", "a-toke", "a-token2", "ä", "a-token\x00"])
def test_another_token_opens_nothing(page, token):
    assert page.client.get("/", params={"token": token}, follow_redirects=False).status_code == 403
    assert page.opens()


def test_the_cookie_is_for_this_port_and_for_no_other_site_and_no_script(page):
    cookie = page.opens().headers["set-cookie"]

    assert cookie.startswith("linkage-8765=")
    assert "a-token" not in cookie
    assert {part.strip() for part in cookie.split(";")[1:]} == {"Path=/", "HttpOnly", "SameSite=Strict"}


def test_a_cookie_that_is_not_ours_opens_nothing(page):
    assert page.client.get("/", headers={"cookie": "linkage-8765=guess; linkage=a-token"}).status_code == 403


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_site_asks_for_is_refused(opened, path, site):
    for mode in ("cors", "no-cors", "websocket"):
        headers = {"sec-fetch-site": site, "sec-fetch-mode": mode}
        assert opened.client.get(path, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": None},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "https://127.0.0.1:8765"},
        {"origin": "http://evil.example"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "cross-site"},
        {"x_csrf": None},
        {"x_csrf": "guess"},
        {"content_type": "text/plain"},
        {"content_type": "application/x-www-form-urlencoded"},
    ],
    ids=str,
)
def test_a_judgement_that_the_page_did_not_send_changes_nothing(opened, wrong):
    headers = {"sec-fetch-site": "same-origin"} | {
        name.replace("_", "-"): value for name, value in wrong.items()
    }

    answer = opened.posts(BODY, **headers)

    assert answer.status_code in {403, 415}
    assert untouched(opened)


def test_a_judgement_without_the_cookie_changes_nothing(page):
    assert page.posts(BODY).status_code == 403
    assert untouched(page)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(opened, method):
    assert opened.client.request(method, "/api/judge").status_code == 405


def test_a_body_of_more_than_a_megabyte_is_refused(opened):
    assert opened.posts(BODY | {"reason": "x" * 1_100_000}).status_code == 415


@pytest.mark.parametrize(
    "path", [*PATHS, "/?token=x", "/../../etc/passwd", "/static/..%2fpage.html", "/static/page.html"]
)
@pytest.mark.parametrize("known", [True, False])
def test_every_answer_says_that_nothing_else_may_run_and_nothing_may_be_kept(page, path, known):
    if known:
        page.opens()
    headers = page.client.get(path, follow_redirects=False).headers

    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == headers["cross-origin-opener-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


def test_a_socket_is_not_served(opened):
    with pytest.raises(Exception), opened.client.websocket_connect("/"):  # noqa: B017, PT011 - however the client says no
        pass
