//! Laying badges on pictures.

use crate::badge::Pixmap;
use crate::picture::Canvas;
use crate::sprite::{Layer, PlanarSprite};

/// Lays a badge on a canvas at an even pixel; what lies outside is cut off.
pub fn onto_canvas(canvas: &mut Canvas, sprite: &PlanarSprite, x: u32, y: u32) {
    for (index, layer) in sprite.layers.iter().enumerate() {
        let step = if index == 0 { 1 } else { canvas.chroma_step };
        let (width, _) = canvas.plane_size(index);
        lay(&mut canvas.planes[index], width, layer, (x / step) as usize, (y / step) as usize);
    }
}

fn lay(plane: &mut [u8], width: usize, layer: &Layer, left: usize, top: usize) {
    let rows = (plane.len() / width).min(top + layer.height());
    if left < width && top < rows {
        onto_part(plane, width, (left, width.min(left + layer.width)), (top, rows), layer, (0, 0));
    }
}

/// Lays a part of a layer on samples that stand `stride` apart from row to row: on columns and rows from the first to
/// before the last, with the layer's sample `from` in the top left corner.
fn onto_part(
    samples: &mut [u8],
    stride: usize,
    (left, right): (usize, usize),
    (top, bottom): (usize, usize),
    layer: &Layer,
    from: (usize, usize),
) {
    let columns = right - left;
    for (y, row) in samples.chunks_exact_mut(stride).enumerate().take(bottom).skip(top) {
        let start = (from.1 + y - top) * layer.width + from.0;
        lay_row(&mut row[left..right], &layer.samples[start..start + columns], &layer.through[start..start + columns]);
    }
}

/// Columns and rows of a block, from the first to before the last.
pub type BlockPart = ((usize, usize), (usize, usize));

/// Lays a part of a layer on a part of a block of samples, with the layer's sample `from` in the part's corner.
#[inline(always)]
pub fn onto_block(samples: &mut [u8; 64], (columns, rows): BlockPart, layer: &Layer, from: (usize, usize)) {
    if (columns, rows) == ((0, 8), (0, 8)) {
        let start = from.1 * layer.width + from.0;
        return lay_block(samples, &layer.samples[start..], &layer.through[start..], layer.width);
    }
    let (lines, _) = samples.as_chunks_mut::<8>();
    for (y, line) in lines[rows.0..rows.1].iter_mut().enumerate() {
        let start = (from.1 + y) * layer.width + from.0;
        let (over, through) = (&layer.samples[start..], &layer.through[start..]);
        // The usual case in one step.
        if let ((0, 8), Some(over), Some(through)) = (columns, over.first_chunk::<8>(), through.first_chunk::<8>()) {
            lay_row(line, over, through);
        } else {
            lay_row(&mut line[columns.0..columns.1], over, through);
        }
    }
}

/// The same of a whole block, whose rows the layer has `width` samples apart: brought together first, many at once are
/// quicker than eight.
#[inline(always)]
fn lay_block(under: &mut [u8; 64], over: &[u8], through: &[u8], width: usize) {
    let together = |samples: &[u8]| {
        let mut block = [0; 64];
        for (y, line) in block.as_chunks_mut::<8>().0.iter_mut().enumerate() {
            line.copy_from_slice(&samples[y * width..][..8]);
        }
        block
    };
    let (above, share): ([u8; 64], [u8; 64]) = (together(over), together(through));
    for at in 0..64 {
        under[at] = above[at].saturating_add(scaled(under[at], share[at]));
    }
}

#[inline(always)]
fn lay_row(under: &mut [u8], over: &[u8], through: &[u8]) {
    for (under, (&over, &through)) in under.iter_mut().zip(over.iter().zip(through)) {
        *under = over.saturating_add(scaled(*under, through));
    }
}

/// Lays a badge on straight RGBA; what lies outside is cut off.
pub fn onto_rgba(pixels: &mut [u8], width: usize, badge: &Pixmap, x: u32, y: u32) {
    let (left, top, badge_width) = (x as usize, y as usize, badge.width as usize);
    if left >= width {
        return;
    }
    let columns = badge_width.min(width - left);
    let rows = pixels.chunks_exact_mut(width * 4).skip(top);
    // Badges are flat, and so is what is below a logo: most pixels meet what those to their left have met.
    let (mut met, mut mixed) = (([0; 4], [0; 4]), [0; 4]);
    for (row, line) in rows.zip(badge.rgba.chunks_exact(badge_width * 4)) {
        let (under, _) = row[left * 4..(left + columns) * 4].as_chunks_mut::<4>();
        for (under, &over) in under.iter_mut().zip(line.as_chunks::<4>().0) {
            match over[3] {
                0 => {}
                255 => *under = over,
                _ => {
                    if met != (*under, over) {
                        (met, mixed) = ((*under, over), mix(*under, over));
                    }
                    *under = mixed;
                }
            }
        }
    }
}

/// A straight pixel with a premultiplied one, not fully transparent, on it.
fn mix(mut under: [u8; 4], over: [u8; 4]) -> [u8; 4] {
    let beneath = u32::from(scaled(under[3], 255 - over[3]));
    let alpha = u32::from(over[3]) + beneath;
    for channel in 0..3 {
        let sum = u32::from(over[channel]) * 255 + u32::from(under[channel]) * beneath;
        under[channel] = ((sum + alpha / 2) / alpha).min(255) as u8;
    }
    under[3] = alpha.min(255) as u8;
    under
}

/// `value × share ÷ 255`, rounded.
#[inline(always)]
fn scaled(value: u8, share: u8) -> u8 {
    let product = u16::from(value) * u16::from(share) + 128;
    ((product + (product >> 8)) >> 8) as u8
}
