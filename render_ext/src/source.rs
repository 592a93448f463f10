//! The eight rating sources: key, colour, name.

use crate::error::{RenderError, Result};

/// Where a rating comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// IMDb.
    Imdb,
    /// The Movie Database.
    Tmdb,
    /// Rotten Tomatoes, critics.
    RottenTomatoes,
    /// Rotten Tomatoes, audience.
    RottenTomatoesAudience,
    /// Metacritic.
    Metacritic,
    /// Trakt.
    Trakt,
    /// Letterboxd.
    Letterboxd,
    /// MyAnimeList.
    MyAnimeList,
}

impl Source {
    /// All sources in their natural order.
    pub const ALL: [Self; 8] = [
        Self::Imdb,
        Self::Tmdb,
        Self::RottenTomatoes,
        Self::RottenTomatoesAudience,
        Self::Metacritic,
        Self::Trakt,
        Self::Letterboxd,
        Self::MyAnimeList,
    ];

    /// The key that settings and providers use.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Imdb => "imdb",
            Self::Tmdb => "tmdb",
            Self::RottenTomatoes => "rt",
            Self::RottenTomatoesAudience => "rta",
            Self::Metacritic => "mc",
            Self::Trakt => "trakt",
            Self::Letterboxd => "lb",
            Self::MyAnimeList => "mal",
        }
    }

    /// The source of a key.
    pub fn parse(key: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|source| source.key() == key)
            .ok_or_else(|| RenderError::bad_settings("a badge names a source that does not exist"))
    }

    /// Opaque colour of the badge, RGB. It says who rates, never how well.
    #[must_use]
    pub const fn colour(self) -> [u8; 3] {
        match self {
            Self::Imdb => [180, 145, 15],
            Self::Tmdb => [1, 155, 88],
            Self::RottenTomatoes | Self::RottenTomatoesAudience => [185, 35, 8],
            Self::Metacritic => [75, 150, 38],
            Self::Trakt => [175, 15, 45],
            Self::Letterboxd => [0, 155, 88],
            Self::MyAnimeList => [34, 60, 120],
        }
    }

    /// The name on badges without icons.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Imdb => "IMDb",
            Self::Tmdb => "TMDB",
            Self::RottenTomatoes => "RTC",
            Self::RottenTomatoesAudience => "RTA",
            Self::Metacritic => "MC",
            Self::Trakt => "Trakt",
            Self::Letterboxd => "LB",
            Self::MyAnimeList => "MAL",
        }
    }
}
