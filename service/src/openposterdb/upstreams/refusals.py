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
    return "not found" in lowered or "incorrect imdb id" in lowered or "no data" in lowered
