"""Headers that make a request safe, and what comes back: keys, versions, previews, places, pages."""

import pytest

from kassa.testing.databases import kinds


@pytest.fixture(params=kinds())
def database_kind(request):
    """Both databases."""
    return request.param


def make_box(call, code="B-1", **values):
    response = call.post("/v1/shelf/boxes", {"code": code, "label": "Screws", **values})
    assert response.status_code == 201, response.text
    return response


def labels(engine):
    with engine.database.snapshot() as read:
        return read.rows("SELECT code, label FROM shelf_box ORDER BY code")


def count(engine, table):
    with engine.database.snapshot() as read:
        return read.value(f"SELECT count(*) FROM {table}")


def test_creation_answers_with_location_and_version(call):
    response = make_box(call, "B/1", content="2.5")
    assert response.get_json() == {"code": "B/1", "label": "Screws", "content": "2.5", "version": 1}
    assert response.headers["Location"] == "/v1/shelf/boxes/B%2F1"
    assert response.headers["ETag"].startswith('"1.')
    assert response.content_type == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Idempotent-Replayed" not in response.headers


def test_an_act_needs_a_key(call, shelf_engine, expect_problem):
    response = call.post("/v1/shelf/boxes", {"code": "B-1", "label": "Screws"}, headers={"Idempotency-Key": None})
    body = expect_problem(response, 428, "PRECONDITION_REQUIRED")
    assert "Idempotency-Key" in body["detail"]
    assert labels(shelf_engine) == []


@pytest.mark.parametrize("key", ["", " ", "two words", "é", "x" * 201])
def test_a_key_that_could_be_read_two_ways_is_refused(call, shelf_engine, expect_problem, key):
    response = call.post("/v1/shelf/boxes", {"code": "B-1", "label": "Screws"}, headers={"Idempotency-Key": key})
    expect_problem(response, 400, "INPUT_UNREADABLE")
    assert labels(shelf_engine) == []


def test_the_same_key_is_one_act_with_one_answer(call, shelf_engine):
    sent = {"json": {"code": "B-1", "label": "Screws"}, "headers": {"Idempotency-Key": "till-7"}}
    first, second = call.post("/v1/shelf/boxes", **sent), call.post("/v1/shelf/boxes", **sent)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.data == first.data
    assert second.headers["Idempotent-Replayed"] == "true"
    for name in ("Location", "ETag"):
        assert second.headers[name] == first.headers[name]
    assert labels(shelf_engine) == [("B-1", "Screws")]


def test_a_key_with_other_content_is_refused(call, shelf_engine, expect_problem):
    make_box(call, "B-1")
    again = call.post("/v1/shelf/boxes", {"code": "B-2", "label": "Screws"}, headers={"Idempotency-Key": "key-1"})
    expect_problem(again, 422, "IDEMPOTENCY_KEY_REUSED")
    assert labels(shelf_engine) == [("B-1", "Screws")]


def test_reading_and_editing_need_no_key(call):
    tag = make_box(call).headers["ETag"]
    assert call.get("/v1/shelf/boxes/B-1").status_code == 200
    assert call.patch("/v1/shelf/boxes/B-1", {"label": "Nails"}, headers={"If-Match": tag}).status_code == 200


def test_a_preview_shows_and_writes_nothing(call, shelf_engine):
    before = {table: count(shelf_engine, table) for table in shelf_engine.registry.tables}
    sent = {"code": "B-1", "label": "Screws", "content": "2000"}
    response = call.post("/v1/shelf/boxes?preview=true", sent, headers={"Idempotency-Key": None})
    assert response.status_code == 200
    body = response.get_json()
    assert body["preview"] is True
    assert body["result"] == {"code": "B-1", "label": "Screws", "content": "2000", "version": 1}
    assert [found["code"] for found in body["warnings"]] == ["SHELF_HEAVY"]
    assert (body["postings"], body["stock_movements"], body["issues"]) == ([], [], [])
    assert not {"Location", "ETag"} & set(response.headers.keys())
    assert {table: count(shelf_engine, table) for table in shelf_engine.registry.tables} == before


def test_a_preview_of_an_edit_writes_nothing(call, shelf_engine):
    tag = make_box(call).headers["ETag"]
    response = call.patch("/v1/shelf/boxes/B-1?preview=true", {"label": "Nails"}, headers={"If-Match": tag})
    assert response.get_json()["result"]["label"] == "Nails"
    assert labels(shelf_engine) == [("B-1", "Screws")]


def test_preview_false_is_the_act_itself(call, shelf_engine):
    assert call.post("/v1/shelf/boxes?preview=false", {"code": "B-1", "label": "Screws"}).status_code == 201
    assert labels(shelf_engine) == [("B-1", "Screws")]


@pytest.mark.parametrize("query", ["preview=yes", "preview=", "preview=true&preview=false", "preview=1"])
def test_a_preview_that_is_not_clear_is_refused(call, shelf_engine, expect_problem, query):
    body = expect_problem(call.post(f"/v1/shelf/boxes?{query}", {"code": "B-1", "label": "Screws"}), 422, "INPUT_INVALID")
    assert body["issues"][0]["pointer"] == "/preview"
    assert labels(shelf_engine) == []


def test_warnings_come_with_the_answer(call):
    body = make_box(call, content="1000.001").get_json()
    assert body["content"] == "1000.001"
    assert [(found["code"], found["pointer"], found["severity"]) for found in body["warnings"]] == [("SHELF_HEAVY", "/content", "warn")]


def test_an_edit_needs_the_version_that_was_seen(call, shelf_engine, expect_problem):
    make_box(call)
    body = expect_problem(call.patch("/v1/shelf/boxes/B-1", {"label": "Nails"}), 428, "PRECONDITION_REQUIRED")
    assert "If-Match" in body["detail"]
    assert labels(shelf_engine) == [("B-1", "Screws")]


def test_an_edit_of_another_version_is_refused(call, shelf_engine, expect_problem):
    old = make_box(call).headers["ETag"]
    changed = call.patch("/v1/shelf/boxes/B-1", {"label": "Nails"}, headers={"If-Match": old})
    assert changed.headers["ETag"].startswith('"2.')
    expect_problem(call.patch("/v1/shelf/boxes/B-1", {"label": "Bolts"}, headers={"If-Match": old}), 412, "PRECONDITION_FAILED")
    assert labels(shelf_engine) == [("B-1", "Nails")]


@pytest.mark.parametrize("tag", ['"1"', '"1.abcdef"', 'W/"1.abcdef"', "*", ' "1" '])
def test_tags_that_fit(call, tag):
    make_box(call)
    assert call.patch("/v1/shelf/boxes/B-1", {"label": "Nails"}, headers={"If-Match": tag}).status_code == 200


@pytest.mark.parametrize("tag", ['"2"', '"x"', "1", '"1", "2"', "", '"-1"', '"99999999999999999999"'])
def test_tags_that_do_not_fit(call, expect_problem, tag):
    make_box(call)
    expect_problem(call.patch("/v1/shelf/boxes/B-1", {"label": "Nails"}, headers={"If-Match": tag}), 412, "PRECONDITION_FAILED")


def test_an_act_may_depend_on_what_was_seen(call, expect_problem):
    make_box(call, content="3")
    expect_problem(call.post("/v1/shelf/boxes/B-1/emptying", headers={"If-Match": '"7"'}), 412, "PRECONDITION_FAILED")
    response = call.post("/v1/shelf/boxes/B-1/emptying", headers={"If-Match": '"1"'})
    assert response.get_json()["content"] == "0"


def test_what_is_kept_is_not_sent_again(call):
    make_box(call)
    first = call.get("/v1/shelf/boxes/B-1")
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "private, no-cache"
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        kept = call.get("/v1/shelf/boxes/B-1", headers={"If-None-Match": given})
        assert (kept.status_code, kept.data, kept.headers["ETag"]) == (304, b"", tag)
    assert call.get("/v1/shelf/boxes/B-1", headers={"If-None-Match": '"other"'}).status_code == 200
    call.patch("/v1/shelf/boxes/B-1", {"label": "Nails"}, headers={"If-Match": tag})
    changed = call.get("/v1/shelf/boxes/B-1", headers={"If-None-Match": tag})
    assert (changed.status_code, changed.get_json()["label"]) == (200, "Nails")


def test_the_tag_differs_with_the_answer_even_in_one_version(call, shelf, monkeypatch):
    make_box(call)
    tag = call.get("/v1/shelf/boxes/B-1").headers["ETag"]
    shown = shelf.BoxView(code="B-1", label="counted anew", content=5000, version=1)
    monkeypatch.setattr(shelf, "_find", lambda code, context: shown)
    assert call.get("/v1/shelf/boxes/B-1", headers={"If-None-Match": tag}).get_json()["label"] == "counted anew"


def test_pages_are_linked_to_the_end(call):
    for number in range(5):
        make_box(call, f"B-{number}", label="a & b")
    make_box(call, "C-1")
    path, seen = "/v1/shelf/boxes?limit=2&label=a+%26+b&filled=false", []
    while path:
        response = call.get(path)
        assert "ETag" not in response.headers
        body = response.get_json()
        seen.append([item["code"] for item in body["items"]])
        link = response.headers.get("Link")
        assert (link is None) == (body["next"] is None)
        path = None
        if link is not None:
            assert link.endswith('>; rel="next"')
            path = link[1 : link.index(">")]
    assert seen == [["B-0", "B-1"], ["B-2", "B-3"], ["B-4"]]


def test_head_is_get_without_the_body(call):
    make_box(call)
    response = call.send("HEAD", "/v1/shelf/boxes/B-1")
    assert (response.status_code, response.data) == (200, b"")
    assert response.headers["ETag"] == call.get("/v1/shelf/boxes/B-1").headers["ETag"]


def test_fixed_headers_stand_on_every_answer(call, expect_problem):
    for path, status in (("/v1/shelf/ping", 200), ("/v1/nowhere", 404), ("/healthz", 200), ("/v1/shelf/fall", 500)):
        response = call.get(path)
        assert response.status_code == status
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("given", ["till-7:42", "a", "0190a000-0000-7000-8000-000000000001", "x" * 100])
def test_a_harmless_request_id_is_kept(call, given):
    assert call.get("/v1/shelf/ping", headers={"X-Request-Id": given}).headers["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", "two words", "-x", "x" * 101, '"><script>', "é"])
def test_another_request_id_is_replaced(call, given):
    made = call.get("/v1/shelf/ping", headers={"X-Request-Id": given}).headers["X-Request-Id"]
    assert made != given
    assert len(made) == 36


def test_the_request_id_stands_in_the_audit_trail(call, shelf_engine):
    call.post("/v1/shelf/boxes", {"code": "B-1", "label": "Screws"}, headers={"X-Request-Id": "till-7:42"})
    with shelf_engine.database.snapshot() as read:
        rows = read.rows("SELECT request_id, actor, operation, outcome FROM kernel_audit")
    assert rows == [("till-7:42", "worker", "shelf.create_box", "done")]


def test_a_preview_of_what_is_refused_says_why(call, shelf_engine):
    response = call.post("/v1/shelf/boxes?preview=true", {"code": "B-1", "label": "x", "content": "-1"})
    body = response.get_json()
    assert (response.status_code, body["preview"], body["result"]) == (200, True, None)
    assert [(found["code"], found["pointer"]) for found in body["issues"]] == [("SHELF_BELOW_NOTHING", "/content")]
    assert labels(shelf_engine) == []
