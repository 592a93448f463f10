"""The one error of the renderer."""

from typing import Literal

ErrorCode = Literal["unsupported", "corrupt", "too_large", "bad_settings", "internal"]


class RenderError(ValueError):
    """Why there is no picture.

    `code` says which kind of reason: `unsupported` (not a picture that is read), `corrupt` (broken or cut off: worth
    fetching again), `too_large` (beyond the limits), `bad_settings` (arguments that make no sense), `internal` (our
    own fault). The message never contains picture data.
    """

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code: ErrorCode = code

    def __reduce__(self) -> tuple[type["RenderError"], tuple[ErrorCode, str]]:
        return type(self), (self.code, str(self))
