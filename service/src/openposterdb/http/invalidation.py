"""What is held in memory and has to go when something below changes, here or in another process."""

from openposterdb.composition import Collaborators
from openposterdb.http.hot import HotPath


class Invalidation:
    """Forgets keys, sessions, settings and the answers made with them."""

    def __init__(self, collaborators: Collaborators, hot: HotPath) -> None:
        self._keys = collaborators.keys
        self._key_sessions = collaborators.key_sessions
        self._settings = collaborators.settings
        self._hot = hot

    def keys_changed(self) -> None:
        """A key was created, renamed, revoked, or expires at another time."""
        self._keys.forget()
        self._key_sessions.forget()
        self._hot.bump()

    def settings_changed(self) -> None:
        """Somebody's settings, or the free key's switch, changed."""
        self._settings.forget()
        self.keys_changed()  # the free key's switch is a setting


def connect_invalidation(collaborators: Collaborators, hot: HotPath) -> Invalidation:
    """Let what changes below be seen above: an image that leaves memory, a key or a setting that changes."""
    invalidation = Invalidation(collaborators, hot)
    collaborators.memory.subscribe(hot.drop)
    collaborators.changes.subscribe("keys", invalidation.keys_changed)
    collaborators.changes.subscribe("settings", invalidation.settings_changed)
    collaborators.changes.subscribe("admins", collaborators.admins.forget)
    collaborators.changes.subscribe("images", collaborators.purges.changed)
    collaborators.purges.subscribe(hot.bump)  # an answer on its way must not be kept
    collaborators.purges.subscribe(collaborators.images.forget)
    return invalidation
