"""What is known of one title, and the ids by which it may be found again."""

from dataclasses import dataclass, replace

from openposterdb.domain import TitleId


@dataclass(frozen=True, slots=True)
class KnownIds:
    """Ids of a title at other services; a TVDB number of a movie and one of a series are different things."""

    imdb: str | None = None
    tvdb: int | None = None


@dataclass(frozen=True, slots=True)
class Title:
    """A title as TMDB has it; `release_date` is `YYYY-MM-DD`, `vote_average` from 0 to 10."""

    id: TitleId
    imdb: str | None = None
    tvdb: int | None = None
    poster_path: str | None = None
    release_date: str | None = None
    vote_average: float | None = None

    def completed(self, ids: KnownIds) -> "Title":
        """The title with the ids it lacked."""
        return replace(self, imdb=self.imdb or ids.imdb, tvdb=self.tvdb or ids.tvdb)

    def aliases(self) -> tuple[str, ...]:
        """Every id that means this title and no other, in normal form.

        A bare number is looked up as a movie first at TMDB and as a series first at TVDB, so it stands for that alone.
        """
        media, number = self.id.media, self.id.tmdb
        names = [f"tmdb/{media}-{number}"]
        if media == "movie":
            names.append(f"tmdb/{number}")
        if self.imdb is not None:
            names.append(f"imdb/{self.imdb}")
        if self.tvdb is not None:
            names.append(f"tvdb/{media}-{self.tvdb}")
            if media == "series":
                names.append(f"tvdb/{self.tvdb}")
        return tuple(names)
