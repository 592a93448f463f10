//! Entropy decoding: the bits of an interval as coefficients. A table look-up finds a coefficient whole, code, run and
//! value, unless it is a rare one.

use std::ops::Range;
use std::sync::OnceLock;

use libjpeg_turbo_rs::encode::tables;

use super::block::{Coefficients, ZIGZAG};
use crate::error::{RenderError, Result};

/// Bits that are looked up at once.
const FAST: u32 = 10;

/// Bits of the largest coefficient, but for brightness, whose differences have one more.
const LARGEST: u32 = 10;

/// Where a coefficient of a place in the file's order belongs. The last entries are for runs that lead out of a block.
pub type Order = [u8; 128];

/// As in the file.
pub const FILE_ORDER: Order = {
    let mut order = [63; 128];
    let mut place = 0;
    while place < 64 {
        order[place] = place as u8;
        place += 1;
    }
    order
};

/// Row by row, as the inverse transform wants them.
pub const NATURAL_ORDER: Order = {
    let mut order = [63; 128];
    let mut place = 0;
    while place < 64 {
        order[place] = ZIGZAG[place] as u8;
        place += 1;
    }
    order
};

/// One Huffman table.
pub struct Codes {
    fast: [Found; 1 << FAST],
    /// For each length the first code beyond those of that length, aligned to 16 bits.
    limits: [u32; 17],
    /// For each length what to add to a code to find its symbol.
    offsets: [i32; 17],
    symbols: [u8; 256],
}

/// What a look-up finds: one number or two, each with its code and the run before it; or a code alone; or nothing, when not
/// even the code fits. From the lowest bit on:
///
/// - 8 bits: how many bits of the file these are, or 0.
/// - 8 bits: the first run, or a symbol.
/// - 16 bits: the first number; 0 when there is a symbol instead.
/// - 8 bits: the second run.
/// - 8 bits: how many bits the first number has, when there is a second.
/// - 16 bits: the second number; 0 when there is none.
#[derive(Clone, Copy)]
struct Found(u64);

impl Found {
    const NOTHING: Self = Self(0);

    fn symbol(bits: u32, symbol: u8) -> Self {
        Self(u64::from(symbol) << 8 | u64::from(bits))
    }

    fn number(bits: u32, run: u8, number: i32) -> Self {
        Self(u64::from(number as u16) << 16 | u64::from(run) << 8 | u64::from(bits))
    }

    fn with_second(self, second: Self) -> Self {
        let (run, number) = second.first();
        let second_half = (number as u16 as u64) << 48 | u64::from(self.bits()) << 40 | (run as u64) << 32;
        Self(second_half | self.0 & 0xffff_ff00 | u64::from(self.bits() + second.bits()))
    }

    #[inline(always)]
    fn bits(self) -> u32 {
        self.0 as u32 & 0xff
    }

    /// Bits of the first number alone.
    fn first_bits(self) -> u32 {
        if self.second().1 == 0 { self.bits() } else { (self.0 >> 40) as u32 & 0xff }
    }

    #[inline(always)]
    fn is_number(self) -> bool {
        self.0 as u32 >> 16 != 0
    }

    #[inline(always)]
    fn first(self) -> (usize, i16) {
        ((self.0 >> 8) as usize & 15, (self.0 >> 16) as i16)
    }

    #[inline(always)]
    fn second(self) -> (usize, i16) {
        ((self.0 >> 32) as usize & 15, (self.0 >> 48) as i16)
    }
}

impl Codes {
    /// The table with so many codes of each length; none when there cannot be so many.
    pub fn new(counts: &[u8], symbols: &[u8]) -> Option<Self> {
        let mut table =
            Self { fast: [Found::NOTHING; 1 << FAST], limits: [0; 17], offsets: [0; 17], symbols: [0; 256] };
        table.symbols.get_mut(..symbols.len())?.copy_from_slice(symbols);
        let (mut code, mut index) = (0u32, 0usize);
        for (length, &count) in (1..=16u32).zip(counts) {
            table.offsets[length as usize] = index as i32 - code as i32;
            for _ in 0..count {
                let symbol = *symbols.get(index)?;
                if code >> length != 0 {
                    return None;
                }
                if length <= FAST {
                    table.remember(code, length, symbol);
                }
                code += 1;
                index += 1;
            }
            table.limits[length as usize] = code << (16 - length);
            code <<= 1;
        }
        Some(table)
    }

    /// The same table, which finds two numbers at once where they are short.
    pub fn in_pairs(self) -> Self {
        let mut fast = self.fast;
        for (prefix, entry) in fast.iter_mut().enumerate().filter(|(_, entry)| entry.is_number()) {
            let second = self.fast[prefix << entry.bits() & ((1 << FAST) - 1)];
            if second.is_number() && entry.bits() + second.bits() <= FAST {
                *entry = entry.with_second(second);
            }
        }
        Self { fast, ..self }
    }

    #[inline(always)]
    fn find(&self, bits: u64) -> Found {
        self.fast[(bits >> (64 - FAST)) as usize]
    }

    /// Length and symbol of a code that is too long for the look-up, at the start of sixteen bits.
    #[cold]
    #[inline(never)]
    fn long(&self, bits: u32) -> Option<(u32, u32)> {
        let length = (FAST + 1..=16).find(|&length| bits < self.limits[length as usize])?;
        let index = self.offsets[length as usize] + (bits >> (16 - length)) as i32;
        Some((length, u32::from(*self.symbols.get(index as usize)?)))
    }

    fn remember(&mut self, code: u32, length: u32, symbol: u8) {
        let (rest, size) = (FAST - length, u32::from(symbol & 15));
        let first = (code << rest) as usize;
        for (bits, entry) in (0u32..).zip(&mut self.fast[first..first + (1 << rest)]) {
            *entry = if size > 0 && size <= rest {
                Found::number(length + size, symbol >> 4, extended(bits >> (rest - size), size))
            } else {
                Found::symbol(length, symbol)
            };
        }
    }
}

/// The number that JPEG writes as so many bits, at least one.
fn extended(bits: u32, size: u32) -> i32 {
    if bits >> (size - 1) == 0 { bits as i32 - (1 << size) + 1 } else { bits as i32 }
}

/// The tables of one kind of planes.
pub struct Tables {
    /// For the brightness of blocks.
    pub dc: Codes,
    /// For everything else.
    pub ac: Codes,
}

impl Tables {
    /// The standard tables for brightness, or for colour.
    pub fn standard(colour: bool) -> &'static Self {
        static TABLES: OnceLock<[Tables; 2]> = OnceLock::new();
        let table = |counts: &[u8; 17], symbols| Codes::new(&counts[1..], symbols).expect("the standard's own table");
        let tables = TABLES.get_or_init(|| {
            [
                Self {
                    dc: table(&tables::DC_LUMINANCE_BITS, &tables::DC_LUMINANCE_VALUES),
                    ac: table(&tables::AC_LUMINANCE_BITS, &tables::AC_LUMINANCE_VALUES).in_pairs(),
                },
                Self {
                    dc: table(&tables::DC_CHROMINANCE_BITS, &tables::DC_CHROMINANCE_VALUES),
                    ac: table(&tables::AC_CHROMINANCE_BITS, &tables::AC_CHROMINANCE_VALUES).in_pairs(),
                },
            ]
        });
        &tables[usize::from(colour)]
    }
}

/// Bytes behind an interval's data that are read with its last ones.
const PADDING: usize = 8;

/// Takes an interval's stuffed zeros out, which then nothing needs to look for between two symbols.
pub fn unstuffed<'a>(data: &[u8], room: &'a mut Vec<u8>) -> Reader<'a> {
    room.clear();
    room.reserve(data.len() + PADDING);
    let mut start = 0;
    for found in memchr::memchr_iter(0xff, data) {
        // A zero follows; nothing else can, where there are no markers.
        room.extend_from_slice(&data[start..=found]);
        start = found + 2;
    }
    room.extend_from_slice(data.get(start..).unwrap_or_default());
    room.extend([0; PADDING]);
    Reader { data: room, at: 0, bits: 0, count: 0 }
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
            return Ok(found.0 as u32 >> 8);
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
