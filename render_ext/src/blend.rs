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
pub fn onto_part(
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
        let over = layer.samples[start..start + columns].iter().zip(&layer.through[start..start + columns]);
        for (under, (&over, &through)) in row[left..right].iter_mut().zip(over) {
            *under = over.saturating_add(scaled(*under, through));
        }
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
    for (row, line) in rows.zip(badge.rgba.chunks_exact(badge_width * 4)) {
        for (under, over) in row[left * 4..(left + columns) * 4].chunks_exact_mut(4).zip(line.chunks_exact(4)) {
            match over[3] {
                0 => continue,
                255 => {
                    under.copy_from_slice(over);
                    continue;
                }
                _ => {}
            }
            let beneath = u32::from(scaled(under[3], 255 - over[3]));
            let alpha = u32::from(over[3]) + beneath;
            for channel in 0..3 {
                let sum = u32::from(over[channel]) * 255 + u32::from(under[channel]) * beneath;
                under[channel] = ((sum + alpha / 2) / alpha).min(255) as u8;
            }
            under[3] = alpha.min(255) as u8;
        }
    }
}

/// `value × share ÷ 255`, rounded.
fn scaled(value: u8, share: u8) -> u8 {
    let product = u32::from(value) * u32::from(share) + 128;
    ((product + (product >> 8)) >> 8) as u8
}
