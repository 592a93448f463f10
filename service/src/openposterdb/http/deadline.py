"""The longest that a client is made to wait: from the arrival of its request to the answer."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from openposterdb.errors import DeadlineExceeded


class Deadline:
    """So many seconds from now, on the running loop's clock; one for each request, shared by all of its steps."""

    def __init__(self, seconds: float) -> None:
        self._at = asyncio.get_running_loop().time() + seconds

    @asynccontextmanager
    async def of(self, what: str) -> AsyncGenerator[None]:
        """Within, nothing is waited for any longer than that. Raises DeadlineExceeded, which says that `what` was late."""
        try:
            async with asyncio.timeout_at(self._at):
                yield
        except TimeoutError:
            raise DeadlineExceeded(f"{what} in time; try again in a moment") from None
