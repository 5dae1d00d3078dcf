"""The OpenAPI document and the pages: valid, complete, resolvable, and nothing on them comes from elsewhere."""

import re

import attrs
import pytest
import schemathesis

from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import StartupError
from kassa.kernel.schema import structure

VERBS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def document(call):
    """The document as served."""
    response = call.get("/openapi.json")
    assert response.content_type == "application/json"
    return response.get_json()


def operations_of(document):
    placed = ((path, verb, told) for path, item in document["paths"].items() for verb, told in item.items() if verb in VERBS)
    return {told["operationId"]: (path, verb, told) for path, verb, told in placed}


def references(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for member in value.values():
            yield from references(member)
    elif isinstance(value, list):
        for member in value:
            yield from references(member)


def test_the_document_is_valid_openapi_3_1(document):
    assert document["openapi"].startswith("3.1")
    assert schemathesis.openapi.from_dict(document).validate() is None


def test_a_broken_document_would_be_found(document):
    document["paths"]["/v1"]["get"]["responses"] = []
    with pytest.raises(Exception, match="is not of type"):
        schemathesis.openapi.from_dict(document).validate()


def test_every_reference_leads_somewhere(document):
    for reference in references(document):
        target = document
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]
        assert target


def test_nothing_is_declared_and_not_used(document):
    used = set(references(document))
    declared = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert declared - used == set()


def test_every_operation_stands_in_it(document, shelf_engine):
    mounted = {operation.name: operation for operation in shelf_engine.registry.all(Operation) if operation.http is not None}
    found = operations_of(document)
    assert set(mounted) == {name for name in found if not name.startswith("host.")}
    for name, operation in mounted.items():
        path, verb, told = found[name]
        assert (path, verb) == (f"/v1{operation.http.path}", operation.http.method.lower())
        assert told["summary"] == operation.summary
        assert told["tags"] == [shelf_engine.registry.owner(Operation, name).name]
        assert told["description"]
        assert str(operation.http.status) in told["responses"]
        assert {"400", "401", "403", "404", "422", "429", "500", "503"} <= set(told["responses"])


def test_rules_and_permission_stand_in_the_description(document):
    told = operations_of(document)["shelf.create_box"][2]
    assert "Rules: SH-1." in told["description"]
    assert "`shelf.change`" in told["description"]


def test_examples_are_what_the_engine_reads(document, shelf_engine):
    for name, (_, _, told) in operations_of(document).items():
        operation = shelf_engine.registry.find(Operation, name)
        if operation is None or operation.example is None:
            continue
        given = {found["name"]: found["example"] for found in told["parameters"] if "example" in found}
        if "requestBody" in told:
            given |= told["requestBody"]["content"]["application/json"]["example"]
        assert given == operation.example
        assert structure(operation.request, given)


def test_the_path_is_not_asked_for_twice(document):
    _, _, told = operations_of(document)["shelf.rename_box"]
    assert [found["name"] for found in told["parameters"] if found.get("in") == "path"] == ["box"]
    reference = told["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    body = document["components"]["schemas"][reference.rpartition("/")[2]]
    assert set(body["properties"]) == {"label"}
    assert body["additionalProperties"] is False
    assert "requestBody" not in operations_of(document)["shelf.empty_box"][2]


def test_a_parameter_of_the_query_is_never_null(document):
    _, _, told = operations_of(document)["shelf.list_boxes"]
    schemas = {found["name"]: found["schema"] for found in told["parameters"] if found.get("in") == "query"}
    assert schemas["limit"] == {"type": "integer", "default": 50, "minimum": 1, "maximum": 500}
    assert schemas["filled"] == {"type": "boolean"}
    assert schemas["label"]["type"] == "string"


def test_headers_are_asked_for_where_they_count(document):
    def headers(name):
        return {ref["$ref"].rpartition("/")[2] for ref in operations_of(document)[name][2]["parameters"] if "$ref" in ref}

    where = {"LegalEntity", "Store", "Register"}
    assert headers("shelf.create_box") == {*where, "IdempotencyKey", "IfMatchOptional", "Approval"}
    assert headers("shelf.rename_box") == {*where, "IdempotencyKeyOptional", "IfMatch", "Approval"}
    assert headers("shelf.read_box") == {*where, "IfNoneMatch"}
    assert headers("shelf.list_boxes") == where
    assert headers("shelf.ping") == {"IfNoneMatch"}


def test_errors_are_problem_documents(document):
    for response in document["components"]["responses"].values():
        assert list(response["content"]) == ["application/problem+json"]
    assert document["security"] == [{"bearer": []}]


def test_the_root_lists_what_there_is_and_what_is_not(call):
    body = call.get("/v1").get_json()
    assert body["rooms"] == ["kernel"]
    assert [(plugin["name"], plugin["version"]) for plugin in body["plugins"]] == [("shelf", "3.2.1")]
    absent = {"operation": "shelf.lift_box", "needs": ["crane"], "reason": "It needs crane, which is not enabled."}
    assert body["absent_operations"] == [absent]
    boxes = next(resource for resource in body["resources"] if resource["path"] == "/v1/shelf/boxes")
    assert [(one["method"], one["operation"]) for one in boxes["operations"]] == [("GET", "shelf.list_boxes"), ("POST", "shelf.create_box")]


def test_the_page_needs_nothing_from_elsewhere(make_app, call, expect_problem):
    page = make_app(title="Till & <Co>").test_client().get("/")
    assert page.content_type == "text/html; charset=utf-8"
    assert "<title>Till &amp; &lt;Co&gt;</title>" in page.text
    links = re.findall(r'(?:src|href)="([^"]*)"', page.text)
    assert len(links) == 4
    assert all(link.startswith("/") and not link.startswith("//") for link in links)
    for link in links:
        assert call.get(link).status_code == 200
    for text in (page.text, call.get("/api-page/start.js").text):
        assert "://" not in text
        assert "//" not in text.replace("/*", "")
    assert "validatorUrl: null" in call.get("/api-page/start.js").text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert not re.search(r"https?:|\*", policy)


@pytest.mark.parametrize("name", ["index.html", "../__init__.py", "..%2f__init__.py", "swagger-ui.js"])
def test_only_what_the_page_needs_is_served(call, expect_problem, name):
    expect_problem(call.get(f"/api-page/{name}"), 404, "NOT_FOUND")


def with_operation(shelf, monkeypatch, **changes):
    changed = attrs.evolve(shelf.OPERATIONS[1], name="shelf.odd", **changes)
    monkeypatch.setattr(shelf, "OPERATIONS", (*shelf.OPERATIONS, changed))


@pytest.mark.parametrize("changes, words", [
    ({"http": Http(method="GET", path="/shelf/odd/{missing}")}, "hold fields of ReadBox in braces"),
    ({"http": Http(method="GET", path="shelf/odd/{box}")}, "must start with a slash"),
    ({"http": Http(method="GET", path="/shelf/{box}/{box}")}, "each once"),
    ({"http": Http(method="POST", path="/shelf/odd/{box}")}, "its method must be GET"),
    ({"http": Http(method="GET", path="/shelf/odd/{box}"), "effect": "edit"}, "cannot be GET"),
])  # fmt: skip
def test_an_operation_that_cannot_be_mounted_stops_the_start(kernel_alone, make_engine, make_app, shelf, monkeypatch, changes, words):
    with_operation(shelf, monkeypatch, **changes)
    with pytest.raises(StartupError, match=words) as caught:
        make_app(engine=make_engine(modules={"shelf": shelf}))
    assert caught.value.plugin == "shelf"


def test_two_spellings_of_one_path_stop_the_start(kernel_alone, make_engine, make_app, shelf, monkeypatch):
    renaming = shelf.OPERATIONS[3]
    odd = attrs.evolve(renaming, name="shelf.odd", request=shelf.CreateBox, http=Http(method="PUT", path="/shelf/boxes/{code}"))
    monkeypatch.setattr(shelf, "OPERATIONS", (*shelf.OPERATIONS, odd))
    with pytest.raises(StartupError, match="spell the names in braces alike"):
        make_app(engine=make_engine(modules={"shelf": shelf}))


def test_two_classes_of_one_name_get_two_schemas(kernel_alone, make_engine, make_app, shelf, monkeypatch):
    @attrs.frozen(kw_only=True)
    class BoxView:
        """Another view that is called alike."""

        said: str

    with_operation(shelf, monkeypatch, http=Http(method="GET", path="/shelf/odd/{box}"), response=BoxView)
    app = make_app(engine=make_engine(modules={"shelf": shelf}))
    schemas = app.test_client().get("/openapi.json").get_json()["components"]["schemas"]
    named = {name: set(schema["properties"]) for name, schema in schemas.items() if name.endswith("BoxView")}
    assert sorted(map(len, named.values())) == [1, 4]
