"""`/api/admin/users`: admins see to each other. There are no roles among them."""

from pydantic import BaseModel

from openposterdb.accounts.admins import Admins
from openposterdb.http.api.auth import Credentials, Done
from openposterdb.http.api.calls import AdminCall
from openposterdb.http.api.endpoints import Api
from openposterdb.http.api.numbers import ById
from openposterdb.storage.rows import Admin

TAG = "Admins"


class ShownAdmin(BaseModel):
    """An admin; `created_at` is `YYYY-MM-DD HH:MM:SS`, UTC."""

    id: int
    username: str
    created_at: str


class AdminRoutes:
    """Listing, adding and removing admins."""

    def __init__(self, admins: Admins) -> None:
        self._admins = admins

    def add_to(self, api: Api) -> None:
        """Add the operations."""
        api.get("/api/admin/users", tag=TAG)(self.list_admins)
        api.post("/api/admin/users", tag=TAG, errors={409: "The name is taken."})(self.add_admin)
        api.delete(
            "/api/admin/users/{id}",
            tag=TAG,
            errors={404: "There is no such admin.", 409: "It is the last admin."},
        )(self.remove_admin)

    async def list_admins(self, _call: AdminCall) -> list[ShownAdmin]:
        """List the admins, oldest first."""
        return [_shown(admin) for admin in await self._admins.list()]

    async def add_admin(self, call: AdminCall, body: Credentials) -> ShownAdmin:
        """Add an admin."""
        return _shown(await self._admins.add(body.username, body.password, by=call.admin, address=call.address))

    async def remove_admin(self, call: AdminCall, path: ById) -> Done:
        """Remove an admin, whose sessions end at once.

        Keys that this admin created stay.
        """
        await self._admins.remove(call.admin, path.id, address=call.address)
        return Done()


def _shown(admin: Admin) -> ShownAdmin:
    return ShownAdmin(id=admin.id, username=admin.username, created_at=admin.created_at)
