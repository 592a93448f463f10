//! A whole canvas as intervals.

use super::block::{Block, Transform};
use super::frame::{Frame, transforms};
use super::huffman::{Tables, Writer};
use crate::picture::Canvas;

/// All intervals of a canvas with the markers between them, and where each interval begins.
pub fn intervals(canvas: &Canvas, frame: &Frame, quality: u8) -> (Vec<u8>, Vec<u32>) {
    let transforms = transforms(quality);
    let mut out = Vec::with_capacity(canvas.planes[0].len() / 4 + 1024);
    let mut starts = Vec::with_capacity(frame.intervals());
    for interval in 0..frame.intervals() {
        if interval > 0 {
            out.extend([0xff, 0xd0 + ((interval - 1) % 8) as u8]);
        }
        starts.push(out.len() as u32);
        let (first, row) = frame.origin(interval);
        let mut writer = Writer::new(&mut out);
        let mut previous = [0i16; 3];
        for column in first..first + frame.interval {
            for (plane, previous) in previous.iter_mut().enumerate() {
                let (blocks, colour) = (frame.blocks(plane), plane > 0);
                let size = frame.plane_size(plane);
                for (down, across) in (0..blocks).flat_map(|down| (0..blocks).map(move |across| (down, across))) {
                    let corner = ((column * blocks + across) as usize * 8, (row * blocks + down) as usize * 8);
                    let transform = &transforms[usize::from(colour)];
                    let block = block(&canvas.planes[plane], size, corner, transform);
                    let block = block.unwrap_or_else(|| Block::plain(*previous));
                    writer.block(&block, previous, Tables::standard(colour));
                }
            }
        }
        writer.finish();
    }
    (out, starts)
}

/// A block of a plane, the picture's last samples repeated; none outside the picture.
#[inline(always)]
fn block(
    plane: &[u8],
    (width, height): (usize, usize),
    (left, top): (usize, usize),
    transform: &Transform,
) -> Option<Block> {
    if left + 8 <= width && top + 8 <= height {
        let rows = &plane[top * width + left..][..width * 7 + 8];
        return Some(transform.forward(rows, width));
    }
    if left >= width || top >= height {
        return None;
    }
    let mut samples = [0; 64];
    let inside = (width - left).min(8);
    for (line, row) in samples.as_chunks_mut::<8>().0.iter_mut().enumerate() {
        let source = &plane[(top + line).min(height - 1) * width + left..][..inside];
        row[..inside].copy_from_slice(source);
        row[inside..].fill(source[inside - 1]);
    }
    Some(transform.forward(&samples, 8))
}
