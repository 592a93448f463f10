//! A whole canvas as intervals.

use super::block::{Block, Coefficients, Samples, Transform};
use super::frame::{Frame, Place, transforms};
use super::huffman::{Tables, Writer};
use crate::picture::Canvas;

/// All intervals of a canvas with the markers between them, and where each interval begins.
pub fn intervals(canvas: &Canvas, frame: &Frame, quality: u8) -> (Vec<u8>, Vec<u32>) {
    let transforms = transforms(quality);
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    if super::forward_vectors::is_there() {
        // SAFETY: the processor has been asked.
        return unsafe { super::forward_vectors::intervals(canvas, frame, &transforms) };
    }
    portable(canvas, frame, &transforms)
}

/// The same with the library's transform.
pub(super) fn portable(canvas: &Canvas, frame: &Frame, transforms: &[Transform; 2]) -> (Vec<u8>, Vec<u32>) {
    intervals_by(canvas, frame, |samples, colour| transforms[colour].forward_both(samples))
}

/// The intervals with a transform of two blocks at a time, of brightness (0) or colour (1).
#[inline(always)]
pub(super) fn intervals_by(
    canvas: &Canvas,
    frame: &Frame,
    transform: impl Fn([Samples<'_>; 2], usize) -> [Coefficients; 2],
) -> (Vec<u8>, Vec<u32>) {
    let mut out = Vec::with_capacity(canvas.planes[0].len() / 4 + 1024);
    let mut starts = Vec::with_capacity(frame.intervals());
    let pairs = frame.pairs();
    let sizes = [0, 1, 2].map(|plane| frame.plane_size(plane));
    let mut edges = [[0u8; 64]; 2];
    for interval in 0..frame.intervals() {
        if interval > 0 {
            out.extend([0xff, 0xd0 + ((interval - 1) % 8) as u8]);
        }
        starts.push(out.len() as u32);
        let (first, row) = frame.origin(interval);
        let mut writer = Writer::new(&mut out);
        let mut previous = [0i16; 3];
        for column in first..first + frame.interval {
            for places in pairs {
                let [a, b] = &mut edges;
                let [one, other] = places;
                let corner = |place: &Place| frame.corner((column, row), *place);
                let one_samples = samples(&canvas.planes[one.0], sizes[one.0], corner(one), a);
                let other_samples = samples(&canvas.planes[other.0], sizes[other.0], corner(other), b);
                let colour = usize::from(one.0 > 0);
                let tables = Tables::standard(colour > 0);
                // A block outside the picture goes through the motions beside one that is inside.
                let Some(any) = one_samples.or(other_samples) else {
                    for place in &places[..if one == other { 1 } else { 2 }] {
                        let brightness = &mut previous[place.0];
                        writer.coefficients(&Coefficients::plain(*brightness), brightness, tables);
                    }
                    continue;
                };
                let [first, second] = transform([one_samples.unwrap_or(any), other_samples.unwrap_or(any)], colour);
                let brightness = &mut previous[one.0];
                let first = if one_samples.is_some() { first } else { Coefficients::plain(*brightness) };
                writer.coefficients(&first, brightness, tables);
                if one != other {
                    let brightness = &mut previous[other.0];
                    let second = if other_samples.is_some() { second } else { Coefficients::plain(*brightness) };
                    writer.coefficients(&second, brightness, tables);
                }
            }
        }
        writer.finish();
    }
    (out, starts)
}

/// The samples of a block, the picture's last ones repeated in `edge` where it reaches beyond; none outside the picture.
#[inline(always)]
fn samples<'a>(
    plane: &'a [u8],
    (width, height): (usize, usize),
    (left, top): (usize, usize),
    edge: &'a mut [u8; 64],
) -> Option<Samples<'a>> {
    if left + 8 <= width && top + 8 <= height {
        return Some(Samples { rows: &plane[top * width + left..][..width * 7 + 8], stride: width });
    }
    if left >= width || top >= height {
        return None;
    }
    let inside = (width - left).min(8);
    for (line, row) in edge.as_chunks_mut::<8>().0.iter_mut().enumerate() {
        let source = &plane[(top + line).min(height - 1) * width + left..][..inside];
        row[..inside].copy_from_slice(source);
        row[inside..].fill(source[inside - 1]);
    }
    Some(Samples { rows: edge, stride: 8 })
}

impl Coefficients {
    /// A block that repeats its predecessor's brightness: for places outside the picture.
    pub fn plain(brightness: i16) -> Self {
        Self { block: Block::plain(brightness), nonzero: 0 }
    }
}
