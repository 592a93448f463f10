//! The picture that stands in where there is no art: a dim wall, a thin frame, a frame of film. On transparency for
//! logos.

use kurbo::{Affine, BezPath, Point, Rect, Shape as _};

use crate::error::Result;
use crate::mask::Mask;
use crate::picture::{Picture, Rgba};
use crate::settings::{Kind, Settings};
use crate::{png, render};

/// Colours of the wall in the middle of the light, at its edge, and at the bottom.
const LIGHT: [f32; 3] = [48.0, 53.0, 66.0];
const WALL: [f32; 3] = [27.0, 30.0, 38.0];
const FLOOR: [f32; 3] = [15.0, 16.0, 21.0];

/// Opacity of the white frame and glyph on the wall, and of a logo's glyph.
const FRAME_OPACITY: f32 = 0.10;
const GLYPH_OPACITY: f32 = 0.30;
const LOGO_OPACITY: f32 = 0.55;

/// Size of the glyph's drawing.
const GLYPH: (f64, f64) = (120.0, 92.0);

/// A calm picture of the full size of the kind and size: JPEG, for logos PNG with alpha.
pub fn placeholder(kind: Kind, settings: &Settings) -> Result<Vec<u8>> {
    let (width, height) = (kind.width(settings.size)?, kind.height(settings.size)?);
    let size = (f64::from(width), f64::from(height));
    // Where the glyph's centre is, and how wide the glyph is.
    let (centre, glyph_width) = match kind {
        Kind::Poster => (Point::new(size.0 / 2.0, size.1 * 0.46), size.0 * 0.30),
        Kind::Backdrop => (Point::new(size.0 / 2.0, size.1 / 2.0), size.1 * 0.24),
        Kind::Logo => (Point::new(size.0 / 2.0, size.1 / 2.0), size.1 * 0.86),
    };
    let scale = glyph_width / GLYPH.0;
    let place = Affine::translate((centre.x - glyph_width / 2.0, centre.y - GLYPH.1 * scale / 2.0)) * Affine::scale(scale);
    if kind == Kind::Logo {
        let glyph = Mask::of_path(width, height, &film(), place);
        let pixels = glyph.coverage.iter().flat_map(|area| [255, 255, 255, byte(area * 255.0 * LOGO_OPACITY)]);
        return png::encode(&Rgba { width, height, pixels: pixels.collect() });
    }
    let mut pixels = wall(width, height, centre);
    paint(&mut pixels, &Mask::of_path(width, height, &film(), place), GLYPH_OPACITY);
    paint(&mut pixels, &Mask::of_path(width, height, &frame(size.0, size.1), Affine::IDENTITY), FRAME_OPACITY);
    render::compose(kind, Picture::Rgba(Rgba { width, height, pixels }), &[], settings)
}

/// A wall that falls off into the dark, softly lit around the glyph. A grain of half a step hides the bands that
/// such slow gradients show on large screens.
fn wall(width: u32, height: u32, light: Point) -> Vec<u8> {
    let reach = width.max(height) as f32 * 0.62;
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 4);
    for y in 0..height {
        let down = y as f32 / height as f32;
        let dy = y as f32 - light.y as f32;
        for x in 0..width {
            let dx = x as f32 - light.x as f32;
            let near = (1.0 - (dx * dx + dy * dy).sqrt() / reach).max(0.0);
            let glow = near * near * (3.0 - 2.0 * near);
            let grain = grain(x, y);
            for channel in 0..3 {
                let dark = WALL[channel] + (FLOOR[channel] - WALL[channel]) * down;
                pixels.push(byte(dark + (LIGHT[channel] - dark) * glow * 0.8 + grain));
            }
            pixels.push(255);
        }
    }
    pixels
}

/// Noise between -0.5 and 0.5 that depends on the pixel alone.
fn grain(x: u32, y: u32) -> f32 {
    let mut hash = x.wrapping_mul(0x9e37_79b1) ^ y.wrapping_mul(0x85eb_ca77);
    hash = (hash ^ hash >> 15).wrapping_mul(0x2c1b_3c6d);
    hash ^= hash >> 12;
    (hash & 0xffff) as f32 / 65_535.0 - 0.5
}

/// Lays white through a mask.
fn paint(pixels: &mut [u8], mask: &Mask, opacity: f32) {
    for (pixel, &area) in pixels.chunks_exact_mut(4).zip(&mask.coverage) {
        if area > 0.0 {
            for channel in &mut pixel[..3] {
                let under = f32::from(*channel);
                *channel = byte(under + (255.0 - under) * area * opacity);
            }
        }
    }
}

/// A thin line inside the edge.
fn frame(width: f64, height: f64) -> BezPath {
    let short = width.min(height);
    let (inset, line, radius) = (short * 0.035, (short * 0.0035).max(1.5), short * 0.025);
    ring(Rect::new(inset, inset, width - inset, height - inset), line, radius)
}

/// A frame of film: perforated sides, and a picture of two hills and a sun.
fn film() -> BezPath {
    let (width, height) = GLYPH;
    let mut path = ring(Rect::new(0.0, 0.0, width, height), 6.0, 14.0);
    for side in [13.0, width - 13.0 - 9.0] {
        for row in 0..4 {
            let top = 15.0 + f64::from(row) * 18.0;
            path.extend(block(Rect::new(side, top, side + 9.0, top + 8.0), 2.5));
        }
    }
    path.extend(kurbo::Circle::new((75.0, 31.0), 7.5).path_elements(0.01));
    let hills = "M33,69L49.5,42.5Q52,38.5 54.5,42.5L64.5,58.5L70,51Q72.5,47.6 75,51L87.5,69Q89,72 86,72H34.5Q31.5,72 33,69Z";
    path.extend(BezPath::from_svg(hills).expect("the hills are well-formed"));
    path
}

fn block(rect: Rect, radius: f64) -> BezPath {
    rect.to_rounded_rect(radius).to_path(0.01)
}

/// The line between a rounded rectangle and a smaller one, which runs the other way and so cuts a hole.
fn ring(rect: Rect, line: f64, radius: f64) -> BezPath {
    let mut path = block(rect, radius);
    path.extend(block(rect.inset(-line), (radius - line).max(0.0)).reverse_subpaths());
    path
}

fn byte(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}
