"""Extension fields over HTTP: taken, shown, refused at their place, and documented for each enabled plugin."""

import os

import pytest

from kassa.testing.builders import build_shop, furnish
from kassa_flask import HostConfig, create_app

EXAMPLES = int(os.environ.get("KASSA_TEST_FUZZ_EXAMPLES", "6"))
TERMS = {"days": 3, "way": "post", "note": None}
ORDER = {
    "lines": [{"product": "LAMP", "quantity": "1", "extensions": {"terms.delivery": {"days": 3, "way": "post"}}}],
    "extensions": {"terms.occasion": {"name": "Wedding"}},
}


@pytest.fixture
def open_app(make_engine, lines, call_with):
    """Opens a shop with plugins and gives a caller of its API."""

    def open_one(**modules):
        shop = furnish(build_shop(make_engine(modules=modules)))
        token = shop.perform("org.create_api_key", {"name": "Key", "roles": ["administrator"], "store": "S001"})["token"]
        app = create_app(shop.engine, HostConfig(logger=lines.logger, rate_limit="", refusal_limit=""))
        return app, token, call_with(app, token)

    return open_one


@pytest.fixture
def terms():
    """The probe that extends orders and lines."""
    from importlib.util import module_from_spec, spec_from_file_location
    from pathlib import Path

    spec = spec_from_file_location("probe_terms", Path(__file__).resolve().parents[1] / "probes" / "terms.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_they_are_taken_and_shown(open_app, terms):
    _, _, call = open_app(terms=terms)
    made = call.post("/v1/orders", ORDER)
    assert made.status_code == 201, made.text
    read = call.get(made.headers["Location"]).get_json()
    assert (read["extensions"], read["lines"][0]["extensions"]) == (ORDER["extensions"], {"terms.delivery": TERMS})
    sold = call.post("/v1/sales", {**ORDER, "payments": [{"tender": "cash", "amount": "100.00"}]}).get_json()
    assert (sold["extensions"], sold["lines"][0]["extensions"]) == (ORDER["extensions"], {"terms.delivery": TERMS})


def test_what_does_not_fit_is_named_by_its_pointer(open_app, terms, expect_problem):
    _, _, call = open_app(terms=terms)
    wrong = {"lines": [{**ORDER["lines"][0], "extensions": {"terms.delivery": {"days": "soon"}, "gift/paper": {}}}]}
    body = expect_problem(call.post("/v1/orders", wrong), 422, "INPUT_INVALID")
    assert [(issue["code"], issue["pointer"]) for issue in body["issues"]] == [
        ("INPUT_UNKNOWN_EXTENSION", "/lines/0/extensions/gift~1paper"),
        ("INPUT_WRONG_TYPE", "/lines/0/extensions/terms.delivery/days"),
    ]
    assert body["issues"][0]["expected"] == {"enabled": "terms.delivery"}


def test_without_the_plugin_they_are_refused(open_app, expect_problem):
    _, _, call = open_app()
    body = expect_problem(call.post("/v1/orders", ORDER), 422, "INPUT_INVALID")
    assert [issue["pointer"] for issue in body["issues"]] == ["/extensions/terms.occasion", "/lines/0/extensions/terms.delivery"]


def test_the_document_has_the_schema_of_each_enabled_plugin(open_app, terms):
    _, _, call = open_app(terms=terms)
    schemas = call.get("/openapi.json").get_json()["components"]["schemas"]
    for request, extension in (("LineRequest", "terms.delivery"), ("CreateOrder", "terms.occasion"), ("Sell", "terms.occasion")):
        found = schemas[request]["properties"]["extensions"]
        assert (found["type"], list(found["properties"]), found["additionalProperties"]) == ("object", [extension], False)
    for view, extension in (("LineView", "terms.delivery"), ("SaleLineView", "terms.delivery"), ("OrderView", "terms.occasion")):
        found = schemas[view]["properties"]["extensions"]
        assert (list(found["properties"]), found["additionalProperties"]["type"]) == ([extension], "object")
    name = schemas["LineRequest"]["properties"]["extensions"]["properties"]["terms.delivery"]["$ref"].rpartition("/")[2]
    terms_schema = schemas[name]
    assert (terms_schema["required"], sorted(terms_schema["properties"])) == (["days"], ["days", "note", "way"])
    assert terms_schema["properties"]["days"]["description"] == "Working days."
    assert (terms_schema["description"], terms_schema["additionalProperties"]) == ("How fast a line is delivered, and in which way.", False)


def test_the_document_has_none_where_nothing_is_enabled(open_app):
    _, _, call = open_app()
    found = call.get("/openapi.json").get_json()["components"]["schemas"]["LineRequest"]["properties"]["extensions"]
    assert (found["properties"], found["additionalProperties"]) == ({}, False)


@pytest.mark.slow
def test_requests_with_them_answer_as_documented(open_app, terms, fuzz):
    app, token, _ = open_app(terms=terms)
    failures, called = fuzz(app, token, examples=EXAMPLES, only=["sales.create_order", "sales.sell"])
    assert failures == [], "\n\n".join(failures)
    assert called == {"POST /v1/orders", "POST /v1/sales"}
