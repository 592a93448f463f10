"""The demo's titles that tests ask for, by what is special about them; ids as in image URLs."""

SERIES = "quiet-signal"
"""A series with every id, every kind of art and a textless poster."""

MOVIE = "neon-orchard"
"""A movie with every kind of art, posters in en, fr and textless, and ratings of nearly every source."""

TWINS = ("seven-ridges", "the-allotment")
"""A movie and a series with one TVDB number."""

DOUBLES = ("cartographer", "moss")
"""A movie and a series with one TMDB number."""

WITHOUT_FANART = "oiseaux"
"""A movie without logo and backdrop."""


def paths(title, kind="poster"):
    """The title by each of its ids, the surest form first."""
    type_ = f"{kind}-default"
    forms = [f"tmdb/{type_}/{title.tmdb_id}"]
    if title.imdb:
        forms.append(f"imdb/{type_}/{title.imdb}")
    if title.tvdb:
        forms.append(f"tvdb/{type_}/{title.media}-{title.tvdb}")
    return forms
