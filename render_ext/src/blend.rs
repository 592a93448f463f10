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
    if left >= width {
        return;
    }
    let columns = layer.width.min(width - left);
    let lines = layer.samples.chunks_exact(layer.width).zip(layer.through.chunks_exact(layer.width));
    for (row, (samples, through)) in plane.chunks_exact_mut(width).skip(top).zip(lines) {
        for ((under, &over), &through) in row[left..left + columns].iter_mut().zip(samples).zip(through) {
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
            let beneath = u32::from(scaled(under[3], 255 - over[3]));
            let alpha = u32::from(over[3]) + beneath;
            if alpha == 0 {
                continue;
            }
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
