//! One interval after the other, a unit at a time: read, drawn on where badges are, and written.

use super::block::{self, Coefficients, Sampled, Samples, Transform};
use super::codes::{self, FILE_ORDER, NATURAL_ORDER};
use super::covered::{Covered, Pair};
use super::drawing::Drawing;
use super::frame::Frame;
use super::huffman::{self, Writer};
use super::reader::unstuffed;
use crate::error::Result;
use crate::picture::Canvas;

/// Draws on the interval of some data that the drawing has turned to, and writes it behind what is there.
pub type Draw = fn(&[u8], &Drawing<'_>, &[Transform; 2], &mut Vec<u8>) -> Result<()>;

/// See [`Draw`].
pub fn draw(data: &[u8], drawing: &Drawing<'_>, transforms: &[Transform; 2], out: &mut Vec<u8>) -> Result<()> {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    if super::forward_vectors::is_there() {
        // SAFETY: the processor has been asked.
        return unsafe { super::inverse_vectors::draw(data, drawing, transforms, out) };
    }
    portable(data, drawing, transforms, out)
}

/// The same with the library's transforms.
pub fn portable(data: &[u8], drawing: &Drawing<'_>, transforms: &[Transform; 2], out: &mut Vec<u8>) -> Result<()> {
    let tables = transforms.each_ref().map(|transform| &transform.table);
    draw_by(
        data,
        drawing,
        |samples, colour| transforms[colour].forward_both(samples),
        |found, colour| block::inverse(found, [tables[colour]; 2]),
        out,
    )
}

/// The same with transforms of two blocks at a time, of brightness (0) or colour (1).
#[inline(always)]
pub(super) fn draw_by(
    data: &[u8],
    drawing: &Drawing<'_>,
    forward: impl Fn([Samples<'_>; 2], usize) -> [Coefficients; 2],
    inverse: impl Fn([&Coefficients; 2], usize) -> Sampled,
    out: &mut Vec<u8>,
) -> Result<()> {
    let frame = &drawing.frame;
    let mut room = Vec::new();
    let (mut reader, mut writer) = (unstuffed(data, &mut room), Writer::new(out));
    let (mut read, mut written) = ([0i16; 3], [0i16; 3]);
    let mut found = [Coefficients::default(); 2];
    let mut blocks = Covered::default();
    // Bits that stay as they are and have yet to be written.
    let mut kept = 0..0;
    for column in 0..frame.interval {
        let unit = (drawing.origin.0 + column, drawing.origin.1);
        for places in frame.pairs() {
            let colour = places[0].0 > 0;
            let (tables, written_as) = (codes::Tables::standard(colour), huffman::Tables::standard(colour));
            // Spelt out: arrays of closures are calls here.
            let covered = [drawing.covers(column, places[0]), drawing.covers(column, places[1])];
            let count = if places[0] == places[1] { 1 } else { 2 };
            let corners = [frame.corner(unit, places[0]), frame.corner(unit, places[1])];
            if covered == [false; 2] {
                for index in 0..count {
                    let plane = places[index].0;
                    let (before, inside) = (read[plane], drawing.is_inside(plane, corners[index]));
                    if inside && before == written[plane] {
                        let bits = reader.pass(&mut read[plane], tables)?;
                        kept = if kept.is_empty() { bits } else { kept.start..bits.end };
                        written[plane] = read[plane];
                        continue;
                    }
                    writer.copy(&reader, std::mem::take(&mut kept));
                    reader.block(&mut read[plane], tables, &FILE_ORDER, &mut found[0])?;
                    let block = if inside { found[0] } else { Coefficients::plain(written[plane]) };
                    writer.coefficients(&block, &mut written[plane], written_as);
                }
                continue;
            }
            writer.copy(&reader, std::mem::take(&mut kept));
            let mut hidden = [false; 2];
            for index in 0..count {
                let plane = places[index].0;
                hidden[index] = covered[index] && drawing.hides(plane, corners[index]);
                if hidden[index] {
                    reader.pass(&mut read[plane], tables)?;
                    continue;
                }
                let order = if covered[index] { &NATURAL_ORDER } else { &FILE_ORDER };
                reader.block(&mut read[plane], tables, order, &mut found[index])?;
            }
            let pair = Pair { places: *places, corners, covered, hidden };
            let inverse = |found: [&Coefficients; 2], _| inverse(found, usize::from(colour));
            blocks.draw(drawing, &pair, &mut found, inverse, &forward);
            for index in 0..count {
                let plane = places[index].0;
                if !drawing.is_inside(plane, corners[index]) {
                    found[index] = Coefficients::plain(written[plane]);
                }
                writer.coefficients(&found[index], &mut written[plane], written_as);
            }
        }
    }
    writer.copy(&reader, kept);
    reader.finish()?;
    writer.finish();
    Ok(())
}

/// Decodes an interval to where it lies on a canvas.
pub fn read(
    data: &[u8],
    frame: &Frame,
    interval: usize,
    transforms: &[Transform; 2],
    canvas: &mut Canvas,
) -> Result<()> {
    let (first, row) = frame.origin(interval);
    let mut room = Vec::new();
    let mut reader = unstuffed(data, &mut room);
    let mut previous = [0i16; 3];
    let mut found = [Coefficients::default(); 2];
    for column in first..first + frame.interval {
        for places in frame.pairs() {
            let colour = places[0].0 > 0;
            let count = if places[0] == places[1] { 1 } else { 2 };
            for (place, found) in places.iter().zip(&mut found).take(count) {
                reader.block(&mut previous[place.0], codes::Tables::standard(colour), &NATURAL_ORDER, found)?;
            }
            let samples = block::inverse([&found[0], &found[1]], [&transforms[usize::from(colour)].table; 2]);
            for (place, samples) in places.iter().zip(samples).take(count) {
                let (left, top) = frame.corner((column, row), *place);
                let (width, height) = canvas.plane_size(place.0);
                for (y, line) in (top..height).zip(samples.as_chunks::<8>().0) {
                    let target = canvas.planes[place.0][y * width..][..width].iter_mut().skip(left);
                    target.zip(line).for_each(|(sample, &value)| *sample = value);
                }
            }
        }
    }
    reader.finish()
}
