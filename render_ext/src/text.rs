//! Text in Inter Bold: what the font can write, how wide it is, and its coverage.

use std::sync::OnceLock;

use ab_glyph::{Font, FontRef, GlyphId, Outline, OutlineCurve, Point, PxScaleFactor, Rect, ScaleFont, point};
use ab_glyph_rasterizer::Rasterizer;

use crate::mask::Mask;

static INTER_BOLD: &[u8] = include_bytes!("../assets/font/Inter-Bold.ttf");

/// Ascender minus descender in font units: the font's pixel height covers this, not the em.
const UNITS_PER_HEIGHT: f32 = 2478.0;

/// Upstreams may send anything; more than this many characters are cut with an ellipsis.
const LONGEST_VALUE: usize = 10;

fn font() -> &'static FontRef<'static> {
    static FONT: OnceLock<FontRef<'static>> = OnceLock::new();
    FONT.get_or_init(|| FontRef::try_from_slice(INTER_BOLD).expect("the font is part of the program"))
}

/// The part of a text that can be drawn: characters of the font alone, cut to a bounded length. None when there would
/// be nothing to see.
#[must_use]
pub fn drawable(text: &str) -> Option<String> {
    let mut known = text.trim().chars().filter(|&c| font().glyph_id(c) != GlyphId(0));
    let mut short: String = known.by_ref().take(LONGEST_VALUE).collect();
    if known.next().is_some() {
        short.pop();
        short.push('…');
    }
    let font = font();
    short.chars().any(|c| font.outline(font.glyph_id(c)).is_some()).then_some(short)
}

/// Advance width of a character in font units, 2048 to the em.
#[must_use]
pub fn advance(character: char) -> f32 {
    let font = font();
    font.h_advance_unscaled(font.glyph_id(character))
}

/// Width in whole pixels of a text at a font height in pixels, ascent to descent. No kerning.
#[must_use]
pub fn width(text: &str, height: f32) -> u32 {
    let units: f32 = text.chars().map(advance).sum();
    (f64::from(units) * f64::from(height) / f64::from(UNITS_PER_HEIGHT)).ceil() as u32
}

/// A text's outlines where they are to be drawn.
pub struct Line {
    glyphs: Vec<(Outline, PxScaleFactor, Point, Rect)>,
}

impl Line {
    /// The pen starts at `x`; the line's top is `y`, its baseline the whole pixel nearest to the ascent below that: letters
    /// stand on a sharp edge.
    #[must_use]
    pub fn new(text: &str, height: f32, x: f32, y: f32) -> Self {
        let font = font();
        let ascent = font.ascent_unscaled() * height / UNITS_PER_HEIGHT;
        let baseline = (y + ascent).round();
        let scale = font.as_scaled(height).scale_factor();
        let mut pen = x;
        let mut glyphs = Vec::with_capacity(text.len());
        for character in text.chars() {
            let id = font.glyph_id(character);
            if let Some(outline) = font.outline(id) {
                let at = point(pen, baseline);
                let bounds = outline.px_bounds(scale, at);
                glyphs.push((outline, scale, at, bounds));
            }
            pen += font.h_advance_unscaled(id) * height / UNITS_PER_HEIGHT;
        }
        Self { glyphs }
    }

    /// Coverage within a rectangle: its first column and row, and those behind its last ones.
    #[must_use]
    pub fn mask(&self, (left, top): (i32, i32), (right, bottom): (i32, i32)) -> Mask {
        let bounds = self.glyphs.iter().map(|(.., bounds)| bounds);
        let least = |of: &dyn Fn(&Rect) -> f32| bounds.clone().map(of).fold(f32::INFINITY, f32::min) as i32;
        let most = |of: &dyn Fn(&Rect) -> f32| bounds.clone().map(of).fold(f32::NEG_INFINITY, f32::max) as i32;
        let (left, top) = (left.max(least(&|it| it.min.x)), top.max(least(&|it| it.min.y)));
        let (right, bottom) = (right.min(most(&|it| it.max.x)), bottom.min(most(&|it| it.max.y)));
        let (width, height) = (right.saturating_sub(left).max(0), bottom.saturating_sub(top).max(0));
        let mut mask = Mask::empty(width as u32, height as u32).at(left, top);
        let mut rasterizer = Rasterizer::new(0, 0);
        for (outline, scale, at, bounds) in &self.glyphs {
            rasterizer.reset(bounds.width() as usize, bounds.height() as usize);
            fill(&mut rasterizer, outline, *scale, *at - bounds.min);
            mask.add(&rasterizer, bounds.min.x as i32, bounds.min.y as i32);
        }
        mask
    }
}

fn fill(rasterizer: &mut Rasterizer, outline: &Outline, scale: PxScaleFactor, offset: Point) {
    let placed = |at: &Point| point(at.x * scale.horizontal, at.y * -scale.vertical) + offset;
    for curve in &outline.curves {
        match curve {
            OutlineCurve::Line(from, to) => rasterizer.draw_line(placed(from), placed(to)),
            OutlineCurve::Quad(from, control, to) => {
                rasterizer.draw_quad(placed(from), placed(control), placed(to));
            }
            OutlineCurve::Cubic(from, first, second, to) => {
                rasterizer.draw_cubic(placed(from), placed(first), placed(second), placed(to));
            }
        }
    }
}
