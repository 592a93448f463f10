//! One badge, drawn: rounded, coloured, with its icon or name and its value in white.

use crate::icon;
use crate::layout::Shape;
use crate::mask::Mask;
use crate::settings::{Label, Style};
use crate::source::Source;
use crate::text;

/// Opacity of the black behind a value.
const VALUE_OPACITY: f32 = 200.0 / 255.0;

/// White letters on dark look thinner than they are when blended in stored values; this exponent gives half-covered
/// pixels back the weight that they lose. Not for icons: it would fill their cut-outs.
const WHITE_ON_DARK: f32 = 0.8;

/// A rating to show.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Badge {
    /// Who rates.
    pub source: Source,
    /// What the font can draw of the rating.
    pub value: String,
}

impl Badge {
    /// A badge for any text: what the font cannot draw is left out, what is too long is cut. None when nothing is left
    /// to read: a box that says nothing is worse than no box.
    #[must_use]
    pub fn new(source: Source, value: &str) -> Option<Self> {
        text::drawable(value).map(|value| Self { source, value })
    }
}

/// Pixels with premultiplied alpha, RGBA, 8 bit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixmap {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Four bytes per pixel, row by row.
    pub rgba: Vec<u8>,
}

/// Draws a badge of the given shape.
#[must_use]
pub fn draw(badge: &Badge, shape: &Shape) -> Pixmap {
    let (width, height) = shape.size();
    let white = white(badge, shape, width, height);
    let corners = Corners::new(shape.dimensions.radius, width, height);
    let joint = shape.joint();
    let colour = badge.source.colour().map(f32::from);
    let mut rgba = vec![0; white.coverage.len() * 4];
    let across = width.max(1) as usize;
    let lines = rgba.chunks_exact_mut(across * 4).zip(white.coverage.chunks_exact(across));
    for (y, (line, coverage)) in (0..).zip(lines) {
        let (line, _) = line.as_chunks_mut::<4>();
        // Between the corners a row is whole, and has one part or two.
        let whole = (corners.radius..height.saturating_sub(corners.radius)).contains(&y);
        let part =
            if shape.style == Style::Vertical { across * usize::from(y < joint) } else { across.min(joint as usize) };
        let (named, valued) = line.split_at_mut(part);
        let (over_name, over_value) = coverage.split_at(part);
        for (x, pixels, coverage, under, opacity) in
            [(0, named, over_name, colour, 1.0), (part, valued, over_value, [0.0; 3], VALUE_OPACITY)]
        {
            // Badges are flat but for the edges of what is white: most pixels equal the one to their left.
            let (mut last, mut pixel) = ((f32::NAN, f32::NAN), [0; 4]);
            for (x, (to, &over)) in (x as u32..).zip(pixels.iter_mut().zip(coverage)) {
                let this = (over, if whole { 1.0 } else { corners.coverage(x, y) });
                if this != last {
                    last = this;
                    pixel = blended(under, opacity, over, this.1);
                }
                *to = pixel;
            }
        }
    }
    Pixmap { width, height, rgba }
}

/// A premultiplied pixel: white of coverage `over` on a colour of an opacity, the part of it that is inside the badge.
fn blended(under: [f32; 3], opacity: f32, over: f32, inside: f32) -> [u8; 4] {
    let byte = |value: f32| (value * inside).round() as u8;
    let [red, green, blue] = under.map(|channel| byte(channel * opacity * (1.0 - over) + 255.0 * over));
    [red, green, blue, byte(255.0 * (opacity * (1.0 - over) + over))]
}

/// Everything that is white: icon or name, and value.
fn white(badge: &Badge, shape: &Shape, width: u32, height: u32) -> Mask {
    let d = &shape.dimensions;
    let name = badge.source.label();
    let name_width = match shape.label {
        Label::Icon => d.icon,
        Label::Text => text::width(name, d.label_font),
    };
    let name_height = match shape.label {
        Label::Icon => d.icon,
        Label::Text => d.label_font_floor(),
    };
    let value_width = text::width(&badge.value, d.value_font);
    let (name_at, value_at) = if shape.style == Style::Vertical {
        let joint = shape.joint();
        (
            (width.saturating_sub(name_width) / 2, joint.saturating_sub(name_height) / 2),
            (width.saturating_sub(value_width) / 2, joint + d.vertical_padding / 2),
        )
    } else {
        (
            (d.label_padding + (shape.label_width - name_width) / 2, height.saturating_sub(name_height) / 2),
            (
                shape.joint() + d.value_padding + (shape.value_width - value_width) / 2,
                height.saturating_sub(d.value_font_floor()) / 2,
            ),
        )
    };
    let mut mask = Mask::empty(width, height);
    text::draw(&mut mask, &badge.value, d.value_font, value_at.0 as f32, value_at.1 as f32);
    if shape.label == Label::Text {
        text::draw(&mut mask, name, d.label_font, name_at.0 as f32, name_at.1 as f32);
    }
    // Most pixels are empty or full, and stay what they are; empty ones are passed over sixteen at a time.
    for some in mask.coverage.chunks_mut(16) {
        if some.iter().fold(0, |bits, area| bits | area.to_bits()) != 0 {
            let partly = some.iter_mut().filter(|area| **area > 0.0 && **area < 1.0);
            partly.for_each(|area| *area = area.powf(WHITE_ON_DARK));
        }
    }
    if shape.label == Label::Icon {
        mask.add_mask(&icon::mask(badge.source, d.icon), name_at.0 as i32, name_at.1 as i32);
    }
    mask
}

/// The area that rounded corners leave of each pixel.
struct Corners {
    width: u32,
    height: u32,
    radius: u32,
    /// Coverage of a corner's square, counted from the corner inwards.
    square: Vec<f32>,
}

impl Corners {
    fn new(radius: u32, width: u32, height: u32) -> Self {
        let radius = radius.min(width / 2).min(height / 2);
        let square = (0..radius * radius).map(|i| quarter_disc(radius, i % radius, i / radius)).collect();
        Self { width, height, radius, square }
    }

    fn coverage(&self, x: u32, y: u32) -> f32 {
        let (dx, dy) = (x.min(self.width - 1 - x), y.min(self.height - 1 - y));
        if dx < self.radius && dy < self.radius { self.square[(dy * self.radius + dx) as usize] } else { 1.0 }
    }
}

/// The area of pixel (dx, dy), counted from the corner inwards, inside the corner's quarter disc.
fn quarter_disc(radius: u32, dx: u32, dy: u32) -> f32 {
    const STEPS: u32 = 16;
    let r = radius as f32;
    let top = |x: f32| r - (r * r - (r - x) * (r - x)).max(0.0).sqrt();
    let columns = (0..STEPS).map(|i| {
        let x = dx as f32 + (i as f32 + 0.5) / STEPS as f32;
        (dy as f32 + 1.0 - top(x)).clamp(0.0, 1.0)
    });
    columns.sum::<f32>() / STEPS as f32
}
