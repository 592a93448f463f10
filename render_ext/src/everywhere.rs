//! The same bytes from every processor: checksums of pictures, which the tests of each must find. Whoever changes pixels
//! raises [`crate::RENDERER_EPOCH`] and takes over what the failure tells.

use std::fs;
use std::path::Path;

use crate::badge::Badge;
use crate::render::{prepare, render};
use crate::settings::{Chroma, Encoding, Fit, Kind, Label, Position, Settings, Size, Style};
use crate::source::Source;

/// A name, the art, and the checksums of the picture drawn in one go and of the one spliced from prepared art.
const PICTURES: [(&str, &str, u32, u32); 6] = [
    ("poster", "poster_liftoff_500x740_420.jpg", 0xe83d_a7b5, 0x6bd0_72f5),
    ("poster in full colour", "poster_whiskers_780x1155_420_progressive.jpg", 0x7d30_2a34, 0x9fc6_b6ad),
    ("poster of pixels", "odd_151x223_rgb.png", 0xfcae_6ec2, 0xc30e_2276),
    ("backdrop", "backdrop_whiskers_1920x1080_420.jpg", 0xc073_9f21, 0x23a8_14bf),
    ("logo", "logo_orbital_800x310_rgba.png", 0x3901_71a2, 0x284a_f6e8),
    ("logo as WebP", "logo_orbital_800x310_rgba.png", 0xd79c_7cfa, 0xd79c_7cfa),
];

fn choices(name: &str) -> (Kind, Settings) {
    let usual = Settings::default();
    match name {
        "poster in full colour" => {
            let of_text = Settings { style: Style::Vertical, label: Label::Text, position: Position::TopLeft, ..usual };
            (Kind::Poster, Settings { chroma: Chroma::Full, fit: Fit::Native, ..of_text })
        }
        "backdrop" => (Kind::Backdrop, Settings { size: Size::Small, ..usual }),
        "logo" => (Kind::Logo, usual),
        "logo as WebP" => (Kind::Logo, Settings { encoding: Encoding::WebP, ..usual }),
        _ => (Kind::Poster, usual),
    }
}

#[test]
fn every_processor_draws_the_same_bytes() {
    let art = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/art");
    let badges = [(Source::Imdb, "8.2"), (Source::RottenTomatoes, "94%"), (Source::Metacritic, "71")]
        .map(|(source, value)| Badge::new(source, value).unwrap());
    let drawn = PICTURES.map(|(name, file, ..)| {
        let (kind, settings) = choices(name);
        let base = fs::read(art.join(file)).unwrap();
        let whole = render(kind, &base, &badges, &settings).unwrap();
        let spliced = prepare(kind, &base, &settings).unwrap().render(&badges, &settings).unwrap();
        (name, file, crc32fast::hash(&whole), crc32fast::hash(&spliced))
    });
    assert!(drawn == PICTURES, "{drawn:#x?}");
}
