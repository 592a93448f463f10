//! A JPEG that is not scaled, as one of ours: its coefficients are divided anew instead of being made samples and
//! coefficients again, which is half of the work. Blocks under badges alone are drawn.

use super::block::{self, Coefficients, Sampled, Samples, Transform, ZIGZAG};
use super::codes::{FILE_ORDER, NATURAL_ORDER};
use super::covered::{Covered, Pair};
use super::decode::{Head, head, intervals, units};
use super::drawing::Drawing;
use super::frame::{Frame, Pairs, transforms};
use super::huffman::{self, Writer};
use super::reader::{Reader, unstuffed_all};
use super::splice::{Scan, Sprites};

/// The largest coefficient before it is divided: what eight-bit samples can have, and baseline files can hold.
pub(super) const LARGEST: i16 = 1023;

/// What coefficients are multiplied by and then divided by, in the order of the file. The quotients are rounded as the
/// forward transform's are, whose results are eight times as large.
pub(super) struct Division {
    pub factors: [i16; 64],
    pub corrections: [u16; 64],
    pub reciprocals: [u16; 64],
    pub scales: [u16; 64],
}

impl Division {
    fn new(from: &[u16; 64], to: &Transform) -> Self {
        let divisors = to.divisors();
        Self {
            factors: ZIGZAG.map(|place| from[place] as i16),
            corrections: ZIGZAG.map(|place| divisors.corrections[place]),
            reciprocals: ZIGZAG.map(|place| divisors.reciprocals[place]),
            scales: ZIGZAG.map(|place| divisors.scales[place]),
        }
    }

    /// Coefficients in the order of the file, divided anew.
    #[inline(always)]
    pub(super) fn apply(&self, found: &mut Coefficients) {
        let mut left = found.nonzero;
        while left != 0 {
            let at = left.trailing_zeros() as usize & 63;
            left &= left - 1;
            // Broken files alone have products of more than sixteen bits.
            let value = found.block.0[at].wrapping_mul(self.factors[at]).clamp(-LARGEST, LARGEST) * 8;
            let sum = u32::from(value.unsigned_abs().wrapping_add(self.corrections[at]));
            let upper = (sum * u32::from(self.reciprocals[at])) >> 16;
            let quotient = ((upper * u32::from(self.scales[at])) >> 16) as i16;
            found.block.0[at] = if value < 0 { -quotient } else { quotient };
            if quotient == 0 {
                found.nonzero &= !(1 << at);
            }
        }
    }
}

/// A JPEG with three usual planes, to be taken over block by block.
pub struct Source<'a> {
    head: Head,
    intervals: Vec<&'a [u8]>,
}

impl<'a> Source<'a> {
    /// None for what is not as usual, broken pictures among it.
    #[must_use]
    pub fn of(data: &'a [u8]) -> Option<Self> {
        let (head, scan) = head(data)?;
        let intervals = intervals(scan)?;
        let (columns, rows) = units(&head);
        let wanted = if head.restart == 0 { 1 } else { (columns * rows).div_ceil(head.restart) };
        (intervals.len() == wanted).then_some(Self { head, intervals })
    }

    /// The part of a frame's size from a corner on, with badges: none when blocks of the two do not lie on each other, or
    /// the data is broken.
    #[must_use]
    pub fn scan(&self, frame: Frame, corner: (u32, u32), quality: u8, sprites: &Sprites) -> Option<Scan> {
        self.scan_by(recoded, frame, corner, quality, sprites)
    }

    /// The same with the library's transforms.
    #[cfg(test)]
    pub(super) fn portable(&self, frame: Frame, corner: (u32, u32), quality: u8, sprites: &Sprites) -> Option<Scan> {
        self.scan_by(portable, frame, corner, quality, sprites)
    }

    fn scan_by(
        &self,
        recode: Recode,
        frame: Frame,
        corner: (u32, u32),
        quality: u8,
        sprites: &Sprites,
    ) -> Option<Scan> {
        let (head, step) = (&self.head, frame.step as usize);
        let corner = (corner.0 as usize, corner.1 as usize);
        let reach = (corner.0 + frame.width as usize, corner.1 + frame.height as usize);
        let unit = 8 * step;
        let fits = head.step == (step, step)
            && corner.0.is_multiple_of(unit)
            && corner.1.is_multiple_of(unit)
            && reach.0 <= head.width
            && reach.1 <= head.height;
        if !fits {
            return None;
        }
        let transforms = transforms(quality);
        let divisions = [0, 1, 2].map(|plane| Division::new(&head.divisors[plane], &transforms[plane.min(1)]));
        let job = Job {
            head,
            intervals: &self.intervals,
            corner: (corner.0 / unit, corner.1 / unit),
            transforms: &transforms,
            divisions: &divisions,
        };
        let (data, starts) = recode(&job, &mut Drawing::new(frame, sprites))?;
        Some(Scan::of_parts(frame, quality, data, starts))
    }
}

/// What is to be done: from which unit on, and by what coefficients are divided.
pub(super) struct Job<'a> {
    head: &'a Head,
    intervals: &'a [&'a [u8]],
    corner: (usize, usize),
    pub transforms: &'a [Transform; 2],
    pub divisions: &'a [Division; 3],
}

type Recode = fn(&Job<'_>, &mut Drawing<'_>) -> Option<(Vec<u8>, Vec<u32>)>;

fn recoded(job: &Job<'_>, drawing: &mut Drawing<'_>) -> Option<(Vec<u8>, Vec<u32>)> {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    if super::forward_vectors::is_there() {
        // SAFETY: the processor has been asked.
        return unsafe { super::inverse_vectors::recode(job, drawing) };
    }
    portable(job, drawing)
}

fn portable(job: &Job<'_>, drawing: &mut Drawing<'_>) -> Option<(Vec<u8>, Vec<u32>)> {
    let divide = |found: &mut Coefficients, plane: usize| job.divisions[plane].apply(found);
    recode_by(job, drawing, divide, |samples, colour| job.transforms[colour].forward_both(samples), block::inverse)
}

/// All intervals with the markers between them, and where each begins, as [`super::encode::intervals`] gives them: by way
/// of a division of coefficients and of transforms of two blocks at a time.
#[inline(always)]
pub(super) fn recode_by(
    job: &Job<'_>,
    drawing: &mut Drawing<'_>,
    divide: impl Fn(&mut Coefficients, usize),
    forward: impl Fn([Samples<'_>; 2], usize) -> [Coefficients; 2],
    inverse: impl Fn([&Coefficients; 2], [&[u16; 64]; 2]) -> Sampled,
) -> Option<(Vec<u8>, Vec<u32>)> {
    let (head, frame, pairs) = (job.head, drawing.frame, drawing.frame.pairs());
    let (columns, rows) = units(head);
    let mut room = Vec::new();
    let readers = unstuffed_all(job.intervals, &mut room);
    let mut units = Units::new(head, &readers);
    // One byte in eight more than it had.
    let bytes: usize = job.intervals.iter().map(|interval| interval.len()).sum();
    let mut out = Vec::with_capacity(bytes + bytes / 8 + 1024);
    let mut starts = Vec::with_capacity(frame.intervals());
    let mut found = [Coefficients::default(); 2];
    let mut blocks = Covered::default();
    for interval in 0..frame.intervals() {
        if interval > 0 {
            out.extend([0xff, 0xd0 + ((interval - 1) % 8) as u8]);
        }
        starts.push(out.len() as u32);
        drawing.move_to(interval);
        let (first, row) = drawing.origin;
        let mut writer = Writer::new(&mut out);
        let mut written = [0i16; 3];
        for column in 0..frame.interval {
            let unit = (first + column, row);
            let wanted = (job.corner.1 + row as usize) * columns + job.corner.0 + unit.0 as usize;
            units.pass_to(wanted, pairs)?;
            units.begin()?;
            for places in pairs {
                let count = if places[0] == places[1] { 1 } else { 2 };
                let corners = places.map(|place| frame.corner(unit, place));
                let covered = places.map(|place| drawing.covers(column, place));
                for index in 0..count {
                    let order = if covered[index] { &NATURAL_ORDER } else { &FILE_ORDER };
                    units.block(places[index].0, order, &mut found[index])?;
                    if !covered[index] {
                        divide(&mut found[index], places[index].0);
                    }
                }
                if covered != [false; 2] {
                    let pair = Pair { places: *places, corners, covered, hidden: [false; 2] };
                    let inverse = |found: [&Coefficients; 2], both: [usize; 2]| {
                        inverse(found, both.map(|index| &head.divisors[places[index].0]))
                    };
                    blocks.draw(drawing, &pair, &mut found, inverse, &forward);
                }
                for index in 0..count {
                    let plane = places[index].0;
                    if !drawing.is_inside(plane, corners[index]) {
                        found[index] = Coefficients::plain(written[plane]);
                    }
                    let tables = huffman::Tables::standard(plane > 0);
                    writer.coefficients(&found[index], &mut written[plane], tables);
                }
            }
        }
        writer.finish();
    }
    units.pass_to(columns * rows, pairs)?;
    units.finish()?;
    Some((out, starts))
}

/// The units of a picture, one after the other.
struct Units<'a> {
    head: &'a Head,
    /// Of the intervals that come.
    readers: std::slice::Iter<'a, Reader<'a>>,
    reader: Option<Reader<'a>>,
    /// Units of an interval.
    length: usize,
    /// How many have begun.
    at: usize,
    previous: [i16; 3],
}

impl<'a> Units<'a> {
    fn new(head: &'a Head, readers: &'a [Reader<'a>]) -> Self {
        let length = if head.restart == 0 { usize::MAX } else { head.restart };
        Self { head, readers: readers.iter(), reader: None, length, at: 0, previous: [0; 3] }
    }

    #[inline(always)]
    fn begin(&mut self) -> Option<()> {
        if self.at.is_multiple_of(self.length) {
            self.finish()?;
            self.reader = Some(*self.readers.next()?);
            self.previous = [0; 3];
        }
        self.at += 1;
        Some(())
    }

    #[inline(always)]
    fn block(&mut self, plane: usize, order: &super::codes::Order, found: &mut Coefficients) -> Option<()> {
        self.reader.as_mut()?.block(&mut self.previous[plane], &self.head.tables[plane], order, found).ok()
    }

    /// Passes everything before a unit over.
    fn pass_to(&mut self, unit: usize, pairs: Pairs) -> Option<()> {
        while self.at < unit {
            self.begin()?;
            for places in pairs {
                for place in &places[..if places[0] == places[1] { 1 } else { 2 }] {
                    let tables = &self.head.tables[place.0];
                    self.reader.as_mut()?.pass(&mut self.previous[place.0], tables).ok()?;
                }
            }
        }
        Some(())
    }

    /// None when an interval has more than its units.
    fn finish(&self) -> Option<()> {
        self.reader.map_or(Some(()), |reader| reader.finish().ok())
    }
}
