"""The language of art: what may be asked for, and the one spelling of each."""

from typing import Final

LANGUAGE_PATTERN: Final = "[A-Za-z0-9-]{2,5}"
"""What is accepted as a language: `de`, `pt-BR`."""

TEXTLESS: Final = "00"
"""What Fanart.tv calls the language of art without text."""

FALLBACK_LANGUAGE: Final = "en"
"""What is taken where art in the wanted language is missing."""


def normal_language(text: str) -> str:
    """The spelling that stands for all that differ in case alone: `pt-BR` for `PT-br`, `en` for `EN`."""
    language, hyphen, region = text.lower().partition("-")
    return f"{language}{hyphen}{region.upper() if len(region) == 2 else region}"
