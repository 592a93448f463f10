"""Names that all replicas remember for a while."""

from typing import Final

from openposterdb.fleet.link import Link, RedisAway

_HERE: Final = b"1"


class Marks:
    """Marks of one subject, each forgotten `seconds` after it was set last; while Redis is away there are none."""

    def __init__(self, link: Link, subject: str, *, seconds: int) -> None:
        self._link = link
        self._subject = subject
        self._seconds = seconds

    async def set(self, name: str) -> None:
        """Remember the name from now on."""
        key = self._key(name)
        try:
            await self._link.call("mark_set", lambda client: client.set(key, _HERE, ex=self._seconds))
        except RedisAway:  # whoever set it goes on without the others
            return

    async def has(self, name: str) -> bool:
        """Whether any replica has set it."""
        key = self._key(name)
        try:
            return bool(await self._link.call("mark_has", lambda client: client.exists(key)))
        except RedisAway:
            return False

    def _key(self, name: str) -> str:
        return self._link.key("mark", self._subject, name)
