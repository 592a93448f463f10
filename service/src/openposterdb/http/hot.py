"""The hot path: fresh images answered from memory before any framework object is made.

The index is keyed by the exact request target, so nothing is parsed or decoded. The API key is part of the path: an entry
exists only for a key that was accepted, and `bump` makes every entry stale when a key is revoked or settings change. Answers
that were chosen by `Accept` are held for each of its texts apart.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from openposterdb.buckets import Buckets
from openposterdb.clock import Clock
from openposterdb.http import etags
from openposterdb.http.addresses import ClientAddresses
from openposterdb.http.limits import Group
from openposterdb.http.responses import Keep, Outgoing
from openposterdb.http.rsgi import HeaderList, HTTPProtocol, Scope
from openposterdb.http.sending import with_length

Target = tuple[str, str]

_LONGEST_TARGET = 1024
_BODY_HEADERS = frozenset({"content-type", "content-length", "content-encoding", "content-language", "content-range"})


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer as it is sent. The lists are shared by all requests and never changed.

    `buckets` are those of its route, where that is limited, and `prefix` is how the names of its own begin.
    """

    headers: HeaderList
    headers_head: HeaderList
    headers_304: HeaderList
    body: bytes
    etag: str
    generation: int
    expires: float
    image: Hashable
    buckets: Buckets | None
    prefix: str
    on_hit: Callable[[], None] | None


class HotPath:
    """Answers by request target; at most `max_entries`, oldest first out.

    `on_hit` is called for every answer, where the number of `hits` is not enough. A client without a token falls through to
    the route, which refuses it.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        max_entries: int = 20_000,
        addresses: ClientAddresses | None = None,
        on_hit: Callable[[], None] | None = None,
    ) -> None:
        self._monotonic = clock.monotonic
        self._max_entries = max_entries
        self._on_hit = on_hit
        self._subscriber = (addresses or ClientAddresses()).subscriber
        self._entries: dict[Target, Entry] = {}
        self._targets: defaultdict[Hashable, set[Target]] = defaultdict(set)
        self.generation = 0
        self.hits = 0
        """Answers given so far."""

    def __len__(self) -> int:
        """Entries held, stale ones included."""
        return len(self._entries)

    def answer(self, scope: Scope, proto: HTTPProtocol) -> bool:
        """Answer a GET or HEAD whose target is fresh; False leaves it to the route. Nothing here waits or logs."""
        # a scope makes each attribute anew when it is read: none is read before it is needed
        target = (scope.path, scope.query_string)
        entry = self._entries.get(target)
        if entry is None:
            entry = self._entries.get(negotiated(target, scope.headers.get("accept") or ""))
            if entry is None:
                return False
        now = self._monotonic()
        if entry.expires <= now or entry.generation != self.generation:
            return False
        method = scope.method
        if method != "GET" and method != "HEAD":  # half the time of a set
            return False
        if entry.buckets is not None and not entry.buckets.allow_at(f"{entry.prefix}{self._subscriber(scope)}", now):
            return False
        if_none_match = scope.headers.get("if-none-match")
        if if_none_match is not None and etags.matches(if_none_match, entry.etag):
            proto.response_empty(304, entry.headers_304)
        elif method == "GET":
            proto.response_bytes(200, entry.headers, entry.body)
        else:
            proto.response_empty(200, entry.headers_head)
        self.hits += 1
        if self._on_hit is not None:
            self._on_hit()
        if entry.on_hit is not None:
            entry.on_hit()
        return True

    def keep(
        self, target: Target, out: Outgoing, etag: str, keep: Keep, generation: int, group: Group | None = None
    ) -> None:
        """Remember a complete 200, every use of which costs a token of `group`.

        `generation` is the one under which the answer was begun: a later bump outdates it.
        """
        if generation != self.generation or not isinstance(out.body, bytes) or not out.body:
            return
        if (
            len(target[0]) + len(target[1]) + len(keep.accept or "") > _LONGEST_TARGET
        ):  # no client's: the index is bounded by count
            return
        if keep.accept is not None:
            target = negotiated(target, keep.accept)
        self._discard(target)
        while len(self._entries) >= self._max_entries:
            self._discard(next(iter(self._entries)))
        self._entries[target] = Entry(
            headers=out.headers,
            headers_head=with_length(out.headers, len(out.body)),
            headers_304=not_modified(out.headers),
            body=out.body,
            etag=etag,
            generation=generation,
            expires=self._monotonic() + keep.seconds,
            image=keep.image,
            buckets=None if group is None else group.buckets,
            prefix="" if group is None else group.prefix_of(target[0]),
            on_hit=keep.on_hit,
        )
        self._targets[keep.image].add(target)

    def drop(self, image: Hashable) -> None:
        """Forget every target of an image: the memory layer evicted it, or it was replaced."""
        for target in self._targets.pop(image, set[Target]()):
            self._entries.pop(target, None)

    def bump(self) -> None:
        """Outdate every entry: a key was revoked, or settings changed."""
        self.generation += 1
        self._entries.clear()
        self._targets.clear()

    def _discard(self, target: Target) -> None:
        entry = self._entries.pop(target, None)
        if entry is None:
            return
        targets = self._targets[entry.image]
        targets.discard(target)
        if not targets:
            del self._targets[entry.image]


def negotiated(target: Target, accept: str) -> Target:
    """The place of an answer that was chosen by `Accept`; no query holds a line's end, so none is mistaken for it."""
    return target[0], f"{target[1]}\n{accept}"


def not_modified(headers: HeaderList) -> HeaderList:
    """The headers of the 304 that stands for an answer with `headers`."""
    return [(name, value) for name, value in headers if name not in _BODY_HEADERS]
