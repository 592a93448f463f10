"""Who asks: the peer, unless it is a proxy that we trust; then the last hop of `X-Forwarded-For` that we do not."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from openposterdb.http.rsgi import Scope

_REMEMBERED_PEERS = 1024
_REMEMBERED_CONNECTIONS = 4096


class ClientAddresses:
    """Client addresses for requests that may come through proxies; `trusted` are CIDRs or single addresses.

    ValueError for a CIDR that is none.
    """

    def __init__(self, trusted: Iterable[str] = ()) -> None:
        self._trusted: tuple[IPv4Network | IPv6Network, ...] = tuple(ip_network(cidr, strict=False) for cidr in trusted)
        self._peers: dict[str, bool] = {}
        self._subscribers: dict[str, str] = {}

    def of(self, scope: Scope) -> str:
        """The client's address without its port; IPv4 in IPv6 comes out as IPv4."""
        peer = host_of(scope.client)
        if not self._trusted or not self.trusts(peer):
            return peer
        hops = [value for name, value in scope.headers.items() if name == "x-forwarded-for"]
        return self.last_untrusted(peer, ",".join(hops))

    def subscriber(self, scope: Scope) -> str:
        """`subscriber_of` the client, remembered for the connections that come from no proxy."""
        connection = scope.client
        known = self._subscribers.get(connection)
        if known is not None:
            return known
        subscriber = subscriber_of(self.of(scope))
        if not self._trusted or not self.trusts(host_of(connection)):
            if len(self._subscribers) >= _REMEMBERED_CONNECTIONS:
                self._subscribers.clear()
            self._subscribers[connection] = subscriber
        return subscriber

    def trusts(self, peer: str) -> bool:
        """Whether what `peer` says about forwarding is believed."""
        known = self._peers.get(peer)
        if known is None:
            if len(self._peers) >= _REMEMBERED_PEERS:
                self._peers.clear()
            address = _parse(peer)
            known = self._peers[peer] = address is not None and self._contains(address)
        return known

    def last_untrusted(self, peer: str, forwarded_for: str) -> str:
        """From right to left the first hop that is not trusted; the last good one if nonsense or nothing follows."""
        client = peer
        for hop in reversed(forwarded_for.split(",")):
            address = _parse(host_of(hop.strip()))
            if address is None:
                return client
            client = str(address)
            if not self._contains(address):
                return client
        return client

    def _contains(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._trusted)


def host_of(peer: str) -> str:
    """`192.0.2.1:80`, `[2001:db8::1]:80`, `::ffff:192.0.2.1` and their like without port, brackets and mapping."""
    if peer.startswith("["):
        host = peer[1:].partition("]")[0]
    elif peer.count(":") == 1:
        host = peer.partition(":")[0]
    else:
        host = peer
    return host[7:] if host.startswith("::ffff:") and "." in host else host


@lru_cache(maxsize=4096)
def subscriber_of(address: str) -> str:
    """What limits are counted by: the address, or for IPv6 the /64 that one subscriber has."""
    if ":" not in address:
        return address
    parsed = _parse(address)
    return str(IPv6Network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else address


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
