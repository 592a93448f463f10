//! The pictures that previews are drawn on.

use crate::picture::Rgba;
use crate::settings::Kind;

/// A plain picture of a kind: a calm gradient, or a light rectangle on transparency for logos.
#[must_use]
pub fn picture(kind: Kind) -> Rgba {
    let (width, height) = match kind {
        Kind::Poster => (500u32, 750u32),
        Kind::Logo => (400, 120),
        Kind::Backdrop => (1280, 720),
    };
    let pixel = |x: u32, y: u32| -> [u8; 4] {
        match kind {
            Kind::Poster => {
                let grey = (42.0 - 16.0 * y as f32 / 750.0) as u8;
                [grey, grey, grey, 255]
            }
            Kind::Logo if (8..width - 8).contains(&x) && (8..height - 8).contains(&y) => [220, 220, 220, 240],
            Kind::Logo => [0; 4],
            Kind::Backdrop => {
                let share = 16.0 * x as f32 / 1280.0;
                [(26.0 + share) as u8, 26, (42.0 - share) as u8, 255]
            }
        }
    };
    let pixels = (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(x, y))).collect();
    Rgba { width, height, pixels }
}
