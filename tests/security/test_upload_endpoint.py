"""Where files come in: who may send one, what a request may be, and what becomes of the names of files."""

from __future__ import annotations

import tracemalloc

import pytest
from flask.testing import FlaskClient

from dashboard.config import UPLOAD_LIMIT
from dashboard.controller.web import csrf_cookie
from dashboard.importing.choices import Choices
from dashboard.services import imports
from dashboard.services.imports import drafts
from dashboard.services.portable import book as whole_book
from tests.conftest import ALICE, BOB
from tests.security.conftest import Site
from tests.security.forging import AGENT, CANARY, UPLOADS, act, everything_of, said, token_of, upload, view
from tests.security.test_cross_origin import FOREIGN, NAMED

STATEMENT = b"Date,Description,Amount\n2026-11-12,Shop,-1.00\n2026-11-13,Shop,-2.00\n"


def names(site: Site, email: str = ALICE) -> list[str]:
    """Return what the files that wait in a book are called."""
    return [found.file for found in drafts.waiting(site.book(email))]


def test_a_file_becomes_a_draft_of_whoever_sent_it(site: Site, alice: FlaskClient, bob: FlaskClient) -> None:
    """The way it is meant, and nobody else's: by its number Bob finds nothing to look at, import, change or forget."""
    answer = upload(alice, site.app, STATEMENT, f"{CANARY} november.csv")
    draft = answer.get_json()["draft"]
    assert answer.get_json() == {"draft": draft}
    assert f"{CANARY} november.csv" in view(alice, site.app, f"/import?draft={draft}").text
    before = everything_of(site.path, site.book(ALICE).id)
    seen = [view(bob, site.app, f"/import?draft={draft}"), view(bob, site.app, "/import")]
    seen += [act(bob, site.app, name, draft, extra="stay") for name in ("commit-import", "drop-draft", "tick", "mend")]
    assert not any(CANARY in found.text for found in seen)
    assert everything_of(site.path, site.book(ALICE).id) == before


def test_somebody_who_is_not_signed_in_is_told_so(site: Site, anon: FlaskClient) -> None:
    """401, as JSON: assets/js/upload.js leads to sign-in and back. Of the file nothing is read."""
    for token in ("", "x"):
        answer = upload(anon, site.app, STATEMENT, headers={"X-CSRFToken": token})
        assert answer.status_code == 401
        assert set(answer.get_json()) == {"error"}
    assert not {"a.csv"} & {*names(site), *names(site, BOB)}


@pytest.mark.parametrize("headers", FOREIGN, ids=NAMED)
def test_another_sites_page_sends_no_file(site: Site, alice: FlaskClient, headers: dict[str, str]) -> None:
    """C-01 and C-02, even with the token."""
    assert upload(alice, site.app, STATEMENT, headers=headers).status_code == 403
    assert "a.csv" not in names(site)


@pytest.mark.parametrize("token", ["", "wrong", "another person's"])
def test_without_the_token_no_file_is_read(site: Site, alice: FlaskClient, bob: FlaskClient, token: str) -> None:
    """C-01 where a browser sends neither header. In the form it does not count: that would have to be read first."""
    sent = {"X-CSRFToken": token_of(bob, site.app) if token.startswith("another") else token, "Sec-Fetch-Site": ""}
    assert upload(alice, site.app, STATEMENT, headers=sent).status_code == 403
    right = token_of(alice, site.app)
    assert upload(alice, site.app, right.encode(), "", headers=sent, part="csrf_token").status_code == 403
    form = {"csrf_token": right, "X-CSRFToken": right}
    assert alice.post(UPLOADS, data=form, headers={"Sec-Fetch-Site": "same-origin", "User-Agent": AGENT}).status_code == 403
    assert "a.csv" not in names(site)
    assert csrf_cookie(site.app.server.config["DASHBOARD"]) == "csrf"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
def test_it_takes_posts_only(alice: FlaskClient, method: str) -> None:
    """C-04: Dash's own frame, which answers every other address, is not what stands here."""
    answer = alice.open(UPLOADS, method=method, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code in ((403, 405) if method in ("PUT", "DELETE", "PATCH") else (405,))
    assert b"react-entry-point" not in answer.data


class Endless:
    """A body that says how much of it was read."""

    def __init__(self, size: int) -> None:
        self.left, self.taken = size, 0

    def read(self, size: int = -1) -> bytes:
        """Give some more of it."""
        given = min(self.left, size if size >= 0 else self.left)
        self.left -= given
        self.taken += given
        return b"-" * given

    readline = read


def raw(site: Site, client: FlaskClient, body: object, **environ: object) -> tuple[int, dict[str, str]]:
    """Post a body that is given piece by piece."""
    answer = client.open(
        UPLOADS,
        method="POST",
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRFToken": token_of(client, site.app), "Sec-Fetch-Site": "same-origin", "User-Agent": AGENT},
        environ_overrides={"wsgi.input": body, **environ},
    )
    return answer.status_code, answer.get_json()


def test_what_is_too_large_is_refused_before_it_is_read(site: Site, alice: FlaskClient) -> None:
    """H-05 and F-01: by its announced length nothing is read; where none is announced, no more than fits and none of it is kept in memory."""
    told = Endless(2**31)
    assert raw(site, alice, told, CONTENT_LENGTH=str(2**31)) == (413, {"error": drafts.TOO_LARGE})
    assert told.taken == 0
    tracemalloc.start()
    untold = Endless(2**31)
    status, said_of_it = raw(site, alice, untold, **{"wsgi.input_terminated": True, "CONTENT_LENGTH": ""})
    assert (status, said_of_it) == (413, {"error": drafts.TOO_LARGE})
    assert untold.taken <= UPLOAD_LIMIT + 2**20
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * 2**20
    assert "a.csv" not in names(site)


def test_a_file_of_the_largest_size_comes_in_and_one_byte_more_does_not(
    site: Site, alice: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H-05: the limit is the file's; what the request says around it does not count."""
    monkeypatch.setattr("dashboard.services.imports.receive", lambda book, name, data: drafts.keep(book, name, data, Choices()))
    assert upload(alice, site.app, bytes(UPLOAD_LIMIT), "whole.csv").status_code == 200
    answer = upload(alice, site.app, bytes(UPLOAD_LIMIT + 1), "more.csv")
    assert (answer.status_code, answer.get_json()) == (413, {"error": drafts.TOO_LARGE})
    assert "whole.csv" in names(site)
    assert "more.csv" not in names(site)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nDate,'),
        ("multipart/form-data", STATEMENT),
        ("multipart/form-data; boundary=" + "x" * 5000, STATEMENT),
        ("application/x-www-form-urlencoded", b"file=a"),
        ("application/json", b'{"file": "a"}'),
        ("text/csv", STATEMENT),
        ("", STATEMENT),
    ],
)
def test_what_is_no_file_is_refused_in_a_sentence(site: Site, alice: FlaskClient, kind: str, body: bytes) -> None:
    """E-04: another kind of body, a broken one, a missing part."""
    headers = {"Content-Type": kind, "X-CSRFToken": token_of(alice, site.app), "Sec-Fetch-Site": "same-origin", "User-Agent": AGENT}
    answer = alice.post(UPLOADS, data=body, headers=headers)
    assert answer.status_code == 400
    assert list(answer.get_json()) == ["error"]


def test_one_request_is_one_file(site: Site, alice: FlaskClient) -> None:
    """E-04: a part of another name, a part without a file, two of them, and many."""
    assert upload(alice, site.app, STATEMENT, part="data").status_code == 400
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + STATEMENT + b"\r\n"
    plain = b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n' + STATEMENT + b"\r\n"
    headers = {
        "Content-Type": "multipart/form-data; boundary=x",
        "X-CSRFToken": token_of(alice, site.app),
        "Sec-Fetch-Site": "same-origin",
        "User-Agent": AGENT,
    }
    for parts in (plain, part * 2, part * 50):
        assert alice.post(UPLOADS, data=parts + b"--x--\r\n", headers=headers).status_code in (400, 413)
    assert "a.csv" not in names(site)
    assert alice.post(UPLOADS, data=part + b"--x--\r\n", headers=headers).status_code == 200
    assert "a.csv" in names(site)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\bank.csv", "bank.csv"),
        ("/", "statement"),
        ("..", ".."),
        ("<img src=x onerror=alert(1)>.csv", "<img src=x onerror=alert(1)>.csv"),
        ("a\u202evsc.csv", "a\ufffdvsc.csv"),
        ("a\tb\x7f\x01.csv", "a b .csv"),
        ("\u6708\u672b\u00e9.csv", "\u6708\u672b\u00e9.csv"),
        ("x" * 900 + ".csv", "x" * 196 + ".csv"),
        ("", "statement"),
    ],
)
def test_a_hostile_name_is_kept_as_clean_text(site: Site, alice: FlaskClient, name: str, kept: str) -> None:
    """D-05: a name is shown, never a path; no folder, no control character, no endless line."""
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n\r\n%s\r\n--x--\r\n' % (
        name.replace("\\", "\\\\").encode(),
        STATEMENT,
    )
    headers = {
        "Content-Type": "multipart/form-data; boundary=x",
        "X-CSRFToken": token_of(alice, site.app),
        "Sec-Fetch-Site": "same-origin",
        "User-Agent": AGENT,
    }
    answer = alice.post(UPLOADS, data=body, headers=headers)
    assert answer.status_code == 200, answer.text
    assert names(site)[-1] == kept
    assert view(alice, site.app, "/import").status_code == 200


def test_a_whole_book_comes_in_by_the_same_way_and_only_into_an_empty_one(site: Site, alice: FlaskClient) -> None:
    """What a household exported; a book with something in it stays as it is."""
    data = whole_book.dump(site.book(ALICE))
    before = everything_of(site.path, site.book(ALICE).id)
    refused = upload(alice, site.app, data, "book.json")
    assert (refused.status_code, refused.get_json()["error"]) == (400, whole_book.NOT_EMPTY)
    assert everything_of(site.path, site.book(ALICE).id) == before
    from dashboard.services.people import people

    people.sign_up(site.engine, people.NewPerson("cleo@example.org", "Cleo", "three blue herons", currency="EUR", locale="en-IE", zone="UTC"))
    cleo = site.signed_in("cleo@example.org")
    answer = upload(cleo, site.app, data, "book.json").get_json()
    assert answer["href"] == "/"
    assert "is back" in answer["message"]
    assert CANARY in view(cleo, site.app, "/transactions?p=2026").text


def test_no_more_files_wait_than_may(site: Site, alice: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """F-01: one more is refused with what to do, and none of those that wait goes for it."""
    monkeypatch.setattr(drafts, "MOST", len(names(site)) + 1)
    assert upload(alice, site.app, STATEMENT, "fits.csv").status_code == 200
    held = names(site)
    answer = upload(alice, site.app, STATEMENT, "more.csv")
    assert (answer.status_code, "wait already" in answer.get_json()["error"]) == (400, True)
    assert names(site) == held
    assert "forgotten" in said(act(alice, site.app, "drop-draft", drafts.waiting(site.book(ALICE))[-1].id, extra="stay"))["message"]
    assert upload(alice, site.app, STATEMENT, "more.csv").status_code == 200
    assert imports.check(site.book(ALICE), drafts.waiting(site.book(ALICE))[-1].id).file == "more.csv"
