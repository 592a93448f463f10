"""Reading the environment, and saying what is wrong with it in words that name the variable."""

import os
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from openposterdb.config.environment import DatabaseEnvironment, Environment

E = TypeVar("E", bound=DatabaseEnvironment)

_HINTS = {
    "TMDB_API_KEY": "get one at https://www.themoviedb.org/settings/api, or try `openposterdb demo`, which needs none",
}


class ConfigurationError(Exception):
    """A variable is missing or wrong; the message has one line per variable and holds no value of a secret."""


def load(env_file: Path | None = Path(".env")) -> Environment:
    """The process's configuration; ConfigurationError names every variable that is missing or wrong."""
    return _read(Environment, env_file)


def load_database(env_file: Path | None = Path(".env")) -> DatabaseEnvironment:
    """The part that says where the database is."""
    return _read(DatabaseEnvironment, env_file)


def _read(model: type[E], env_file: Path | None) -> E:
    try:
        return model(_env_file=env_file)  # pyright: ignore[reportCallIssue] - members come from the environment
    except ValidationError as error:
        raise ConfigurationError("\n".join(_complaints(error))) from None


def _complaints(error: ValidationError) -> list[str]:
    lines: list[str] = []
    for problem in error.errors(include_url=False, include_input=False):
        name = _spelling(str(problem["loc"][0]).upper()) if problem["loc"] else ""
        if problem["type"] == "missing":
            text = f"{name} is not set"
        else:
            reason = problem["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
            text = f"{name} must be {reason}" if problem["msg"].startswith("Input should be ") else f"{name} {reason}"
        hint = _HINTS.get(name)
        lines.append(f"{text.strip()}: {hint}." if hint else f"{text.strip()}.")
    return lines


def _spelling(name: str) -> str:
    """The variable as it was given: some have the name of an older release too."""
    older = name.replace("IMAGE_", "POSTER_", 1)
    return older if os.environ.get(older) and not os.environ.get(name) else name
