"""Answers of upstream services that replicas share: of all that ask for one resource at a time, one calls."""

import hashlib
import json
import struct
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import httpx

from openposterdb.fleet.flight import FleetFlight
from openposterdb.upstreams.transport import Answer, Question

_HEAD: Final = struct.Struct(">I")
_HEADERS: Final = ("retry-after", "last-modified", "etag", "content-type")
_CONDITIONS: Final = ("If-None-Match", "If-Modified-Since")


class AnswerCodec:
    """An answer as bytes: its status, the headers that anybody reads, and its body."""

    def encode(self, value: Answer) -> bytes:
        """The answer as bytes."""
        headers = {name: value.headers[name] for name in _HEADERS if name in value.headers}
        head = json.dumps({"status": value.status, "headers": headers}).encode()
        return b"".join((_HEAD.pack(len(head)), head, value.body))

    def decode(self, data: bytes) -> Answer:
        """The answer again; ValueError for what is none."""
        try:
            (length,) = _HEAD.unpack_from(data)
            head: dict[str, Any] = json.loads(data[_HEAD.size : _HEAD.size + length])
            return Answer(int(head["status"]), httpx.Headers(head["headers"]), data[_HEAD.size + length :])
        except (struct.error, KeyError, TypeError, AttributeError) as problem:
            raise ValueError("not an answer of this release") from problem


class SharedAnswers:
    """Lets one replica ask for all; what it hears counts for a moment for those who ask a little later."""

    def __init__(self, flight: FleetFlight[Answer]) -> None:
        self._flight = flight

    async def __call__(self, service: str, question: Question, ask: Callable[[], Awaitable[Answer]], /) -> Answer:
        """The answer that `ask` gives, here or elsewhere."""
        return await self._flight.run(f"{service}:{name_of(question)}", ask)


def name_of(question: Question) -> str:
    """What stands for a question in Redis: equal for equal questions, whichever key they are asked with."""
    conditions: Mapping[str, str] = {name: question.headers.get(name, "") for name in _CONDITIONS}
    parts = [question.url, sorted(question.params.items()), sorted(conditions.items())]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
