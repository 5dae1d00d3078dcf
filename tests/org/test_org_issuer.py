"""An external issuer: its tokens are believed where signature, issuer, audience and time are right, and stand for a worker here."""

import http.server
import json
import threading

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from kassa.kernel.errors import NotPermitted, Refused, StartupError, Unavailable
from kassa.org.access import authenticate
from kassa.org.credentials import SignInRefused
from kassa.org.credentials.issuer import Issuer, IssuerConfig, claim_of

NOW = 1772445600
MINUTE = 60
ROLES = {"kassa-managers": "store_manager", "kassa-cashiers": "cashier"}


class Service:
    """An issuer on this machine: its configuration, its keys, and how often it was asked for them."""

    def __init__(self):
        self.keys = [RSAKey.generate_key(2048, parameters={"kid": "first"})]
        self.asked, self.down, self.pages = 0, False, {}
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                page = None if service.down else service.page(self.path)
                if isinstance(page, str):
                    self.send_response(302)
                    self.send_header("Location", page)
                    self.end_headers()
                    return
                text = json.dumps(page).encode() if page is not None else b"away"
                self.send_response(200 if page is not None else 503)
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *arguments):
                """Say nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    def page(self, path):
        """What stands at a path."""
        if path in self.pages:
            return self.pages[path]
        if path == "/.well-known/openid-configuration":
            return {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        if path == "/keys":
            self.asked += 1
            return KeySet(self.keys).as_dict(private=False)
        return None

    def close(self):
        """End."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def token(self, key=None, algorithm="RS256", **changes):
        """A token for worker 1042, other claims as told; None leaves one out."""
        key = key or self.keys[-1]
        claims = {"iss": self.url, "aud": "kassa-shop", "sub": "u-77", "employee": "1042", "iat": NOW, "exp": NOW + 300} | changes
        kept = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": algorithm} | ({"kid": key.kid} if key.kid else {})
        return jwt.encode(header, kept, key, algorithms=[algorithm])


@pytest.fixture
def service():
    """A local issuer."""
    made = Service()
    yield made
    made.close()


@pytest.fixture
def issuer(do, service):
    """The installation believes it."""
    config = IssuerConfig(issuer=service.url, audience="kassa-shop", worker_claim="employee", roles_claim="access.groups", roles=ROLES)
    made = Issuer(config)
    do.engine.services.replace("org.issuer", made)
    return made


@pytest.fixture
def sign_in(till):
    """Signs in by a token of the issuer; the answer."""
    return lambda token, **more: till("org.sign_in", identity_token=token, **more)


def test_a_token_of_the_issuer_signs_its_worker_in(issuer, service, sign_in, do):
    signed = sign_in(service.token())
    actor = authenticate(do.engine, signed["token"])
    assert (actor.name, sorted(actor.roles), actor.register) == ("Ada Jansen", ["cashier"], "T1")
    assert signed["session"]["method"] == "issuer"
    assert signed["worker_number"] == "1042"
    assert sign_in(service.token(), worker="1042")["worker_number"] == "1042"
    do("org.change_worker", worker="1042", active=False)
    assert authenticate(do.engine, signed["token"]) is None
    with pytest.raises(SignInRefused):
        sign_in(service.token())


def test_roles_come_by_a_map_alone_and_last_as_long_as_the_session(issuer, service, sign_in, do):
    groups = {"access": {"groups": ["kassa-managers", "administrator", "everybody"]}}
    signed = sign_in(service.token(**groups))
    assert signed["roles"] == ["cashier", "store_manager"]
    actor = authenticate(do.engine, signed["token"])
    assert actor.may("catalog.change_prices")
    assert not actor.all_permissions
    assert sign_in(service.token())["roles"] == ["cashier"]
    do("org.create_worker", number="9", name="Cleo")
    assert sign_in(service.token(employee="9", access={"groups": "kassa-cashiers"}))["roles"] == ["cashier"]
    with pytest.raises(Refused) as error:
        sign_in(service.token(employee="9"))
    assert error.value.code == "SIGN_IN_NO_ROLE"


BENT = {
    "another issuer": {"iss": "https://other.example"},
    "another audience": {"aud": "web"},
    "no audience": {"aud": None},
    "expired": {"exp": NOW - 61},
    "no end": {"exp": None},
    "of the future": {"iat": NOW + 120},
    "not yet": {"nbf": NOW + 120},
    "no worker": {"employee": None},
    "a worker that is no text": {"employee": 1042},
    "an unknown worker": {"employee": "1043"},
}


@pytest.mark.parametrize("what", BENT)
def test_claims_that_do_not_fit_are_refused(issuer, service, sign_in, what):
    with pytest.raises(SignInRefused):
        sign_in(service.token(**BENT[what]))


def test_a_token_for_somebody_else_than_named_is_refused(issuer, service, sign_in):
    with pytest.raises(SignInRefused):
        sign_in(service.token(), worker="7")


def test_signatures_that_do_not_fit_are_refused(issuer, service, sign_in):
    good = service.token()
    head, body, _ = good.split(".")
    stranger = RSAKey.generate_key(2048, parameters={"kid": "first"})
    public = json.dumps(service.keys[0].as_dict(private=False)).encode()
    confused = OctKey.import_key(public, parameters={"kid": "first"})
    for token in (
        service.token(stranger), service.token(confused, "HS256"), f"{head}.{body}.", f"eyJhbGciOiJub25lIn0.{body}.", "nonsense", "a.b.c",
        good[:-4] + "AAAA",
    ):  # fmt: skip
        with pytest.raises(SignInRefused):
            sign_in(token)


def test_an_access_token_of_the_issuer_is_no_token_of_kassa(issuer, service, do):
    assert authenticate(do.engine, service.token()) is None


def test_keys_are_kept_and_fetched_anew_when_they_change(issuer, service, sign_in, clock):
    for _ in range(3):
        sign_in(service.token())
    assert service.asked == 1
    clock.advance(seconds=31)
    service.keys.append(ECKey.generate_key("P-256", parameters={"kid": "second"}))
    sign_in(service.token(algorithm="ES256"))
    assert service.asked == 2
    stranger = RSAKey.generate_key(2048, parameters={"kid": "third"})
    for _ in range(20):
        with pytest.raises(SignInRefused):
            sign_in(service.token(stranger))
    assert service.asked == 2, "unknown keys do not make it ask without end"
    clock.advance(seconds=10 * MINUTE)
    sign_in(service.token(algorithm="ES256", iat=NOW + 600, exp=NOW + 900))
    assert service.asked == 3


def test_an_issuer_that_is_away_is_no_matter_for_a_day(issuer, service, sign_in, clock):
    sign_in(service.token())
    service.down = True
    clock.advance(seconds=3600)
    assert sign_in(service.token(iat=NOW + 3600, exp=NOW + 3700))["token"]
    clock.advance(seconds=86_400)
    with pytest.raises(Unavailable):
        sign_in(service.token(iat=NOW + 90_000, exp=NOW + 90_300))
    service.down = False
    clock.advance(seconds=31)
    assert sign_in(service.token(iat=NOW + 90_000, exp=NOW + 90_300))["token"]


@pytest.mark.parametrize("answer", ["elsewhere", {"keys": "none"}, ["x"], {"keys": [{"kty": "what"}]}])
def test_what_is_no_set_of_keys_is_not_believed(issuer, service, sign_in, answer):
    service.pages["/keys"] = answer
    service.pages["/elsewhere"] = KeySet(service.keys).as_dict(private=False)
    with pytest.raises(Unavailable):
        sign_in(service.token())


def test_an_issuer_that_names_itself_otherwise_is_not_believed(issuer, service, sign_in):
    service.pages["/.well-known/openid-configuration"] = {"issuer": "https://evil.example", "jwks_uri": f"{service.url}/keys"}
    with pytest.raises(Unavailable):
        sign_in(service.token())


def test_without_an_issuer_nobody_comes_by_one(till, service):
    with pytest.raises(SignInRefused) as error:
        till("org.sign_in", identity_token=service.token())
    assert "No external issuer" in error.value.detail


def test_a_session_of_the_issuer_has_no_pin_to_replace(issuer, service, sign_in):
    with pytest.raises(Refused) as error:
        sign_in(service.token(), replacement="640281")
    assert error.value.code == "SIGN_IN_UNFIT"


def test_nobody_signs_in_without_the_right_of_a_till(issuer, service, do, worker):
    key = do("org.create_api_key", name="Shop", roles=["cashier"], store="S001")
    with pytest.raises(NotPermitted):
        do.by(authenticate(do.engine, key["token"]))("org.sign_in", identity_token=service.token())


GIVEN = {"KASSA_ISSUER": "https://id.example", "KASSA_ISSUER_AUDIENCE": "kassa", "KASSA_ISSUER_WORKER": "employee"}


def test_the_environment_says_who_is_believed():
    more = {"KASSA_ISSUER_ROLES": "a=cashier, b = store_manager".replace(" = ", "="), "KASSA_ISSUER_ROLES_CLAIM": "groups"}
    config = IssuerConfig.from_environment(GIVEN | more | {"KASSA_ISSUER_KEYS": "https://id.example/keys"})
    assert config == IssuerConfig(
        issuer="https://id.example", audience="kassa", worker_claim="employee", roles_claim="groups", keys="https://id.example/keys",
        roles={"a": "cashier", "b": "store_manager"},
    )  # fmt: skip
    assert IssuerConfig.from_environment({}) is None


@pytest.mark.parametrize(
    "change",
    [
        {"KASSA_ISSUER_AUDIENCE": ""}, {"KASSA_ISSUER_WORKER": ""}, {"KASSA_ISSUER": "http://id.example"},
        {"KASSA_ISSUER_KEYS": "file:///etc/passwd"}, {"KASSA_ISSUER_ROLES": "a"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_stops_the_start(change):
    with pytest.raises(StartupError, match=next(iter(change))):
        IssuerConfig.from_environment(GIVEN | change)


def test_claims_lie_in_others():
    assert claim_of({"a.b": 1, "a": {"b": 2}}, "a.b") == 1
    assert claim_of({"a": {"b": 2}}, "a.b") == 2
    assert claim_of({"a": [1]}, "a.b") is None
