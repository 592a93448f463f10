//! The sources' icons: white silhouettes from vector art, rasterised at the size needed.

use std::sync::OnceLock;

use kurbo::{Affine, BezPath};

use crate::mask::Mask;
use crate::source::Source;

/// Edge of the square that every icon is drawn in.
const VIEW_BOX: f64 = 24.0;

fn svg(source: Source) -> &'static str {
    match source {
        Source::Imdb => include_str!("../assets/icons/imdb.svg"),
        Source::Tmdb => include_str!("../assets/icons/tmdb.svg"),
        Source::RottenTomatoes => include_str!("../assets/icons/rt.svg"),
        Source::RottenTomatoesAudience => include_str!("../assets/icons/rta.svg"),
        Source::Metacritic => include_str!("../assets/icons/mc.svg"),
        Source::Trakt => include_str!("../assets/icons/trakt.svg"),
        Source::Letterboxd => include_str!("../assets/icons/lb.svg"),
        Source::MyAnimeList => include_str!("../assets/icons/mal.svg"),
    }
}

/// The outline in a file: the data of its one path.
fn outline(svg: &str) -> BezPath {
    let data = svg.split_once(" d=\"").and_then(|(_, rest)| rest.split_once('"'));
    let (data, _) = data.expect("an icon has one path");
    BezPath::from_svg(data).expect("an icon's path is well-formed")
}

/// An icon's coverage in a square of the given edge in pixels.
#[must_use]
pub fn mask(source: Source, edge: u32) -> Mask {
    static OUTLINES: [OnceLock<BezPath>; Source::ALL.len()] = [const { OnceLock::new() }; Source::ALL.len()];
    let path = OUTLINES[source as usize].get_or_init(|| outline(svg(source)));
    Mask::of_path(edge, edge, path, Affine::scale(f64::from(edge) / VIEW_BOX))
}
