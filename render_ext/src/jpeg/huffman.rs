//! Entropy coding with the standard Huffman tables, of blocks whose coefficients stand in zigzag order.

use std::ops::Range;
use std::sync::OnceLock;

use libjpeg_turbo_rs::encode::tables;

use super::block::Coefficients;
use super::reader::Reader;

/// Codes of one kind of symbols: for each its code, with room for the number behind it, and above bit 27 the bits of both.
struct Codes([u32; 256]);

impl Codes {
    fn new(counts: &[u8; 17], symbols: &[u8]) -> Self {
        let mut codes = Self([0; 256]);
        let (mut code, mut symbols) = (0u32, symbols.iter());
        for length in 1..=16u32 {
            for &symbol in symbols.by_ref().take(usize::from(counts[length as usize])) {
                let size = u32::from(symbol & 15);
                codes.0[usize::from(symbol)] = code << size | (length + size) << 27;
                code += 1;
            }
            code <<= 1;
        }
        codes
    }
}

const CODE: u32 = (1 << 27) - 1;

/// The tables of one kind of planes.
pub struct Tables {
    dc: Codes,
    ac: Codes,
}

impl Tables {
    /// The standard tables for brightness, or for colour.
    pub fn standard(colour: bool) -> &'static Self {
        static TABLES: OnceLock<[Tables; 2]> = OnceLock::new();
        let tables = TABLES.get_or_init(|| {
            [
                Self {
                    dc: Codes::new(&tables::DC_LUMINANCE_BITS, &tables::DC_LUMINANCE_VALUES),
                    ac: Codes::new(&tables::AC_LUMINANCE_BITS, &tables::AC_LUMINANCE_VALUES),
                },
                Self {
                    dc: Codes::new(&tables::DC_CHROMINANCE_BITS, &tables::DC_CHROMINANCE_VALUES),
                    ac: Codes::new(&tables::AC_CHROMINANCE_BITS, &tables::AC_CHROMINANCE_VALUES),
                },
            ]
        });
        &tables[usize::from(colour)]
    }
}

/// Bytes that are gathered before they go to the buffer; a block has less than half of them.
const GATHERED: usize = 1024;

/// Bits that are copied between two looks at the room that is left: at worst they take twice their bytes.
const COPIED: usize = 60 * 32;

/// Writes bits behind whatever a buffer holds.
pub struct Writer<'a> {
    out: &'a mut Vec<u8>,
    gathered: [u8; GATHERED],
    at: usize,
    pending: u64,
    /// Pending bits, always less than 64.
    count: u32,
}

impl<'a> Writer<'a> {
    /// Starts on a byte's boundary.
    pub fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, gathered: [0; GATHERED], at: 0, pending: 0, count: 0 }
    }

    /// Up to 32 bits.
    #[inline(always)]
    fn put(&mut self, bits: u32, count: u32) {
        let free = 64 - self.count;
        if count < free {
            self.pending = self.pending << count | u64::from(bits);
            self.count += count;
            return;
        }
        let left = count - free;
        let word = self.pending << free | u64::from(bits) >> left;
        // Bits above the pending ones are shifted out before the next word is full.
        self.pending = u64::from(bits);
        self.count = left;
        // No byte is 0xff: none has its top bit set and loses it by adding 1.
        if word & 0x8080_8080_8080_8080 & !word.wrapping_add(0x0101_0101_0101_0101) == 0 {
            self.gathered[self.at..self.at + 8].copy_from_slice(&word.to_be_bytes());
            self.at += 8;
        } else {
            word.to_be_bytes().into_iter().for_each(|byte| self.stuffed(byte));
        }
    }

    #[inline]
    fn stuffed(&mut self, byte: u8) {
        // The zero behind any other byte is written over.
        self.gathered[self.at..self.at + 2].copy_from_slice(&[byte, 0]);
        self.at += 1 + usize::from(byte == 0xff);
    }

    /// One block whose predecessor of the same plane had the brightness `previous`, which becomes this block's.
    #[inline(always)]
    pub fn coefficients(
        &mut self,
        Coefficients { block, nonzero }: &Coefficients,
        previous: &mut i16,
        tables: &Tables,
    ) {
        self.make_room();
        let brightness = block.0[0];
        self.number(brightness - *previous, 0, &tables.dc);
        *previous = brightness;
        let mut left = nonzero & !1;
        let mut next = 1;
        while left != 0 {
            let at = left.trailing_zeros();
            left &= left - 1;
            let mut run = at - next;
            next = at + 1;
            while run > 15 {
                let skip = tables.ac.0[0xf0];
                self.put(skip & CODE, skip >> 27);
                run -= 16;
            }
            self.number(block.0[at as usize & 63], run << 4, &tables.ac);
        }
        if next != 64 {
            let end = tables.ac.0[0];
            self.put(end & CODE, end >> 27);
        }
    }

    /// What another interval has between two places: whole blocks whose predecessors have the same brightness in both.
    #[inline(always)]
    pub fn copy(&mut self, reader: &Reader<'_>, bits: Range<usize>) {
        let mut at = bits.start;
        while at < bits.end {
            self.make_room();
            let end = bits.end.min(at + COPIED);
            while at < end {
                let count = (end - at).min(32);
                self.put(reader.bits(at, count), count as u32);
                at += count;
            }
        }
    }

    #[inline(always)]
    fn make_room(&mut self) {
        if self.at > GATHERED / 2 {
            self.out.extend_from_slice(&self.gathered[..self.at]);
            self.at = 0;
        }
    }

    /// A number's size together with `run`, then its bits.
    #[inline(always)]
    fn number(&mut self, value: i16, run: u32, table: &Codes) {
        let size = 32 - u32::from(value.unsigned_abs()).leading_zeros();
        let code = table.0[(run | size) as usize & 0xff];
        let bits = (i32::from(value) + (i32::from(value) >> 31)) as u32 & ((1 << size) - 1);
        self.put(code & CODE | bits, code >> 27);
    }

    /// Fills the last byte with ones.
    pub fn finish(mut self) {
        let fill = (8 - self.count % 8) % 8;
        self.put((1 << fill) - 1, fill);
        while self.count > 0 {
            self.count -= 8;
            self.stuffed((self.pending >> self.count) as u8);
        }
        self.out.extend_from_slice(&self.gathered[..self.at]);
    }
}
