"""Finer classes of upstream failure, for whoever has to tell why a call failed, and their outcome in the metrics."""

from typing import Literal

from openposterdb.errors import UpstreamBroken

Outcome = Literal[
    "ok",
    "not_found",
    "refused",
    "throttled",
    "broken",
    "unreachable",
    "timed_out",
    "circuit_open",
    "overloaded",
    "over_budget",
]


class KeyRefused(UpstreamBroken):
    """The upstream does not accept our API key (401, 403)."""

    def __init__(self, service: str) -> None:
        super().__init__(service, "refused the API key")


class Unreachable(UpstreamBroken):
    """No connection, or it broke before the answer was complete."""

    def __init__(self, service: str) -> None:
        super().__init__(service, "the connection failed")


class AnswerTooLarge(UpstreamBroken):
    """The answer has more bytes than this kind of answer may have."""

    def __init__(self, service: str, max_bytes: int) -> None:
        super().__init__(service, f"the answer is larger than {max_bytes} bytes")
        self.max_bytes = max_bytes


def outcome_of_status(status: int) -> Outcome:
    """How a complete answer counts in the metrics."""
    if status == 404:
        return "not_found"
    if status == 429:
        return "throttled"
    if status in {401, 403}:
        return "refused"
    return "ok" if status < 400 else "broken"
