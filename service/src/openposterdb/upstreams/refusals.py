"""What the error texts of ratings providers mean: some say everything with status 200."""


def is_about_limit(text: str) -> bool:
    """The calls of the API key are used up."""
    lowered = text.lower()
    return "limit" in lowered or "quota" in lowered


def is_about_key(text: str) -> bool:
    """The API key is missing, unknown or blocked."""
    lowered = text.lower()
    return "api key" in lowered or "apikey" in lowered or "unauthorized" in lowered


def is_about_missing(text: str) -> bool:
    """There is no such title: an answer, not a failure."""
    lowered = text.lower()
    # The last one is what OMDb says of an IMDb id that it has never heard of.
    return any(words in lowered for words in ("not found", "incorrect imdb id", "error getting data"))
