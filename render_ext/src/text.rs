//! Text in Inter Bold: what the font can write, how wide it is, and its coverage.

use std::sync::OnceLock;

use ab_glyph::{Font, FontRef, Glyph, GlyphId, point};

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

/// Adds a text to a mask. The pen starts at `x`; the line's top is `y`, its baseline the whole pixel nearest to
/// the ascent below that: letters stand on a sharp edge.
pub fn draw(mask: &mut Mask, text: &str, height: f32, x: f32, y: f32) {
    let font = font();
    let ascent = font.ascent_unscaled() * height / UNITS_PER_HEIGHT;
    let baseline = (y + ascent).round();
    let mut pen = x;
    for character in text.chars() {
        let id = font.glyph_id(character);
        let glyph: Glyph = id.with_scale_and_position(height, point(pen, baseline));
        if let Some(outline) = font.outline_glyph(glyph) {
            let bounds = outline.px_bounds();
            let (left, top) = (bounds.min.x as i32, bounds.min.y as i32);
            outline.draw(|dx, dy, coverage| mask.add(left + dx as i32, top + dy as i32, coverage));
        }
        pen += font.h_advance_unscaled(id) * height / UNITS_PER_HEIGHT;
    }
}
