import base64
import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.accounts.tokens import AdminClaims, Tokens
from openposterdb.errors import Unauthorized
from tests.manual_clock import ManualClock

SECRET = bytes(range(32))
NOW = 1_700_000_000
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=128)


def tokens(now=NOW, secret=SECRET):
    return Tokens(secret, ManualClock(now))


def refused(read, text):
    try:
        read(text)
    except Unauthorized:
        return True
    return False


def encode(part):
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def signed(claims, *, header=None, secret=SECRET, digest=hashlib.sha256):
    """A token made by hand; `claims` may be bytes that are no JSON."""
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    text = f"{encode(json.dumps(header or {'typ': 'JWT', 'alg': 'HS256'}).encode())}.{encode(payload)}"
    return f"{text}.{encode(hmac.digest(secret, text.encode(), digest))}"


def payload(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


@given(names, st.integers(NOW - 900, NOW + 10_000))
def test_a_token_says_whose_it_is_and_when_it_was_issued(username, issued_at):
    assert tokens().read_admin(tokens().admin_token(username, issued_at)) == AdminClaims(username, issued_at)


@given(st.integers(1, (1 << 31) - 1))
def test_a_keys_token_says_which_key(key_id):
    assert tokens().read_key(tokens().key_token(key_id)) == key_id


def test_claims_are_exactly_those_that_are_documented():
    assert payload(tokens().admin_token("root", NOW)) == {"sub": "root", "exp": NOW + 900}
    assert payload(tokens().key_token(7)) == {"key_id": 7, "exp": NOW + 86_400}
    header = json.loads(base64.urlsafe_b64decode(tokens().key_token(7).split(".")[0] + "=="))
    assert header == {"alg": "HS256", "typ": "JWT"}


def test_a_token_by_another_hand_passes_if_it_is_right():
    assert tokens().read_admin(signed({"exp": NOW + 1, "sub": "root"})).username == "root"


@given(names, st.integers(1, 1000))
def test_the_kinds_never_pass_for_each_other(username, key_id):
    assert refused(tokens().read_key, tokens().admin_token(username, NOW))
    assert refused(tokens().read_admin, tokens().key_token(key_id))


@given(st.data())
def test_no_letter_of_it_may_change(data):
    token = tokens().admin_token("root", NOW)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from(ALPHABET + ".=+/ ").filter(lambda letter: letter != token[place]))
    assert refused(tokens().read_admin, token[:place] + letter + token[place + 1 :])


@given(st.data())
def test_no_letter_may_come_or_go(data):
    token = tokens().admin_token("root", NOW)
    place = data.draw(st.integers(0, len(token)))
    extra = data.draw(st.text(ALPHABET + ".= \n", min_size=1, max_size=4))
    assert refused(tokens().read_admin, token[:place] + extra + token[place:])
    if place < len(token):
        assert refused(tokens().read_admin, token[:place] + token[place + 1 :])


@given(st.text() | st.from_regex(r"[\w-]+\.[\w-]+\.[\w-]*"))
def test_nonsense_is_refused(text):
    assert refused(tokens().read_admin, text)
    assert refused(tokens().read_key, text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_signed_nonsense_is_refused_too(claims):
    assert refused(tokens().read_admin, signed(claims))
    assert refused(tokens().read_key, signed(claims))


@pytest.mark.parametrize(
    "header", [{"alg": "none"}, {"alg": "None"}, {}, {"alg": "HS512"}, {"alg": "RS256"}, {"alg": 1}]
)
def test_other_algorithms_are_refused_whoever_signed(header):
    claims = {"sub": "root", "exp": NOW + 60}
    token = signed(claims, header={"typ": "JWT", **header})
    assert refused(tokens().read_admin, token)
    assert refused(tokens().read_admin, token.rpartition(".")[0] + ".")
    strong = signed(claims, header={"typ": "JWT", "alg": "HS512"}, digest=hashlib.sha512)
    assert refused(tokens().read_admin, strong)


@given(st.binary(min_size=32, max_size=32).filter(lambda secret: secret != SECRET))
def test_another_secret_is_refused(secret):
    assert refused(tokens().read_admin, tokens(secret=secret).admin_token("root", NOW))


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "root"},
        {"exp": NOW + 60},
        {"sub": "root", "exp": None},
        {"sub": "root", "exp": str(NOW + 60)},
        {"sub": "root", "exp": NOW + 60.5},
        {"sub": "root", "exp": True},
        {"sub": "root", "exp": 10**400},
        {"sub": "root", "exp": -1},
        {"sub": "", "exp": NOW + 60},
        {"sub": 1, "exp": NOW + 60},
        {"sub": ["root"], "exp": NOW + 60},
        {"sub": "root", "exp": NOW + 60, "key_id": 1},
        {"sub": "root", "exp": NOW + 60, "iat": NOW},
        [],
        "root",
        b"not json",
        b"[" * 900,
        b'{"sub": "root", "exp": NaN}',
    ],
)
def test_claims_of_another_form_are_refused_though_the_signature_is_right(claims):
    assert refused(tokens().read_admin, signed(claims))


@pytest.mark.parametrize("key_id", [0, -1, "1", True, 1.0, None, [1]])
def test_a_key_is_named_by_a_number(key_id):
    assert refused(tokens().read_key, signed({"key_id": key_id, "exp": NOW + 60}))


def test_brackets_without_end_are_only_refused():
    header = encode(b"[" * 3000)
    assert refused(tokens().read_admin, f"{header}.e30.e30"[:4096])
    assert refused(tokens().read_admin, "a" * 1_000_000)
    assert refused(tokens().read_admin, "\ud800.a.b")


def test_a_token_lasts_fifteen_minutes_and_a_minute_for_clocks_that_differ():
    token = tokens().admin_token("root", NOW)
    assert tokens(NOW + 960).read_admin(token).issued_at == NOW
    assert refused(tokens(NOW + 960.5).read_admin, token)


def test_a_keys_token_lasts_a_day():
    token = tokens().key_token(1)
    assert tokens(NOW + 86_460).read_key(token) == 1
    assert refused(tokens(NOW + 86_461).read_key, token)


def test_a_refusal_repeats_nothing():
    with pytest.raises(Unauthorized) as raised:
        tokens().read_admin("secret-token")
    assert str(raised.value) == "Unauthorized"
    assert raised.value.__cause__ is None
