"""What a change has to do in this process at once; the others learn of it from the change feed."""

from typing import Protocol


class LocalEffects(Protocol):
    """Forgets what is held in memory and may be wrong now."""

    def keys_changed(self) -> None:
        """A key was created, renamed, revoked, or expires at another time."""
        ...

    def settings_changed(self) -> None:
        """Somebody's settings, or the free key's switch, changed."""
        ...
