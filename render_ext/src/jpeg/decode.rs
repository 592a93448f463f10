//! Baseline JPEGs of the usual kinds to planes: half as fast again as the libraries, which look at fewer bits at once and
//! transform one block at a time. Whatever is unusual, or not quite as it should be, is left to them.

use std::sync::Arc;

use libjpeg_turbo_rs::encode::tables::ZIGZAG_ORDER;

use super::block::{self, Coefficients, Sampled};
use super::codes::{Codes, NATURAL_ORDER, Tables};
use super::frame::{Place, pairs};
use super::reader::unstuffed;
use crate::picture::{Axis, Plane, Planes};

/// What is written before the first coefficient.
pub(super) struct Head {
    pub width: usize,
    pub height: usize,
    /// Colours take one sample of so many pixels across and down.
    pub step: (usize, usize),
    /// Units between two restart markers; 0 when there are none.
    pub restart: usize,
    /// Row by row, for each plane.
    pub divisors: [[u16; 64]; 3],
    /// Of which colours may have the same.
    pub tables: [Arc<Tables>; 3],
}

/// Decodes a picture whose three planes are known to be JPEG's own colours; none for what is left to a library, broken
/// pictures among it.
#[must_use]
pub fn planes(data: &[u8]) -> Option<Planes> {
    planes_by(data, fill)
}

/// The same with the library's transform.
#[must_use]
pub fn portable(data: &[u8]) -> Option<Planes> {
    planes_by(data, |head, intervals, planes| fill_by(head, intervals, planes, block::inverse))
}

fn planes_by(data: &[u8], fill: impl Fn(&Head, &[&[u8]], &mut [Plane; 3]) -> Option<()>) -> Option<Planes> {
    let (head, scan) = head(data)?;
    let intervals = intervals(scan)?;
    let size = units(&head);
    let wanted = if head.restart == 0 { 1 } else { (size.0 * size.1).div_ceil(head.restart) };
    if intervals.len() != wanted {
        return None;
    }
    let steps = [(1, 1), head.step, head.step];
    let mut planes = steps.map(|(across, down)| {
        let (columns, rows) = (size.0 * 8 * head.step.0 / across, size.1 * 8 * head.step.1 / down);
        let axis = |step: usize| Axis { origin: 0.0, step: step as f64 };
        Plane {
            samples: vec![0; columns * rows],
            stride: columns,
            width: head.width.div_ceil(across),
            height: head.height.div_ceil(down),
            x: axis(across),
            y: axis(down),
        }
    });
    fill(&head, &intervals, &mut planes)?;
    let [luma, blue, red] = planes;
    Some(Planes { width: head.width as u32, height: head.height as u32, luma, chroma: Some([blue, red]) })
}

/// Units of all planes, across and down.
pub(super) fn units(head: &Head) -> (usize, usize) {
    (head.width.div_ceil(8 * head.step.0), head.height.div_ceil(8 * head.step.1))
}

fn fill(head: &Head, intervals: &[&[u8]], planes: &mut [Plane; 3]) -> Option<()> {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    if super::forward_vectors::is_there() {
        // SAFETY: the processor has been asked.
        return unsafe { super::inverse_vectors::fill(head, intervals, planes) };
    }
    fill_by(head, intervals, planes, block::inverse)
}

/// Decodes everything with a transform of two blocks at a time.
#[inline(always)]
pub(super) fn fill_by(
    head: &Head,
    intervals: &[&[u8]],
    planes: &mut [Plane; 3],
    inverse: impl Fn([&Coefficients; 2], [&[u16; 64]; 2]) -> Sampled,
) -> Option<()> {
    let pairs = pairs(head.step);
    let (columns, rows) = units(head);
    let length = if head.restart == 0 { columns * rows } else { head.restart };
    let mut found = [Coefficients::default(); 2];
    let mut room = Vec::new();
    for (index, data) in intervals.iter().enumerate() {
        let mut reader = unstuffed(data, &mut room);
        let mut previous = [0i16; 3];
        let first = index * length;
        let (mut column, mut row) = (first % columns, first / columns);
        for _ in first..(first + length).min(columns * rows) {
            for &[one, other] in pairs {
                let [a, b] = &mut found;
                reader.block(&mut previous[one.0], &head.tables[one.0], &NATURAL_ORDER, a).ok()?;
                if one == other {
                    *b = *a;
                } else {
                    reader.block(&mut previous[other.0], &head.tables[other.0], &NATURAL_ORDER, b).ok()?;
                }
                let tables = [&head.divisors[one.0], &head.divisors[other.0]];
                let samples = if (a.nonzero | b.nonzero) <= 1 {
                    [flat(a, tables[0]), flat(b, tables[1])]
                } else {
                    inverse([a, b], tables)
                };
                put(&mut planes[one.0], head.step, (column, row), one, &samples[0]);
                if one != other {
                    put(&mut planes[other.0], head.step, (column, row), other, &samples[1]);
                }
            }
            column += 1;
            if column == columns {
                (column, row) = (0, row + 1);
            }
        }
        reader.finish().ok()?;
    }
    Some(())
}

/// A block of one brightness, as the transform would have made it.
#[inline(always)]
fn flat(found: &Coefficients, table: &[u16; 64]) -> [u8; 64] {
    // Two bits more have to fit; those of a broken picture wrap round.
    let value = found.block.0[0].wrapping_mul(table[0] as i16) << 2 >> 2;
    [(((i32::from(value) + 4) >> 3) + 128).clamp(0, 255) as u8; 64]
}

#[inline(always)]
fn put(plane: &mut Plane, step: (usize, usize), unit: (usize, usize), place: Place, samples: &[u8; 64]) {
    let blocks = if place.0 == 0 { step } else { (1, 1) };
    let (x, y) = ((unit.0 * blocks.0 + place.1) * 8, (unit.1 * blocks.1 + place.2) * 8);
    let target = &mut plane.samples[y * plane.stride + x..][..plane.stride * 7 + 8];
    for (line, samples) in samples.as_chunks::<8>().0.iter().enumerate() {
        target[line * plane.stride..][..8].copy_from_slice(samples);
    }
}

/// The data between the restart markers of a scan that the end of the picture follows.
pub(super) fn intervals(scan: &[u8]) -> Option<Vec<&[u8]>> {
    let mut intervals = Vec::new();
    let mut start = 0;
    for found in memchr::memchr_iter(0xff, scan) {
        match *scan.get(found + 1)? {
            0 => {}
            marker if marker == 0xd0 + (intervals.len() % 8) as u8 => {
                intervals.push(&scan[start..found]);
                start = found + 2;
            }
            0xd9 => {
                intervals.push(&scan[start..found]);
                return Some(intervals);
            }
            _ => return None,
        }
    }
    None
}

/// A frame's component: identity, samples across and down in a unit, table of divisors.
type Component = (u8, (u8, u8), u8);

/// Everything before the scan, and the scan; none when there is anything but one scan of three usual planes.
pub(super) fn head(data: &[u8]) -> Option<(Head, &[u8])> {
    let mut rest = data.strip_prefix(&[0xff, 0xd8])?;
    let mut divisors = [None; 4];
    let (mut dc, mut ac): (Symbols<'_>, Symbols<'_>) = ([None; 4], [None; 4]);
    let mut frame: Option<(usize, usize, [Component; 3])> = None;
    let mut restart = 0;
    loop {
        let [0xff, marker, high, low, after @ ..] = rest else { return None };
        let (body, after) = after.split_at_checked(usize::from(u16::from_be_bytes([*high, *low])).checked_sub(2)?)?;
        match *marker {
            0xdb => read_divisors(body, &mut divisors)?,
            0xc4 => read_codes(body, &mut dc, &mut ac)?,
            0xc0 if frame.is_none() => frame = Some(read_frame(body)?),
            0xdd => restart = usize::from(u16::from_be_bytes(*body.first_chunk()?)),
            0xda => {
                let (width, height, components) = frame?;
                let [3, a, at, b, bt, c, ct, 0, 63, 0] = *body else { return None };
                let [(one, sampling, _), (two, (1, 1), _), (three, (1, 1), _)] = components else { return None };
                let step = (usize::from(sampling.0), usize::from(sampling.1));
                if [one, two, three] != [a, b, c] || !matches!(step, (1 | 2, 1 | 2)) {
                    return None;
                }
                let codes = |(counts, symbols): (&[u8], &[u8])| Codes::new(counts, symbols);
                let tables = |which: u8| {
                    let (dc, ac) = (dc.get(usize::from(which >> 4))?, ac.get(usize::from(which & 15))?);
                    Some(Arc::new(Tables { dc: codes((*dc)?)?, ac: codes((*ac)?)?.in_pairs() }))
                };
                let blue = tables(bt)?;
                let divisors = |index: usize| *divisors.get(usize::from(components[index].2))?;
                let head = Head {
                    width,
                    height,
                    step,
                    restart,
                    divisors: [divisors(0)?, divisors(1)?, divisors(2)?],
                    tables: [tables(at)?, Arc::clone(&blue), if bt == ct { blue } else { tables(ct)? }],
                };
                return Some((head, after));
            }
            // Applications' data and comments.
            0xe0..=0xef | 0xfe => {}
            _ => return None,
        }
        rest = after;
    }
}

fn read_divisors(mut body: &[u8], divisors: &mut [Option<[u16; 64]>; 4]) -> Option<()> {
    while let Some((&which, rest)) = body.split_first() {
        let (values, rest) = rest.split_at_checked(64)?;
        let mut natural = [0; 64];
        ZIGZAG_ORDER.iter().zip(values).for_each(|(&place, &value)| natural[place] = u16::from(value));
        // Sixteen-bit ones have a number above 15.
        *divisors.get_mut(usize::from(which))? = Some(natural);
        body = rest;
    }
    Some(())
}

/// Counts of codes by length, and symbols.
type Symbols<'a> = [Option<(&'a [u8], &'a [u8])>; 4];

fn read_codes<'a>(mut body: &'a [u8], dc: &mut Symbols<'a>, ac: &mut Symbols<'a>) -> Option<()> {
    while let Some((&which, rest)) = body.split_first() {
        let (counts, rest) = rest.split_at_checked(16)?;
        let (symbols, rest) = rest.split_at_checked(counts.iter().map(|&count| usize::from(count)).sum())?;
        let kind = if which >> 4 == 0 { &mut *dc } else { &mut *ac };
        *kind.get_mut(usize::from(which & 15))? = (which >> 4 <= 1).then_some((counts, symbols));
        body = rest;
    }
    Some(())
}

fn read_frame(body: &[u8]) -> Option<(usize, usize, [Component; 3])> {
    let [8, height, lower_height, width, lower_width, 3, components @ ..] = body else { return None };
    let ([one, two, three], []) = components.as_chunks::<3>() else { return None };
    let component = |&[id, factors, table]: &[u8; 3]| (id, (factors >> 4, factors & 15), table);
    let size = |high: u8, low: u8| usize::from(u16::from_be_bytes([high, low]));
    let (width, height) = (size(*width, *lower_width), size(*height, *lower_height));
    (width > 0 && height > 0).then_some((width, height, [component(one), component(two), component(three)]))
}
