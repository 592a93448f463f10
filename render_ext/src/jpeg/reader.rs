//! Entropy decoding: the bits of an interval as coefficients. A look-up in the table finds one or two of them whole, code, run
//! and value, unless they are rare ones.

use std::ops::Range;

use super::block::Coefficients;
use super::codes::{Codes, FILE_ORDER, Found, Order, Tables, extended};
use crate::error::{RenderError, Result};

/// Bits of the largest coefficient, but for brightness, whose differences have one more.
const LARGEST: u32 = 10;

/// Bytes behind an interval's data that are read with its last ones.
const PADDING: usize = 8;

/// Takes an interval's stuffed zeros out, which then nothing needs to look for between two symbols.
pub fn unstuffed<'a>(data: &[u8], room: &'a mut Vec<u8>) -> Reader<'a> {
    room.clear();
    unstuff(data, room);
    Reader::new(room)
}

/// The same of many intervals.
pub fn unstuffed_all<'a>(intervals: &[&[u8]], room: &'a mut Vec<u8>) -> Vec<Reader<'a>> {
    room.clear();
    let ends: Vec<usize> = intervals
        .iter()
        .map(|data| {
            unstuff(data, room);
            room.len()
        })
        .collect();
    let starts = [0].into_iter().chain(ends.iter().copied());
    starts.zip(&ends).map(|(start, &end)| Reader::new(&room[start..end])).collect()
}

fn unstuff(data: &[u8], room: &mut Vec<u8>) {
    room.reserve(data.len() + PADDING);
    let mut start = 0;
    for found in memchr::memchr_iter(0xff, data) {
        // A zero follows; nothing else can, where there are no markers.
        room.extend_from_slice(&data[start..=found]);
        start = found + 2;
    }
    room.extend_from_slice(data.get(start..).unwrap_or_default());
    room.extend([0; PADDING]);
}

/// Reads the bits of one interval; zeros behind its end.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// Without stuffed zeros, and padded.
    data: &'a [u8],
    at: usize,
    /// The next bit is the highest one; below the `count` that are accounted for, more are there already.
    bits: u64,
    count: u32,
}

impl<'a> Reader<'a> {
    /// Of an interval without stuffed zeros, but with padding.
    fn new(data: &'a [u8]) -> Self {
        Self { data, at: 0, bits: 0, count: 0 }
    }
}

impl Reader<'_> {
    /// At least 56 bits.
    #[inline(always)]
    fn fill(&mut self) {
        let next = self.data.get(self.at..).and_then(|rest| rest.first_chunk());
        self.bits |= next.map_or(0, |&next| u64::from_be_bytes(next)) >> self.count;
        self.at += (63 - self.count as usize) >> 3;
        self.count |= 56;
    }

    #[inline(always)]
    fn skip(&mut self, bits: u32) {
        self.bits <<= bits;
        self.count -= bits;
    }

    /// Bits behind the last one that has been read; below zero when some were made up.
    fn left(&self) -> i64 {
        (self.data.len() - PADDING) as i64 * 8 - self.position() as i64
    }

    /// A symbol whose number a look-up has not found, with what it found.
    #[inline(always)]
    fn symbol(&mut self, found: Found, codes: &Codes) -> Result<u32> {
        if found.bits() != 0 {
            self.skip(found.bits());
            return Ok(found.symbol_found());
        }
        let (length, symbol) = codes.long((self.bits >> 48) as u32).ok_or_else(broken)?;
        self.skip(length);
        Ok(symbol)
    }

    /// A number of so many bits, at most 15, of which `fill` has left enough.
    #[inline(always)]
    fn number(&mut self, size: u32) -> i32 {
        if size == 0 {
            return 0;
        }
        let number = extended((self.bits >> (64 - size)) as u32, size);
        self.skip(size);
        number
    }

    /// One block; fails for what no encoder of 8-bit pictures writes.
    #[inline(always)]
    pub fn block(
        &mut self,
        previous: &mut i16,
        tables: &Tables,
        order: &Order,
        found: &mut Coefficients,
    ) -> Result<()> {
        found.block.0.fill(0);
        self.walk::<true>(previous, tables, order, found)
    }

    /// Passes one block over, and says which of the interval's bits it has.
    #[inline(always)]
    pub fn pass(&mut self, previous: &mut i16, tables: &Tables) -> Result<Range<usize>> {
        let start = self.position();
        self.walk::<false>(previous, tables, &FILE_ORDER, &mut Coefficients::default())?;
        Ok(start..self.position())
    }

    /// From 1 to 32 bits from a place on.
    #[inline(always)]
    pub fn bits(&self, from: usize, count: usize) -> u32 {
        let next = self.data.get(from / 8..).and_then(|rest| rest.first_chunk());
        let word = next.map_or(0, |&next| u64::from_be_bytes(next)) << (from % 8);
        (word >> (64 - count)) as u32
    }

    /// Where the next bit is.
    fn position(&self) -> usize {
        self.at * 8 - self.count as usize
    }

    #[inline(always)]
    fn walk<const KEEP: bool>(
        &mut self,
        previous: &mut i16,
        tables: &Tables,
        order: &Order,
        found: &mut Coefficients,
    ) -> Result<()> {
        let mut bits = *self;
        bits.fill();
        let entry = tables.dc.find(bits.bits);
        let difference = if entry.is_number() {
            bits.skip(entry.bits());
            i32::from(entry.first().1)
        } else {
            let size = bits.symbol(entry, &tables.dc)?;
            if size > LARGEST + 1 {
                return Err(broken());
            }
            bits.number(size)
        };
        let brightness = i32::from(*previous) + difference;
        if !(-1024..1024).contains(&brightness) {
            return Err(broken());
        }
        *previous = brightness as i16;
        if KEEP {
            found.block.0[0] = *previous;
        }
        let (mut at, mut nonzero) = (1, u64::from(brightness != 0));
        'block: while at < 64 {
            bits.fill();
            // Three look-ups take 56 bits at most when the first two of them find numbers.
            for _ in 0..3 {
                let entry = tables.ac.find(bits.bits);
                if !entry.is_number() {
                    let symbol = bits.symbol(entry, &tables.ac)?;
                    let (run, size) = (symbol >> 4, symbol & 15);
                    if size == 0 {
                        if run != 15 {
                            break 'block;
                        }
                        at += 16;
                        continue 'block;
                    }
                    if size > LARGEST {
                        return Err(broken());
                    }
                    at += run as usize;
                    let number = bits.number(size);
                    // Out of the block only once: the loop ends then.
                    if KEEP {
                        found.block.0[usize::from(order[at & 127]) & 63] = number as i16;
                        nonzero |= 1u64.wrapping_shl(at as u32);
                    }
                    at += 1;
                    continue 'block;
                }
                let (first, second) = (entry.first(), entry.second());
                let places = (at + first.0, at + first.0 + 1 + second.0);
                if places.0 >= 63 {
                    // Whatever follows is the next block's.
                    bits.skip(entry.first_bits());
                    if KEEP {
                        found.block.0[63] = first.1;
                        nonzero |= 1 << 63;
                    }
                    at = places.0 + 1;
                    break 'block;
                }
                bits.skip(entry.bits());
                // Without a second number the first one is written twice: quicker than asking.
                let there = second.1 != 0;
                at = places.0 + 1 + if there { second.0 + 1 } else { 0 };
                if KEEP {
                    let place = |at: usize| usize::from(order[at & 127]) & 63;
                    found.block.0[place(places.0)] = first.1;
                    let (last, number) = if there { (places.1, second.1) } else { (places.0, first.1) };
                    found.block.0[place(last)] = number;
                    nonzero |= 1u64.wrapping_shl(places.0 as u32) | 1u64.wrapping_shl(last as u32);
                }
                if at >= 64 {
                    break 'block;
                }
            }
        }
        if KEEP {
            found.nonzero = nonzero;
        }
        *self = bits;
        if at > 64 || bits.left() < 0 { Err(broken()) } else { Ok(()) }
    }

    /// Fails unless the data ends here, but for the last byte's rest.
    pub fn finish(self) -> Result<()> {
        if (0..8).contains(&self.left()) { Ok(()) } else { Err(broken()) }
    }
}

fn broken() -> RenderError {
    RenderError::corrupt("a picture's data is broken")
}
