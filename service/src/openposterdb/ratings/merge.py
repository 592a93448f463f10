"""Which provider's rating counts for which badge."""

from collections.abc import Mapping

from openposterdb.domain import RatingSource
from openposterdb.ratings.values import decimal, mal_decimal, percent, tmdb_percent, verbatim, whole
from openposterdb.upstreams.mdblist import MdblistRating, MdblistTitle
from openposterdb.upstreams.omdb import OmdbTitle

_NOTHING = MdblistRating(None, None)


def merge(
    vote_average: float | None, mdblist: MdblistTitle | None, omdb: OmdbTitle | None
) -> Mapping[RatingSource, str]:
    """The badges' texts in natural order; where OMDb and MDBList both know a rating, OMDb's counts."""
    omdb = omdb or OmdbTitle()
    listed = (mdblist or MdblistTitle()).ratings

    def of(source: str) -> MdblistRating:
        return listed.get(source, _NOTHING)

    texts = {
        RatingSource.IMDB: verbatim(omdb.imdb) or decimal(of("imdb").value),
        RatingSource.TMDB: tmdb_percent(vote_average),
        RatingSource.RT: verbatim(omdb.rotten_tomatoes) or percent(of("tomatoes").score),
        RatingSource.RTA: percent(of("popcorn").score),
        RatingSource.MC: verbatim(omdb.metascore) or whole(of("metacritic").score),
        RatingSource.TRAKT: percent(of("trakt").score),
        RatingSource.LB: decimal(of("letterboxd").value),
        RatingSource.MAL: mal_decimal(of("myanimelist").score),
    }
    return {source: text for source, text in texts.items() if text is not None}
