"""Tokens of workers cannot be forged, bent, kept too long or used elsewhere; keys change every day and can be revoked."""

import base64
import json

import attrs
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from kassa.kernel.errors import EverywhereOnly, NotFound, NotPermitted
from kassa.org.access import authenticate
from kassa.org.access.tokens import MemoryKeys, sign

PIN = "582047"
DAY = 86_400


@pytest.fixture
def signed(till):
    """A worker who is signed in."""
    return till.sign_in("1042", PIN)


@pytest.fixture
def own_key(do):
    """The private key of this process."""
    return do.engine.services.provider("org.signing_keys").current(do.engine.clock.now())


def parts(token):
    """Header and claims of a token."""
    return [json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2]]


def plain(value):
    """A part of a token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_a_token_says_who_and_which_session_and_nothing_of_power(signed, own_key):
    header, claims = parts(signed["token"])
    assert header == {"alg": "Ed25519", "kid": own_key.kid, "typ": "at+jwt"}
    assert claims.pop("jti")
    assert claims == {
        "iss": "kassa", "aud": "kassa", "sub": signed["session"]["worker_id"], "sid": signed["id"], "iat": 1772445600, "exp": 1772446500,
    }  # fmt: skip


BENT = {
    "another issuer": {"iss": "somebody"},
    "another audience": {"aud": "shop"},
    "several audiences": {"aud": ["kassa", "shop"]},
    "expired": {"iat": 1772440000, "exp": 1772445600},
    "of the future": {"iat": 1772445661},
    "another worker": {"sub": "0190a000-0000-7000-8000-000000000001"},
    "another session": {"sid": "0190a000-0000-7000-8000-000000000001"},
    "a session that is no id": {"sid": "current"},
    "no id": {"jti": None},
    "an empty id": {"jti": ""},
    "no end": {"exp": None},
    "an end that is text": {"exp": "1772446500"},
    "an end that is a fraction": {"exp": 1772446500.5},
    "an end that is true": {"exp": True},
}


@pytest.mark.parametrize("what", BENT)
def test_claims_that_do_not_fit_are_nobody_though_the_signature_is_right(do, signed, own_key, what):
    header, claims = parts(signed["token"])
    changed = {name: value for name, value in (claims | BENT[what]).items() if value is not None}
    assert authenticate(do.engine, jwt.encode(header, claims, own_key.private, algorithms=["Ed25519"])) is not None
    assert authenticate(do.engine, jwt.encode(header, changed, own_key.private, algorithms=["Ed25519"])) is None


def test_a_clock_that_goes_a_minute_wrong_does_no_harm(do, signed, own_key):
    header, claims = parts(signed["token"])
    assert authenticate(do.engine, jwt.encode(header, claims | {"iat": 1772445660}, own_key.private, algorithms=["Ed25519"])) is not None


def test_signatures_that_do_not_fit_are_nobody(do, signed, own_key):
    header, claims = parts(signed["token"])
    stranger = OKPKey.generate_key("Ed25519", parameters={"kid": own_key.kid})
    public = json.loads(own_key.public)
    confused = OctKey.import_key(base64.urlsafe_b64decode(public["x"] + "=="))
    head, body, signature = signed["token"].split(".")
    forged = {
        "of another key": jwt.encode(header, claims, stranger, algorithms=["Ed25519"]),
        "none": f"{plain(header | {'alg': 'none'})}.{body}.",
        "none in capitals": f"{plain(header | {'alg': 'NONE'})}.{body}.{signature}",
        "the public key as secret": jwt.encode(header | {"alg": "HS256"}, claims, confused, algorithms=["HS256"]),
        "another name of the algorithm": f"{plain(header | {'alg': 'EdDSA'})}.{body}.{signature}",
        "a key of its own": jwt.encode(header | {"jwk": stranger.as_dict(private=False)}, claims, stranger, algorithms=["Ed25519"]),
        "an unknown key": f"{plain(header | {'kid': '0190a000-0000-7000-8000-000000000001'})}.{body}.{signature}",
        "a key that is a path": f"{plain(header | {'kid': '../../dev/null'})}.{body}.{signature}",
        "a key that is a statement": f"""{plain(header | {"kid": "' OR '1'='1"})}.{body}.{signature}""",
        "no key": f"{plain({name: header[name] for name in ('alg', 'typ')})}.{body}.{signature}",
        "critical": f"{plain(header | {'crit': ['b64'], 'b64': False})}.{body}.{signature}",
        "another body": f"{head}.{plain(claims | {'exp': claims['exp'] + 1})}.{signature}",
        "no signature": f"{head}.{body}.",
        "half a signature": f"{head}.{body}.{signature[:43]}",
        "four parts": f"{signed['token']}.{signature}",
        "one part": head,
        "no text": "..",
        "no JSON": f"aGVsbG8.{body}.{signature}",
        "very long": signed["token"] + "A" * 5000,
        "a list as body": f"{head}.{plain([])}.{signature}",
    }
    for what, token in forged.items():
        assert authenticate(do.engine, token) is None, what
    assert authenticate(do.engine, signed["token"]) is not None


def test_a_token_of_another_installation_is_nobody(do, signed):
    elsewhere = MemoryKeys().current(do.engine.clock.now())
    token = sign(
        elsewhere, worker_id=signed["session"]["worker_id"], session_id=signed["id"], issued_at=do.engine.clock.now(),
        expires_at=do.engine.clock.now() + 900_000_000,
    )  # fmt: skip
    assert authenticate(do.engine, token) is None


def test_a_token_counts_to_the_second(do, signed, clock):
    clock.advance(seconds=899)
    assert authenticate(do.engine, signed["token"]) is not None
    clock.advance(seconds=1)
    assert authenticate(do.engine, signed["token"]) is None


def test_no_private_key_is_in_the_database(do, signed, own_key):
    private = own_key.private.as_dict(private=True)["d"]
    with do.engine.database.snapshot() as read:
        rows = [read.rows(f"SELECT * FROM {table}") for table in do.engine.registry.tables]
    assert private not in str(rows)
    assert private not in repr(own_key)
    (shown,) = do("org.list_signing_keys")["items"]
    assert json.loads(shown["public"]) == {"crv": "Ed25519", "kty": "OKP", "kid": own_key.kid, "x": json.loads(own_key.public)["x"]}


def test_keys_change_every_day_and_tokens_of_the_old_one_stay_good(till, do, signed, own_key, clock):
    clock.advance(seconds=DAY - 600)
    before = till.sign_in("1042", PIN)["token"]
    assert parts(before)[0]["kid"] == own_key.kid
    clock.advance(seconds=600)
    after = till.sign_in("1042", PIN)["token"]
    assert parts(after)[0]["kid"] != own_key.kid
    assert authenticate(do.engine, before) is not None
    assert [key["kid"] for key in do("org.list_signing_keys")["items"]] == [parts(after)[0]["kid"], own_key.kid]


def test_each_process_has_a_key_of_its_own(till, do, make_engine):
    other = make_engine(modules={}, url=do.engine.database.url, clock=do.engine.clock)
    here = till.sign_in("1042", PIN)["token"]
    there = other.perform("org.sign_in", {"worker": "1042", "pin": PIN}, actor=till.actor).body["token"]
    assert parts(here)[0]["kid"] != parts(there)[0]["kid"]
    assert authenticate(do.engine, there) is not None
    assert authenticate(other, here) is not None


@pytest.mark.rule("SEC-23")
@pytest.mark.parametrize("place", ["legal_entities", "stores"])
def test_a_signing_key_counts_everywhere_so_who_acts_in_some_places_alone_revokes_none(do, signed, own_key, place):
    local = do.by(attrs.evolve(do.actor, id="local", **{place: frozenset((own_key.kid,))}))
    for kid in (own_key.kid, "0190a000-0000-7000-8000-000000000001"):
        with pytest.raises(EverywhereOnly):
            local("org.revoke_signing_key", kid=kid)
    assert authenticate(do.engine, signed["token"]) is not None


def test_a_revoked_key_ends_its_tokens_and_another_takes_over(till, do, signed, own_key, manager):
    with pytest.raises(NotPermitted):
        manager("org.revoke_signing_key", kid=own_key.kid)
    with pytest.raises(NotFound):
        do("org.revoke_signing_key", kid="0190a000-0000-7000-8000-000000000001")
    revoked = do("org.revoke_signing_key", kid=own_key.kid)
    assert (revoked["revoked_by"], do("org.revoke_signing_key", kid=own_key.kid)) == ("system", revoked)
    assert authenticate(do.engine, signed["token"]) is None
    again = till("org.renew_session", session=signed["id"])["token"]
    assert parts(again)[0]["kid"] != own_key.kid
    assert authenticate(do.engine, again) is not None


def test_a_token_of_one_store_is_worth_nothing_in_another(do, signed):
    other = do("org.create_store", number="S002", name="Utrecht")
    actor = authenticate(do.engine, signed["token"])
    with pytest.raises(NotFound):
        actor.require_store(other["id"])


def test_a_signature_is_looked_at_once(do, signed, monkeypatch):
    looked = []
    real = jwt.decode

    def decode(*arguments, **options):
        looked.append(arguments)
        return real(*arguments, **options)

    monkeypatch.setattr("kassa.org.access.tokens.jwt.decode", decode)
    for _ in range(5):
        assert authenticate(do.engine, signed["token"]) is not None
    assert len(looked) == 1
