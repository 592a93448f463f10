"""Images made before anybody asks, out of what the upstreams' budgets leave for that."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from openposterdb.caching.background import BackgroundTasks
from openposterdb.clock import Clock
from openposterdb.errors import NotFound, OpenPosterDBError, Retryable, UpstreamUnavailable
from openposterdb.images.request import ImageRequest, ServedImage
from openposterdb.images.service import ImageService
from openposterdb.upstreams.budgets import Priority
from openposterdb.upstreams.purpose import working_for

_ATTEMPTS: Final = 3
_LEAST_WAIT_SECONDS: Final = 3.0
"""Longer than an error is remembered."""
_LONGEST_WAIT_SECONDS: Final = 60.0
_MOST_BEHIND: Final = 64
"""Images on their way to the store, which holds them in memory meanwhile."""

_INCOMPLETE: Final = "made while a service failed, so not kept"
_STILL_STALE: Final = "there, but could not be renewed"


@dataclass(slots=True)
class WarmUpReport:
    """How many images were made, renewed, or there and fresh; ids of titles or art not found, and of failures by reason."""

    made: int = 0
    renewed: int = 0
    there: int = 0
    missing: list[str] = field(default_factory=list[str])
    failed: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict[str, list[str]](list))

    @property
    def done(self) -> int:
        """Images seen to, however it went."""
        return self.made + self.renewed + self.there + len(self.missing) + sum(map(len, self.failed.values()))


class WarmUp:
    """Sees to it that images are kept and fresh. What is, costs nothing, so a list may be gone through again and again."""

    def __init__(self, images: ImageService, background: BackgroundTasks, clock: Clock) -> None:
        self._images = images
        self._background = background
        self._clock = clock
        self.report = WarmUpReport()

    async def run(self, requests: Iterable[ImageRequest], *, concurrency: int, on_done: Callable[[], None]) -> None:
        """Go through `requests`, so many at once, and wait until all is stored; `on_done` is called after each.

        May be cancelled: what is under way is given up, and the report tells what was done until then.
        """
        waiting = iter(requests)
        with working_for(Priority.WARM_UP):
            async with asyncio.TaskGroup() as group:
                for _ in range(concurrency):
                    group.create_task(self._work(waiting, on_done))
        await self._background.drain()

    async def _work(self, waiting: Iterator[ImageRequest], on_done: Callable[[], None]) -> None:
        for request in waiting:
            try:
                await self._see_to(request)
            except NotFound:
                self.report.missing.append(request.requested.alias)
            except OpenPosterDBError as error:
                self.report.failed[str(error)].append(request.requested.alias)
            on_done()
            if len(self._background) > _MOST_BEHIND:
                await self._background.drain()

    async def _see_to(self, request: ImageRequest) -> None:
        found = await self._images.find(request)
        if found is None or found.degraded:
            made = await self._make(request)
            if made.degraded:
                self.report.failed[_INCOMPLETE].append(request.requested.alias)
            else:
                self.report.made += 1
        elif found.hold > 0:
            self.report.there += 1
        else:
            await self._background.drain()  # to find a stale one has begun to renew it
            renewed = await self._images.find(request)
            if renewed is not None and renewed.hold > 0:
                self.report.renewed += 1
            else:
                self.report.failed[_STILL_STALE].append(request.requested.alias)

    async def _make(self, request: ImageRequest) -> ServedImage:
        """The image; a service that says when to come back is asked again then, a few times."""
        for _ in range(_ATTEMPTS - 1):
            try:
                return await self._images.start(request)
            except (Retryable, UpstreamUnavailable) as error:
                await self._clock.sleep(min(max(error.retry_after, _LEAST_WAIT_SECONDS), _LONGEST_WAIT_SECONDS))
        return await self._images.start(request)
