"""The language of art: what may be asked for, and what is meant by it."""

from typing import Final

LANGUAGE_PATTERN: Final = "[A-Za-z0-9-]{2,5}"
"""What is accepted as a language: `de`, `pt-BR`."""

TEXTLESS: Final = "00"
"""What Fanart.tv calls the language of art without text."""

FALLBACK_LANGUAGE: Final = "en"
"""What is taken where art in the wanted language is missing."""

_ISO_639_1: Final = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es"
    " et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj"
    " kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv"
    " ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th"
    " ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
_ADDED: Final = "cn mo"
"""What TMDB and Fanart.tv add: Cantonese and Moldavian."""

_TOLD_APART: Final = (
    "de-AT de-CH de-DE en-AU en-CA en-GB en-US es-AR es-ES es-MX fr-BE fr-CA fr-CH fr-FR it-CH it-IT nl-BE nl-NL pt-BR pt-PT"
    " sr-RS zh-CN zh-HK zh-SG zh-TW"
)
"""The regions whose art is ever another than that of the language."""

_LANGUAGES: Final = frozenset(f"{_ISO_639_1} {_ADDED}".split())
_REGIONAL: Final = frozenset(_TOLD_APART.split())


def normal_language(text: str) -> str:
    """The spelling that stands for all that differ in case alone: `pt-BR` for `PT-br`, `en` for `EN`."""
    language, hyphen, region = text.lower().partition("-")
    return f"{language}{hyphen}{region.upper() if len(region) == 2 else region}"


def wanted_language(text: str) -> str:
    """What a request means by `text`: one of some two hundred languages, however many spellings there are.

    A region that makes no difference is left out, and what is no language means the one that it would fall back to. So
    the images of a title cannot be multiplied by asking for languages that do not exist.
    """
    language = normal_language(text)
    general = general_language(language)
    if language in _REGIONAL or language == TEXTLESS:
        return language
    return general if general in _LANGUAGES else FALLBACK_LANGUAGE


def general_language(language: str) -> str:
    """Without the region: `pt` for `pt-BR`."""
    return language.partition("-")[0]
