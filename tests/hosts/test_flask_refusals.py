"""What is refused, with which status, and that every refusal is a problem document that leads on."""

import json

import attrs
import pytest

from kassa.kernel.contributions import Http
from kassa.kernel.engine import Engine
from kassa.kernel.errors import ErrorCodes, OutcomeUnknown, Unavailable


def stored(engine):
    with engine.database.snapshot() as read:
        return read.value("SELECT count(*) FROM shelf_box")


NOBODY = (None, "", "worker", "Basic worker", "Bearer", "Bearer ", "Bearer nobody", "Bearer ünknown", f"Bearer {'x' * 9000}")


@pytest.mark.parametrize("header", NOBODY)
def test_without_a_valid_token_nobody_is_there(call_as, expect_problem, header):
    response = call_as(None).get("/v1/shelf/boxes", headers={"Authorization": header})
    body = expect_problem(response, 401, "NOT_AUTHENTICATED")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="kassa"'
    assert "Bearer" in body["detail"]


@pytest.mark.parametrize("header", ["bearer worker", "BEARER worker", "Bearer   worker "])
def test_the_word_bearer_is_written_as_one_likes(call_as, header):
    assert call_as(None).get("/v1/shelf/boxes", headers={"Authorization": header}).status_code == 200


def test_a_missing_permission_is_named_and_the_refusal_recorded(call_as, shelf_engine, expect_problem):
    response = call_as("reader").post("/v1/shelf/boxes", {"code": "B-1", "label": "Screws"})
    assert expect_problem(response, 403, "NOT_PERMITTED")["permission"] == "shelf.change"
    with shelf_engine.database.snapshot() as read:
        assert read.rows("SELECT actor, outcome, code FROM kernel_audit") == [("reader", "refused", "NOT_PERMITTED")]
    assert stored(shelf_engine) == 0


@pytest.mark.parametrize("path", ["/v1/nowhere", "/nowhere", "/v1/shelf/boxes/", "/v1/shelf", "/v2/shelf/boxes", "/v1//shelf/boxes"])
def test_an_unknown_resource(call, expect_problem, path):
    assert "GET /v1" in expect_problem(call.get(path), 404, "NOT_FOUND")["detail"]


def test_an_unknown_box(call, expect_problem):
    assert "B-1" in expect_problem(call.get("/v1/shelf/boxes/B-1"), 404, "NOT_FOUND")["detail"]


@pytest.mark.parametrize("method, path, allowed", [
    ("DELETE", "/v1/shelf/boxes", {"GET", "HEAD", "OPTIONS", "POST"}),
    ("PUT", "/v1/shelf/boxes/B-1", {"GET", "HEAD", "OPTIONS", "PATCH"}),
    ("TRACE", "/v1/shelf/ping", {"GET", "HEAD", "OPTIONS"}),
    ("POST", "/", {"GET", "HEAD", "OPTIONS"}),
])  # fmt: skip
def test_a_method_that_is_not_known(call, expect_problem, method, path, allowed):
    response = call.send(method, path)
    expect_problem(response, 405, "METHOD_NOT_ALLOWED")
    assert set(response.headers["Allow"].split(", ")) == allowed


def test_options_tell_the_methods(call):
    response = call.send("OPTIONS", "/v1/shelf/boxes")
    assert (response.status_code, response.data) == (200, b"")
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_a_path_of_its_own_is_not_taken_for_a_key(kernel_alone, make_engine, make_app, shelf, monkeypatch, expect_problem):
    counting = attrs.evolve(shelf.OPERATIONS[5], name="shelf.count", http=Http(method="GET", path="/shelf/boxes/count"))
    monkeypatch.setattr(shelf, "OPERATIONS", (*shelf.OPERATIONS, counting))
    client = make_app(engine=make_engine(modules={"shelf": shelf})).test_client()
    headers = {"Authorization": "Bearer worker", "If-Match": "*"}
    assert client.get("/v1/shelf/boxes/count", headers=headers).get_json() == {"said": "pong"}
    refused = client.patch("/v1/shelf/boxes/count", json={"label": "x"}, headers=headers)
    expect_problem(refused, 405, "METHOD_NOT_ALLOWED")
    assert refused.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "application/jsonx", ""])
def test_a_body_that_is_no_json_by_its_type(call, shelf_engine, expect_problem, media_type):
    response = call.post("/v1/shelf/boxes", data='{"code": "B-1", "label": "Screws"}', content_type=media_type or None)
    expect_problem(response, 415, "MEDIA_TYPE_UNSUPPORTED")
    assert stored(shelf_engine) == 0


def test_json_with_a_character_set_is_json(call):
    body = '{"code": "B-1", "label": "é"}'.encode()
    assert call.post("/v1/shelf/boxes", data=body, content_type="application/json; charset=utf-8").status_code == 201


UNREADABLE = [
    b"{", b'{"code": NaN}', b'{"code": Infinity}', b'{"code": "B-1", "code": "B-2", "label": "x"}', b'{"code": 1e' + b"9" * 40 + b"}",
    b'{"content": 111111111111111111111}', b"\xff", b'{"code": "\\', b"[" * 40 + b"]" * 40, b"{'code': 'B-1'}", "\ufeff{}".encode(),
]  # fmt: skip


@pytest.mark.parametrize("body", UNREADABLE)
def test_a_body_that_cannot_be_read(call, shelf_engine, expect_problem, body):
    expect_problem(call.post("/v1/shelf/boxes", data=body, content_type="application/json"), 400, "INPUT_UNREADABLE")
    assert stored(shelf_engine) == 0


@pytest.mark.parametrize("body", ["[]", "1", '"x"', "null", "true"])
def test_a_body_that_is_no_object(call, expect_problem, body):
    found = expect_problem(call.post("/v1/shelf/boxes", data=body, content_type="application/json"), 422, "INPUT_INVALID")
    assert [issue["pointer"] for issue in found["issues"]] == [""]


def test_every_mistake_is_told_at_once(call, shelf_engine, expect_problem):
    response = call.post("/v1/shelf/boxes", {"code": "two words", "contents": "1", "content": 1.5})
    body = expect_problem(response, 422, "INPUT_INVALID")
    found = {issue["pointer"]: issue["code"] for issue in body["issues"]}
    assert found == {
        "/code": "INPUT_BAD_FORMAT", "/label": "INPUT_MISSING", "/content": "INPUT_NOT_A_DECIMAL", "/contents": "INPUT_UNKNOWN_FIELD",
    }  # fmt: skip
    assert stored(shelf_engine) == 0


def test_an_absent_body_lacks_its_fields(call, expect_problem):
    body = expect_problem(call.post("/v1/shelf/boxes"), 422, "INPUT_INVALID")
    assert {issue["pointer"] for issue in body["issues"]} == {"/code", "/label"}


def test_an_act_without_fields_needs_no_body(call):
    call.post("/v1/shelf/boxes", {"code": "B-1", "label": "Screws", "content": "1"})
    assert call.post("/v1/shelf/boxes/B-1/emptying").status_code == 200
    assert call.post("/v1/shelf/boxes/B-1/emptying", {}).status_code == 200


def test_a_field_of_the_path_is_not_given_twice(call, expect_problem):
    call.post("/v1/shelf/boxes", {"code": "B-1", "label": "Screws"})
    sent = call.patch("/v1/shelf/boxes/B-1", {"label": "Nails", "box": "B-2"}, headers={"If-Match": "*"})
    assert [issue["pointer"] for issue in expect_problem(sent, 422, "INPUT_INVALID")["issues"]] == ["/box"]
    read = call.get("/v1/shelf/boxes/B-1?box=B-2")
    assert [issue["pointer"] for issue in expect_problem(read, 422, "INPUT_INVALID")["issues"]] == ["/box"]


@pytest.mark.parametrize("query, pointer, code", [
    ("limit=many", "/limit", "INPUT_WRONG_TYPE"),
    ("limit=0", "/limit", "INPUT_OUT_OF_RANGE"),
    ("limit=5&limit=6", "/limit", "INPUT_WRONG_TYPE"),
    ("filled=maybe", "/filled", "INPUT_WRONG_TYPE"),
    ("labels=x", "/labels", "INPUT_UNKNOWN_FIELD"),
    ("after=nonsense", "/after", "INPUT_CURSOR"),
    ("label=%00", "/label", "INPUT_BAD_TEXT"),
    ("preview=true", "/preview", "INPUT_UNKNOWN_FIELD"),
])  # fmt: skip
def test_a_query_is_checked_like_a_body(call, expect_problem, query, pointer, code):
    issues = expect_problem(call.get(f"/v1/shelf/boxes?{query}"), 422, "INPUT_INVALID")["issues"]
    assert [(issue["pointer"], issue["code"]) for issue in issues] == [(pointer, code)]


def test_the_query_of_an_act_holds_no_fields(call, shelf_engine, expect_problem):
    issues = expect_problem(call.post("/v1/shelf/boxes?code=B-1&a/b=1", {"label": "Screws"}), 422, "INPUT_INVALID")["issues"]
    assert {issue["pointer"] for issue in issues} == {"/code", "/a~1b"}
    assert stored(shelf_engine) == 0


def test_a_rule_refuses(call, shelf_engine, expect_problem):
    body = expect_problem(call.post("/v1/shelf/boxes", {"code": "B-1", "label": "x", "content": "-1"}), 422, "SHELF_BELOW_NOTHING")
    assert [(issue["pointer"], issue["rule"]) for issue in body["issues"]] == [("/content", "shelf.content")]
    assert stored(shelf_engine) == 0


def test_a_body_that_is_too_large(make_app, call_as, expect_problem, shelf_engine):
    from_small = make_app(body_limit=2048).test_client()
    headers = {"Authorization": "Bearer worker", "Idempotency-Key": "k"}
    body = json.dumps({"code": "B-1", "label": "x" * 3000})
    sent = from_small.post("/v1/shelf/boxes", data=body, content_type="application/json", headers=headers)
    expect_problem(sent, 413, "INPUT_TOO_LARGE")
    assert stored(shelf_engine) == 0


def test_the_unexpected_tells_nothing_and_is_logged(call, lines, expect_problem):
    response = call.get("/v1/shelf/fall")
    body = expect_problem(response, 500, "PLUGIN_FAILED")
    assert (body["plugin"], body["rule"]) == ("shelf", "shelf.fall")
    for word in ("4711", "/srv", "Traceback", "site-packages"):
        assert word not in response.text
    failure = next(event for event in lines.events if event["event"] == "server error")
    assert "4711" in str(failure["exc_info"])
    assert failure["request_id"] == body["request_id"]


def test_a_fault_of_the_server_itself(call, lines, monkeypatch, expect_problem):
    def broken(*arguments, **options):
        raise RuntimeError("password=4711")

    monkeypatch.setattr(Engine, "perform", broken)
    response = call.get("/v1/shelf/ping")
    assert "4711" not in response.text
    body = expect_problem(response, 500, "INTERNAL_ERROR")
    failure = next(event for event in lines.events if event["event"] == "unexpected error")
    assert failure["request_id"] == body["request_id"]
    assert "4711" in str(failure["exc_info"])


@pytest.mark.parametrize("error, code, retry_after", [
    (Unavailable("The database does not answer.", retry_after=3), "UNAVAILABLE", "3"),
    (OutcomeUnknown(), "OUTCOME_UNKNOWN", "1"),
])  # fmt: skip
def test_what_may_be_tried_again_says_when(call, monkeypatch, expect_problem, error, code, retry_after):
    def failing(*arguments, **options):
        raise error

    monkeypatch.setattr(Engine, "perform", failing)
    response = call.post("/v1/shelf/boxes", {"code": "B-1", "label": "x"})
    body = expect_problem(response, 503, code)
    assert response.headers["Retry-After"] == retry_after
    assert body.get("outcome") == ("unknown" if code == "OUTCOME_UNKNOWN" else None)


def test_every_code_has_a_page(call, expect_problem):
    others = ("SHELF_HEAVY", "RATE_LIMITED", "METHOD_NOT_ALLOWED", "MEDIA_TYPE_UNSUPPORTED", "NOT_READY", "REQUEST_MALFORMED")
    for code in (*(known.code for known in ErrorCodes().all()), *others):
        page = call.get(f"/problems/{code}").get_json()
        assert page["code"] == code
        assert all(page[name] for name in ("title", "meaning", "action", "status", "owner"))
    assert call.get("/problems/SHELF_HEAVY").get_json()["owner"] == "shelf"
    expect_problem(call.get("/problems/NO_SUCH_CODE"), 404, "NOT_FOUND")


@pytest.mark.parametrize("body", [r'{"\ud800": 1}', r'{"code": "\ud800"}', r'{"label": ["\udfff"]}', r'{"content": "\ud83d"}'])
def test_half_a_character_is_refused_like_any_other_mistake(call, expect_problem, body):
    expect_problem(call.post("/v1/shelf/boxes", data=body, content_type="application/json"), 422, "INPUT_INVALID")


def test_half_a_character_in_a_query_is_refused_like_any_other_mistake(call, expect_problem):
    expect_problem(call.get("/v1/shelf/boxes?%ed%a0%80=1"), 422, "INPUT_INVALID")
