//! What is done with bytes from outside, for the fuzzer and for the test that replays it without one. Anything may come
//! back but a panic.

use std::sync::Once;

use crate::badge::Badge;
use crate::jpeg::Frame;
use crate::limits::Limits;
use crate::prepared::Prepared;
use crate::settings::{Chroma, Direction, Encoding, Fit, Kind, Label, Position, Settings, Size, Style};
use crate::source::Source;

/// Pictures of at most a megapixel: what is wrong with larger ones is wrong with these.
fn small_limits() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| Limits { pixels: 1_000_000, ..Limits::DEFAULT }.install());
}

/// Reads a header.
pub fn probe(data: &[u8]) {
    small_limits();
    let _ = crate::probe::probe(data);
}

/// Decodes a picture, and finds that its header has told the truth, and that every processor sees the same.
pub fn decode(data: &[u8]) {
    small_limits();
    if crate::probe::probe(data).is_ok() {
        assert!(crate::jpeg::planes(data) == crate::jpeg::portable_planes(data));
    }
    taken_over(data);
    if let Ok(picture) = crate::decode::decode(data) {
        let info = crate::probe::probe(data).expect("what is decoded has a header");
        assert_eq!(picture.size(), info.orientation.upright((info.width, info.height)));
        let rgba = crate::decode::to_rgba(picture);
        assert_eq!(rgba.pixels.len(), rgba.width as usize * rgba.height as usize * 4);
    }
}

/// Takes a picture over as it is, at its own size and cut: what comes of it can be read.
fn taken_over(data: &[u8]) {
    let (Some((width, height)), Some(source)) = (crate::decode::size_as_it_is(data), crate::jpeg::Source::of(data))
    else {
        return;
    };
    for (chroma, unit) in [(Chroma::Half, 16), (Chroma::Full, 8)] {
        for corner in [(0, 0), (0, unit)] {
            let frame = Frame::of(Kind::Backdrop, width, height.saturating_sub(corner.1).max(1), chroma);
            if let Some(scan) = source.scan(frame, corner, 85, &[]) {
                scan.decode().expect("what is written can be read");
            }
        }
    }
}

/// Reads a prepared picture and draws badges on it. The checksum is made right: nobody who means harm leaves it wrong.
pub fn prepared(data: &[u8]) {
    small_limits();
    let Some(kind) = data.get(6).and_then(|&kind| Kind::ALL.get(usize::from(kind))) else { return };
    let Some(sealed) = Prepared::seal(data) else { return };
    let Ok(prepared) = Prepared::from_bytes(*kind, &sealed) else { return };
    assert_eq!(Prepared::from_bytes(*kind, &prepared.to_bytes()).as_ref(), Ok(&prepared));
    let badges = [(Source::Imdb, "8.2"), (Source::RottenTomatoes, "%%%%%%%%%%"), (Source::Trakt, "77%")]
        .map(|(source, value)| Badge::new(source, value).expect("the font knows digits"));
    for position in [Position::BottomCentre, Position::TopRight] {
        let settings = Settings { position, ..prepared.settings() };
        let _ = prepared.render(&badges, &settings);
    }
}

/// Draws on art with badges and settings that the first bytes choose, in one go and prepared; the rest is the art. A picture
/// that is drawn can be decoded, and the memory that it needs has been told.
pub fn render(data: &[u8]) {
    small_limits();
    let Some((choices, art)) = data.split_first_chunk::<12>() else { return };
    let pick = |index: usize, count: usize| usize::from(choices[index]) % count;
    let kind = Kind::ALL[pick(0, Kind::ALL.len())];
    let settings = Settings {
        size: if kind == Kind::Backdrop { Size::Small } else { Size::Medium },
        position: Position::ALL[pick(1, Position::ALL.len())],
        style: Style::ALL[pick(2, Style::ALL.len())],
        label: Label::ALL[pick(3, Label::ALL.len())],
        direction: Direction::ALL[pick(4, Direction::ALL.len())],
        fit: Fit::ALL[pick(5, Fit::ALL.len())],
        chroma: Chroma::ALL[pick(6, Chroma::ALL.len())],
        quality: choices[7].clamp(1, 100),
        max_bytes: if choices[8] < 64 { u32::from(choices[8]) * 1000 } else { 0 },
        encoding: Encoding::ALL[pick(9, Encoding::ALL.len())],
    };
    let text = String::from_utf8_lossy(&art[..art.len().min(usize::from(choices[10]))]);
    let badges: Vec<Badge> = (0..usize::from(choices[11]) % 70)
        .filter_map(|index| {
            let source = Source::ALL[index % Source::ALL.len()];
            Badge::new(source, text.get(index..).filter(|_| index % 3 == 0).unwrap_or("8.2"))
        })
        .collect();
    let told = crate::estimate::render(kind, art, &settings);
    if let Ok(picture) = crate::render::render(kind, art, &badges, &settings) {
        assert!(told.is_ok());
        crate::decode::decode(&picture).expect("what is drawn can be read");
    }
    if let Ok(prepared) = crate::render::prepare(kind, art, &settings) {
        let _ = prepared.render(&badges, &settings).map(|picture| crate::decode::decode(&picture).expect("a picture"));
    }
}

/// Prepared pictures of all sorts to start from.
#[must_use]
pub fn seeds(art: &[u8]) -> Vec<Vec<u8>> {
    small_limits();
    let mut seeds = Vec::new();
    for kind in [Kind::Poster, Kind::Logo] {
        for (chroma, fit) in [(Chroma::Half, Fit::Cover), (Chroma::Full, Fit::Native)] {
            for max_bytes in [0, 30_000] {
                let settings =
                    Settings { size: Size::Medium, chroma, fit, max_bytes, quality: 50, ..Settings::default() };
                seeds.extend(crate::render::prepare(kind, art, &settings).map(|prepared| prepared.to_bytes()));
            }
        }
    }
    seeds
}
