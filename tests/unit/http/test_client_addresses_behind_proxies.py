import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.http.addresses import ClientAddresses, host_of, subscriber_of
from tests.http.adapter.rsgi_fakes import FakeHeaders, FakeScope

PROXIES = ("10.0.0.0/8", "192.0.2.7", "fd00::/8")


def client(peer, *forwarded, trusted=PROXIES):
    headers = FakeHeaders([("x-forwarded-for", value) for value in forwarded])
    return ClientAddresses(trusted).of(FakeScope("GET", "/", client=peer, headers=headers))


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.5:80", ["1.1.1.1"], "203.0.113.5"),
        ("10.0.0.1:80", [], "10.0.0.1"),
        ("10.0.0.1:80", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1:80", ["6.6.6.6, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1:80", ["6.6.6.6, 198.51.100.1, 10.2.3.4,192.0.2.7"], "198.51.100.1"),
        ("10.0.0.1:80", ["6.6.6.6", "198.51.100.1", "10.2.3.4"], "198.51.100.1"),
        ("10.0.0.1:80", ["10.2.3.4"], "10.2.3.4"),
        ("10.0.0.1:80", ["6.6.6.6, nonsense, 10.2.3.4"], "10.2.3.4"),
        ("10.0.0.1:80", [""], "10.0.0.1"),
        ("10.0.0.1:80", ["198.51.100.1:4711"], "198.51.100.1"),
        ("10.0.0.1:80", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("[fd00::1]:80", ["2001:DB8::0001"], "2001:db8::1"),
        ("[::ffff:10.0.0.1]:80", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("unix:", ["198.51.100.1"], "unix"),
    ],
)
def test_the_last_hop_that_is_not_ours_is_the_client(peer, forwarded, expected):
    assert client(peer, *forwarded) == expected


def test_nobody_is_trusted_unless_configured():
    assert client("127.0.0.1:1", "1.1.1.1", trusted=()) == "127.0.0.1"


def test_a_bad_cidr_is_refused():
    with pytest.raises(ValueError, match=r"10\.0\.0\.0/33"):
        ClientAddresses(["10.0.0.0/33"])


@given(st.lists(st.ip_addresses(v=4).map(str), max_size=4), st.text(max_size=30))
def test_a_client_cannot_choose_its_address(claims, nonsense):
    honest_hop = "203.0.113.9"
    claimed = ", ".join([nonsense, *claims, honest_hop])
    assert client("10.0.0.1:80", claimed) == honest_hop


@pytest.mark.parametrize("trusted", [PROXIES, ()])
def test_a_remembered_connection_is_the_same_subscriber_while_one_proxy_speaks_for_many(trusted):
    addresses = ClientAddresses(trusted)
    asked = [
        ("203.0.113.5:80", "1.1.1.1"),
        ("10.0.0.1:80", "198.51.100.1"),
        ("10.0.0.1:80", "198.51.100.2"),
        ("10.0.0.1:80", "2001:db8::1"),
        ("[2001:db8:1:2:3::4]:5", "1.1.1.1"),
        ("unix:", ""),
    ]
    for peer, forwarded in asked + asked:
        scope = FakeScope("GET", "/", client=peer, headers=FakeHeaders([("x-forwarded-for", forwarded)]))
        assert addresses.subscriber(scope) == subscriber_of(addresses.of(scope))


def test_remembered_connections_are_bounded():
    addresses = ClientAddresses()
    for port in range(10_000):
        assert addresses.subscriber(FakeScope("GET", "/", client=f"192.0.2.1:{port}")) == "192.0.2.1"
    assert len(addresses._subscribers) <= 4096


@given(st.text(max_size=60))
def test_any_peer_and_any_header_give_some_address(text):
    assert isinstance(client("10.0.0.1:80", text), str)
    assert isinstance(client(text, text), str)
    assert isinstance(subscriber_of(text), str)
    host_of(text)


def test_limits_count_an_ipv6_network_as_one_subscriber():
    assert subscriber_of("2001:db8:1:2:3::4") == subscriber_of("2001:db8:1:2::ffff") == "2001:db8:1:2::/64"
    assert subscriber_of("2001:db8:1:3::4") != subscriber_of("2001:db8:1:2::4")
    assert subscriber_of("198.51.100.1") == "198.51.100.1"
