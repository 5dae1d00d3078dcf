"""Who asks and as what, how often one may ask, and what is written down about it."""

import pytest

from kassa.kernel.clock import FixedClock
from kassa.kernel.errors import StartupError

MAIN, OTHER = "0190a000-0000-7000-8000-000000000001", "0190a000-0000-7000-8000-000000000002"
STORE = "0190a000-0000-7000-8000-0000000000aa"


def said(response):
    assert response.status_code == 200, response.text
    return response.get_json()["said"]


def test_a_token_of_one_legal_entity_needs_no_header(call):
    assert said(call.get("/v1/shelf/whoami")) == f"worker/{MAIN}/None/None"


def test_a_token_of_several_says_which(call_as, expect_problem):
    body = expect_problem(call_as("both").get("/v1/shelf/whoami"), 428, "PRECONDITION_REQUIRED")
    assert "Kassa-Legal-Entity" in body["detail"]
    assert said(call_as("both").get("/v1/shelf/whoami", headers={"Kassa-Legal-Entity": "OTHER"})) == f"both/{OTHER}/None/None"


def test_an_operation_of_no_legal_entity_asks_for_none(call_as):
    assert said(call_as("both").get("/v1/shelf/ping")) == "pong"


def test_a_request_never_widens(call, expect_problem):
    for entity in ("OTHER", "NOWHERE"):
        expect_problem(call.get("/v1/shelf/whoami", headers={"Kassa-Legal-Entity": entity}), 404, "NOT_FOUND")
    expect_problem(call.get("/v1/shelf/whoami", headers={"Kassa-Store": "S999"}), 404, "NOT_FOUND")


def test_a_request_says_where_it_stands(call):
    headers = {"Kassa-Legal-Entity": "MAIN", "Kassa-Store": "S001", "Kassa-Register": "T2"}
    assert said(call.get("/v1/shelf/whoami", headers=headers)) == f"worker/{MAIN}/{STORE}/T2"


def test_a_replay_is_the_principals_own(call_as, shelf_engine):
    sent = {"json": {"code": "B-1", "label": "x"}, "headers": {"Idempotency-Key": "one", "Kassa-Legal-Entity": "MAIN"}}
    assert call_as("worker").post("/v1/shelf/boxes", **sent).status_code == 201
    other = call_as("both").post("/v1/shelf/boxes", **sent)
    assert "Idempotent-Replayed" not in other.headers
    assert other.status_code == 409


def test_too_many_requests_of_one_actor(make_app, expect_problem):
    client = make_app(rate_limit="3 per hour").test_client()
    for _ in range(3):
        assert client.get("/v1/shelf/ping", headers={"Authorization": "Bearer worker"}).status_code == 200
    refused = client.get("/v1/shelf/ping", headers={"Authorization": "Bearer worker"})
    expect_problem(refused, 429, "RATE_LIMITED")
    assert 0 < int(refused.headers["Retry-After"]) <= 3601
    assert client.get("/v1/shelf/ping", headers={"Authorization": "Bearer reader"}).status_code == 200
    assert client.get("/healthz").status_code == 200


def test_too_many_wrong_tokens_of_one_address(make_app, expect_problem):
    client = make_app(refusal_limit="2 per hour").test_client()
    for _ in range(2):
        expect_problem(client.get("/v1/shelf/ping", headers={"Authorization": "Bearer guess"}), 401)
    expect_problem(client.get("/v1/shelf/ping", headers={"Authorization": "Bearer guess"}), 429, "RATE_LIMITED")
    assert client.get("/v1/shelf/ping", headers={"Authorization": "Bearer worker"}).status_code == 200


def test_the_address_is_the_proxys_word_only_where_a_proxy_stands(make_app, expect_problem):
    def guess(client, address):
        return client.get("/v1/shelf/ping", headers={"Authorization": "Bearer guess", "X-Forwarded-For": address}).status_code

    alone, behind = (make_app(refusal_limit="1 per hour", proxies=count).test_client() for count in (0, 1))
    assert [guess(alone, address) for address in ("1.1.1.1", "2.2.2.2")] == [401, 429]
    assert [guess(behind, address) for address in ("1.1.1.1", "2.2.2.2", "1.1.1.1")] == [401, 401, 429]


def test_no_limit_is_possible(make_app):
    client = make_app(rate_limit="", refusal_limit="").test_client()
    assert {client.get("/v1/shelf/ping", headers={"Authorization": "Bearer worker"}).status_code for _ in range(50)} == {200}


@pytest.mark.parametrize("options", [{"rate_limit": "many"}, {"refusal_limit": "1 per fortnight"}, {"rate_limit_storage": "nowhere://"}])
def test_limits_that_make_no_sense_stop_the_start(make_app, options):
    with pytest.raises(StartupError, match=next(iter(options.values()))):
        make_app(**options)


def test_one_line_a_request(call, lines):
    call.post("/v1/shelf/boxes?preview=true", {"code": "B-1", "label": "confidential words"}, headers={"X-Request-Id": "till-7:1"})
    (line,) = lines.events
    assert isinstance(line.pop("micros"), int)
    assert line.pop("at").endswith("Z")
    assert line == {
        "event": "request", "level": "info", "method": "POST", "route": "/v1/shelf/boxes", "operation": "shelf.create_box", "status": 200,
        "actor": "worker", "request_id": "till-7:1", "problem": None,
    }  # fmt: skip


def test_the_log_holds_neither_bodies_nor_tokens_nor_queries(call, call_as, lines):
    call.post("/v1/shelf/boxes", {"code": "B-1", "label": "canary-4711"}, headers={"Idempotency-Key": "canary-4712"})
    call.get("/v1/shelf/boxes?label=canary-4713")
    call.get("/v1/canary-4714")
    call.get("/v1/shelf/boxes/canary-4715")
    call_as("canary-4716").get("/v1/shelf/boxes")
    assert len(lines.events) == 5
    assert "canary" not in repr(lines.events)
    assert [line["actor"] for line in lines.events] == ["worker", "worker", None, "worker", None]
    assert [line["problem"] for line in lines.events] == [None, None, "NOT_FOUND", "NOT_FOUND", "NOT_AUTHENTICATED"]
    assert [line["route"] for line in lines.events][2:4] == [None, "/v1/shelf/boxes/<box>"]


def test_time_comes_from_the_engines_clock(kernel_alone, make_engine, make_app, shelf, lines):
    app = make_app(engine=make_engine(modules={"shelf": shelf}, clock=FixedClock("2026-11-21T04:57:00Z")))
    app.test_client().get("/v1/shelf/ping", headers={"Authorization": "Bearer worker"})
    assert [(line["at"], line["micros"]) for line in lines.events] == [("2026-11-21T04:57:00.000000Z", 0)]


def test_what_only_asks_for_health_is_not_logged(call, lines):
    for path in ("/healthz", "/readyz", "/metrics"):
        assert call.get(path).status_code == 200
    assert lines.events == []


def test_metrics_count_by_operation_and_status(call, call_as):
    call.get("/v1/shelf/ping")
    call.get("/v1/shelf/ping")
    call.get("/v1/shelf/boxes/none")
    call.get("/v1/whatever")
    call_as(None).get("/v1/shelf/ping")
    response = call.get("/metrics")
    assert response.content_type.startswith("text/plain")
    for line in (
        'kassa_http_requests_total{operation="shelf.ping",status="200"} 2.0',
        'kassa_http_requests_total{operation="shelf.read_box",status="404"} 1.0',
        'kassa_http_requests_total{operation="none",status="404"} 1.0',
        'kassa_http_requests_total{operation="shelf.ping",status="401"} 1.0',
        'kassa_http_request_seconds_count{operation="shelf.ping"} 3.0',
    ):
        assert line in response.text.split("\n")


def test_each_application_counts_for_itself(make_app):
    first, second = make_app().test_client(), make_app().test_client()
    first.get("/v1/shelf/ping", headers={"Authorization": "Bearer worker"})
    assert 'operation="shelf.ping"' in first.get("/metrics").text
    assert 'operation="shelf.ping"' not in second.get("/metrics").text


def test_metrics_may_ask_for_a_token(make_app, expect_problem):
    client = make_app(metrics_token="scrape").test_client()
    for headers in ({}, {"Authorization": "Bearer other"}, {"Authorization": "Basic scrape"}):
        expect_problem(client.get("/metrics", headers=headers), 401, "NOT_AUTHENTICATED")
    assert client.get("/metrics", headers={"Authorization": "Bearer scrape"}).status_code == 200


def test_health_looks_at_nothing(make_app, monkeypatch, shelf_engine):
    client = make_app().test_client()
    with monkeypatch.context() as patch:
        patch.setattr(shelf_engine, "database", None)
        response = client.get("/healthz")
    assert (response.status_code, response.get_json()) == (200, {"status": "ok"})


def test_ready_says_what_is_missing(make_app, expect_problem):
    assert make_app(ready=lambda engine: []).test_client().get("/readyz").get_json() == {"status": "ready"}
    waiting = make_app(ready=lambda engine: ["The migration core:0002 is not applied."]).test_client().get("/readyz")
    assert "core:0002" in expect_problem(waiting, 503, "NOT_READY")["detail"]
    assert waiting.headers["Retry-After"] == "5"


def test_a_database_that_is_down_is_not_ready(make_app, expect_problem):
    def down(engine):
        raise OSError("connection to 10.0.0.7 refused")

    response = make_app(ready=down).test_client().get("/readyz")
    expect_problem(response, 503, "NOT_READY")
    assert "10.0.0.7" not in response.text
