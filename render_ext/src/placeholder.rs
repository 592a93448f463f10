//! The picture that stands in where there is no art: a dim wall, a thin frame, a frame of film. On transparency for
//! logos.

use kurbo::{Affine, BezPath, Point, Rect, Shape as _};

use crate::error::Result;
use crate::mask::Mask;
use crate::picture::{Canvas, Rgba};
use crate::render;
use crate::settings::{Kind, Settings};

/// Brightness of the wall under the light, beside it at the top, and beside it at the bottom.
const LIGHT: f32 = 54.0;
const WALL: f32 = 30.0;
const FLOOR: f32 = 15.0;

/// Cb and Cr of everything: a cold night. One colour for all brightnesses, because slow changes of colour show as
/// patches once JPEG has rounded them.
const TINT: [u8; 2] = [131, 127];

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
    let corner = Point::new(centre.x - glyph_width / 2.0, centre.y - GLYPH.1 * scale / 2.0).floor();
    let glyph =
        Mask::of_path(glyph_width.ceil() as u32, (GLYPH.1 * scale).ceil() as u32, &film(), Affine::scale(scale));
    let (left, top) = (corner.x as usize, corner.y as usize);
    let columns = glyph.width as usize;
    let lines = glyph.coverage.chunks_exact(columns);
    if kind == Kind::Logo {
        let mut pixels = [255, 255, 255, 0].repeat(width as usize * height as usize);
        for (row, line) in pixels.chunks_exact_mut(width as usize * 4).skip(top).zip(lines) {
            for (pixel, &area) in row[left * 4..].chunks_exact_mut(4).zip(line) {
                pixel[3] = byte(area * 255.0 * LOGO_OPACITY);
            }
        }
        return render::encode_logo(&Rgba { width, height, pixels }, settings);
    }
    let mut canvas = Canvas { width, height, chroma_step: Canvas::step_of(settings.chroma), ..Canvas::default() };
    for (plane, tint) in [(1, TINT[0]), (2, TINT[1])] {
        let (columns, rows) = canvas.plane_size(plane);
        canvas.planes[plane] = vec![tint; columns * rows];
    }
    let mut luma = wall(width, height, centre);
    for (row, line) in luma.chunks_exact_mut(width as usize).skip(top).zip(lines) {
        for (pixel, &area) in row[left..].iter_mut().zip(line) {
            *pixel = lighter(*pixel, area * GLYPH_OPACITY);
        }
    }
    canvas.planes[0] = luma;
    crate::render::encode(kind, &canvas, settings)
}

/// Brightness of a wall that falls off into the dark, softly lit around a point, with a thin frame inside its edge.
/// A grain of half a step hides the bands that such slow gradients show on large screens.
fn wall(width: u32, height: u32, light: Point) -> Vec<u8> {
    let reach = width.max(height) as f32 * 0.62;
    let (light_x, light_y) = (light.x as f32, light.y as f32);
    let frame = Frame::of(width as f32, height as f32);
    let mut luma = Vec::with_capacity(width as usize * height as usize);
    for y in 0..height {
        let dark = WALL + (FLOOR - WALL) * y as f32 / height as f32;
        let dy = y as f32 - light_y;
        for x in 0..width {
            let dx = x as f32 - light_x;
            let near = (1.0 - (dx * dx + dy * dy).sqrt() / reach).max(0.0);
            let glow = near * near * (3.0 - 2.0 * near);
            let bare = byte(dark + (LIGHT - dark) * glow * 0.8 + grain(x, y));
            luma.push(lighter(bare, frame.coverage(x as f32 + 0.5, y as f32 + 0.5) * FRAME_OPACITY));
        }
    }
    luma
}

/// Noise between -0.5 and 0.5 that depends on the pixel alone.
fn grain(x: u32, y: u32) -> f32 {
    let mut hash = x.wrapping_mul(0x9e37_79b1) ^ y.wrapping_mul(0x85eb_ca77);
    hash = (hash ^ hash >> 15).wrapping_mul(0x2c1b_3c6d);
    hash ^= hash >> 12;
    (hash & 0xffff) as f32 / 65_535.0 - 0.5
}

/// A thin line with round corners inside the edge.
struct Frame {
    centre: (f32, f32),
    /// From the centre to where the corners' roundings have their centres.
    reach: (f32, f32),
    radius: f32,
    line: f32,
}

impl Frame {
    fn of(width: f32, height: f32) -> Self {
        let short = width.min(height);
        let (inset, radius) = (short * 0.035, short * 0.025);
        let centre = (width / 2.0, height / 2.0);
        let reach = (centre.0 - inset - radius, centre.1 - inset - radius);
        Self { centre, reach, radius, line: (short * 0.0035).max(1.5) }
    }

    /// How much of the pixel around a point the line covers, from the point's distance to it.
    fn coverage(&self, x: f32, y: f32) -> f32 {
        let (dx, dy) = ((x - self.centre.0).abs() - self.reach.0, (y - self.centre.1).abs() - self.reach.1);
        let outside = dx.max(0.0).hypot(dy.max(0.0)) + dx.max(dy).min(0.0) - self.radius;
        (self.line / 2.0 + 0.5 - (outside + self.line / 2.0).abs()).clamp(0.0, 1.0)
    }
}

/// White laid over a brightness.
fn lighter(luma: u8, opacity: f32) -> u8 {
    byte(f32::from(luma) + (255.0 - f32::from(luma)) * opacity)
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
    let hills =
        "M33,69L49.5,42.5Q52,38.5 54.5,42.5L64.5,58.5L70,51Q72.5,47.6 75,51L87.5,69Q89,72 86,72H34.5Q31.5,72 33,69Z";
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
