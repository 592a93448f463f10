import hashlib
import re
import uuid

from hypothesis import given
from hypothesis import strategies as st

from openposterdb.accounts.keys import hash_key, mint, prefix_of


def test_new_keys_have_the_form_that_clients_look_for():
    key = mint()
    assert re.fullmatch(r"t3-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", key)
    assert re.fullmatch(r"t[0-3]-[a-zA-Z0-9-]+", key)
    assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", key)
    assert uuid.UUID(key.removeprefix("t3-")).version == 4


def test_no_two_keys_are_alike():
    assert len({mint() for _ in range(1000)}) == 1000


def test_the_prefix_tells_eight_characters_of_it():
    assert prefix_of("t3-12345678-9abc") == "t3-12345"


@given(st.text())
def test_the_hash_is_sha256_of_the_text(key):
    assert hash_key(key) == hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()


def test_text_that_is_no_unicode_is_hashed_too():
    assert len(hash_key("\ud800")) == 64
