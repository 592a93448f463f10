"""The management API as a whole: which operations there are, and who its tokens belong to."""

from collections.abc import Sequence
from typing import Final

from openposterdb.accounts.admins import Admins
from openposterdb.accounts.owners import KeySessions
from openposterdb.composition import Collaborators
from openposterdb.http.api.admins import AdminRoutes
from openposterdb.http.api.audit import AuditRoutes
from openposterdb.http.api.auth import AuthRoutes
from openposterdb.http.api.cookies import RefreshCookie
from openposterdb.http.api.effects import LocalEffects
from openposterdb.http.api.endpoints import Api
from openposterdb.http.api.image_keys import TAG as STORED_IMAGES
from openposterdb.http.api.image_lists import ImageListRoutes
from openposterdb.http.api.image_purges import ImagePurgeRoutes
from openposterdb.http.api.images import ImageRoutes
from openposterdb.http.api.keys import KeyRoutes
from openposterdb.http.api.previews import TAG as PREVIEWS
from openposterdb.http.api.previews import PreviewRoutes
from openposterdb.http.api.settings import SettingsRoutes
from openposterdb.http.api.stats import TAG as STATISTICS
from openposterdb.http.api.stats import StatsRoutes
from openposterdb.http.api.trail import Trail
from openposterdb.storage.repositories import AliasRepository, ImageMetaRepository, RatingIndexRepository
from openposterdb.storage.repositories.image_lists import ImageListRepository
from openposterdb.storage.rows import Admin, ApiKey

TAGS: Final[Sequence[tuple[str, str]]] = (
    ("Auth", "Sessions of admins and of key owners."),
    ("Keys", "API keys, seen to by admins."),
    ("Settings", "What pictures look like: for everybody, or for one key."),
    ("Own key", "What the owner of a key may do with it."),
    (PREVIEWS, "What settings look like, on samples or on a title's own art."),
    (STORED_IMAGES, "What was made already: looking at it, making it again, removing it."),
    (STATISTICS, "How much there is, and how it is doing."),
    ("Admins", "Who may administer."),
    ("Audit", "Who did what."),
)


class SessionGuards:
    """Whose a bearer token is."""

    def __init__(self, admins: Admins, key_sessions: KeySessions) -> None:
        self._admins = admins
        self._key_sessions = key_sessions

    async def admin(self, token: str) -> Admin:
        """The admin whose session it is; Unauthorized."""
        return await self._admins.authenticate(token)

    async def key(self, token: str) -> ApiKey:
        """The key whose owner's session it is; Unauthorized."""
        return await self._key_sessions.authenticate(token)


def management_api(collaborators: Collaborators, effects: LocalEffects) -> Api:
    """Every operation, over its collaborators."""
    environment = collaborators.environment
    trail = Trail(collaborators.audit)
    api = Api()
    AuthRoutes(
        admins=collaborators.admins,
        key_sessions=collaborators.key_sessions,
        keys=collaborators.keys,
        cookie=RefreshCookie(secure=environment.cookie_secure),
        trail=trail,
        public_pages=environment.public_pages,
        wall=environment.wall_titles,
    ).add_to(api)
    KeyRoutes(
        keys=collaborators.key_repository,
        usage=collaborators.usage,
        trail=trail,
        effects=effects,
        clock=collaborators.clock,
    ).add_to(api)
    SettingsRoutes(
        settings=collaborators.settings_repository,
        keys=collaborators.key_repository,
        trail=trail,
        effects=effects,
        fanart_available=environment.fanart_api_key is not None,
        free_key_enabled=environment.free_key_enabled,
        clock=collaborators.clock,
    ).add_to(api)
    PreviewRoutes(
        collaborators.previews,
        fanart_configured=environment.fanart_api_key is not None,
        deadline=environment.request_deadline_secs,
        clock=collaborators.clock,
    ).add_to(api)
    _add_images(api, collaborators, trail)
    StatsRoutes(collaborators).add_to(api)
    AdminRoutes(collaborators.admins).add_to(api)
    AuditRoutes(collaborators.audit).add_to(api)
    return api


def _add_images(api: Api, collaborators: Collaborators, trail: Trail) -> None:
    environment, clock, database = collaborators.environment, collaborators.clock, collaborators.database
    aliases, lists = AliasRepository(database), ImageListRepository(database)
    ImageListRoutes(
        lists, aliases, least=environment.ratings_stale_secs, most=environment.ratings_max_age_secs, clock=clock
    ).add_to(api)
    ImageRoutes(
        images=collaborators.images,
        layers=collaborators.layers,
        composer=collaborators.composer,
        purges=collaborators.purges,
        meta=ImageMetaRepository(database),
        index=RatingIndexRepository(database),
        aliases=aliases,
        settings=collaborators.settings,
        trail=trail,
        fanart_configured=environment.fanart_api_key is not None,
        deadline=environment.request_deadline_secs,
        clock=clock,
    ).add_to(api)
    ImagePurgeRoutes(purges=collaborators.purges, lists=lists, aliases=aliases, trail=trail, clock=clock).add_to(api)
