"""What can go wrong with an upstream, as data: tests and the control interface of the double set it."""

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from fnmatch import fnmatchcase

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from openposterdb.demo.pictures import Pictures
from openposterdb.demo.wire import Answer, Ending, Request


class Service(StrEnum):
    """An upstream; the value is the first segment of its paths on the double."""

    TMDB = "tmdb"
    TMDB_IMAGES = "tmdb-images"
    FANART = "fanart"
    FANART_IMAGES = "fanart-images"
    MDBLIST = "mdblist"
    OMDB = "omdb"

    @property
    def serves_pictures(self) -> bool:
        """Whether its answers are pictures rather than JSON."""
        return self in {Service.TMDB_IMAGES, Service.FANART_IMAGES}


class FaultKind(StrEnum):
    """The ways to fail. Those from `truncated-picture` on change pictures only and leave JSON alone."""

    STATUS = "status"
    SLOW = "slow"
    HANG = "hang"
    RESET = "reset"
    SHORT_BODY = "short-body"
    TRUNCATED_JSON = "truncated-json"
    HTML = "html"
    EMPTY = "empty"
    QUOTA = "quota"
    REDIRECT_ELSEWHERE = "redirect-elsewhere"
    REDIRECT_LOOP = "redirect-loop"
    TRUNCATED_PICTURE = "truncated-picture"
    CORRUPT_PICTURE = "corrupt-picture"
    HUGE_HEADER = "huge-header"
    PNG_BOMB = "png-bomb"
    SCAN_BOMB = "scan-bomb"
    CMYK = "cmyk"
    PROGRESSIVE = "progressive"
    SIXTEEN_BIT_PNG = "sixteen-bit-png"
    TRANSPARENT_PNG = "transparent-png"


PICTURE_FAULTS: dict[FaultKind, str] = {
    FaultKind.TRUNCATED_PICTURE: "truncated.jpg",
    FaultKind.CORRUPT_PICTURE: "corrupt.jpg",
    FaultKind.HUGE_HEADER: "header_65500x65500.jpg",
    FaultKind.PNG_BOMB: "png_bomb_20000x20000.png",
    FaultKind.SCAN_BOMB: "scan_bomb_progressive.jpg",
    FaultKind.CMYK: "cmyk.jpg",
    FaultKind.PROGRESSIVE: "progressive.jpg",
    FaultKind.SIXTEEN_BIT_PNG: "sixteen_bit.png",
    FaultKind.TRANSPARENT_PNG: "transparent.png",
}

_HTML = b"<!doctype html><title>Just a moment...</title><h1>Checking your browser</h1>"


class Fault(BaseModel):
    """One fault and where it strikes.

    `service` None is every service. `path` is a shell pattern on the path as the service sees it (`/3/find/*`,
    `/t/p/*/macula.jpg`). `times` None is until cleared. `status` and `retry_after` belong to kind `status`,
    `delay` (seconds) to kind `slow`, `location` to kind `redirect-elsewhere`,
    `calls` to kind `quota`: of more than so many within a second the rest is answered with 429.
    """

    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    kind: FaultKind
    service: Service | None = None
    path: str = "*"
    times: int | None = Field(default=None, ge=0)
    status: int = Field(default=500, ge=200, le=599)
    retry_after: str | None = None
    delay: float = Field(default=1.0, ge=0)
    calls: int = Field(default=1, ge=1)
    location: str = "http://127.0.0.2:9/elsewhere"

    def strikes(self, service: Service, path: str) -> bool:
        """Whether it is still to be applied to this request."""
        return (
            self.times != 0
            and self.service in {None, service}
            and (self.kind not in PICTURE_FAULTS or service.serves_pictures)
            and fnmatchcase(path, self.path)
        )


FAULT_LIST: TypeAdapter[list[Fault]] = TypeAdapter(list[Fault])


class FaultBoard:
    """The faults that are set; of several that fit a request the first one strikes."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._faults: list[Fault] = []
        self._let_through: deque[tuple[float, Fault]] = deque()
        self.struck: Counter[str] = Counter()

    def add(self, fault: Fault) -> None:
        """Set one more; later changes of `fault` by the caller have no effect."""
        self._faults.append(fault.model_copy())

    def replace(self, faults: Sequence[Fault]) -> None:
        """Set these and no others."""
        self._faults = [fault.model_copy() for fault in faults]

    def clear(self) -> None:
        """Back to health."""
        self._faults = []
        self.struck.clear()

    def take(self, service: Service, path: str) -> Fault | None:
        """The fault that strikes this request, its `times` counted down."""
        for fault in self._faults:
            if fault.strikes(service, path) and not (fault.kind is FaultKind.QUOTA and self._lets_through(fault)):
                if fault.times is not None:
                    fault.times -= 1
                self.struck[fault.kind] += 1
                return fault
        return None

    def _lets_through(self, quota: Fault) -> bool:
        """Whether there is room for one more call within the last second, which it then takes."""
        now = self._now()
        while self._let_through and self._let_through[0][0] <= now - 1:
            self._let_through.popleft()
        if sum(fault is quota for _, fault in self._let_through) >= quota.calls:
            return False
        self._let_through.append((now, quota))
        return True


def spoil(fault: Fault, request: Request, answer: Answer, pictures: Pictures) -> Answer:
    """The answer as the fault leaves it."""
    if fault.kind in PICTURE_FAULTS:
        return replace(pictures.faulty(PICTURE_FAULTS[fault.kind]), headers={})
    match fault.kind:
        case FaultKind.STATUS:
            headers = {} if fault.retry_after is None else {"retry-after": fault.retry_after}
            return Answer(fault.status, b'{"error":"set by a fault"}', headers=headers)
        case FaultKind.QUOTA:
            return Answer(429, b'{"error":"too many calls within a second"}', headers={"retry-after": "1"})
        case FaultKind.SLOW:
            return replace(answer, delay=answer.delay + fault.delay)
        case FaultKind.HANG:
            return replace(answer, ending=Ending.NEVER)
        case FaultKind.RESET:
            return replace(answer, ending=Ending.RESET)
        case FaultKind.SHORT_BODY:
            return replace(answer, ending=Ending.SHORT)
        case FaultKind.TRUNCATED_JSON:
            return replace(answer, body=answer.body[: len(answer.body) // 2])
        case FaultKind.HTML:
            return Answer(200, _HTML, "text/html; charset=utf-8")
        case FaultKind.EMPTY:
            return replace(answer, body=b"")
        case FaultKind.REDIRECT_ELSEWHERE:
            return Answer(302, headers={"location": fault.location})
        case FaultKind.REDIRECT_LOOP:
            return Answer(302, headers={"location": request.target})
        case _:
            raise AssertionError(fault.kind)
