//! Entropy coding with the standard Huffman tables, of blocks whose coefficients stand in zigzag order.

use std::sync::OnceLock;

use libjpeg_turbo_rs::encode::tables;

use super::block::{Block, Coefficients};
use crate::error::{RenderError, Result};

/// Codes for writing and reading one kind of symbols.
struct Table {
    /// For each symbol its code and, above bit 16, the code's length.
    codes: [u32; 256],
    /// For each prefix of `FAST` bits the symbol and, above bit 8, the code's length; 0 when the code is longer.
    fast: [u16; 1 << FAST],
    /// For each length the first code beyond those of that length, aligned to 16 bits.
    limits: [u32; 17],
    /// For each length what to add to a code to find its symbol.
    offsets: [i32; 17],
    symbols: &'static [u8],
}

/// Bits of a table that are looked up at once.
const FAST: u32 = 9;

impl Table {
    fn new(counts: &[u8; 17], symbols: &'static [u8]) -> Self {
        let mut table = Self { codes: [0; 256], fast: [0; 1 << FAST], limits: [0; 17], offsets: [0; 17], symbols };
        let (mut code, mut index) = (0u32, 0usize);
        for length in 1..=16u32 {
            table.offsets[length as usize] = index as i32 - code as i32;
            for _ in 0..counts[length as usize] {
                let symbol = symbols[index];
                table.codes[usize::from(symbol)] = code | length << 16;
                if length <= FAST {
                    let first = (code << (FAST - length)) as usize;
                    table.fast[first..first + (1 << (FAST - length))].fill((length << 8) as u16 | u16::from(symbol));
                }
                code += 1;
                index += 1;
            }
            table.limits[length as usize] = code << (16 - length);
            code <<= 1;
        }
        table
    }
}

/// The tables of one kind of planes.
pub struct Tables {
    dc: Table,
    ac: Table,
}

impl Tables {
    /// The standard tables for brightness, or for colour.
    pub fn standard(colour: bool) -> &'static Self {
        static TABLES: OnceLock<[Tables; 2]> = OnceLock::new();
        let tables = TABLES.get_or_init(|| {
            [
                Self {
                    dc: Table::new(&tables::DC_LUMINANCE_BITS, &tables::DC_LUMINANCE_VALUES),
                    ac: Table::new(&tables::AC_LUMINANCE_BITS, &tables::AC_LUMINANCE_VALUES),
                },
                Self {
                    dc: Table::new(&tables::DC_CHROMINANCE_BITS, &tables::DC_CHROMINANCE_VALUES),
                    ac: Table::new(&tables::AC_CHROMINANCE_BITS, &tables::AC_CHROMINANCE_VALUES),
                },
            ]
        });
        &tables[usize::from(colour)]
    }
}

/// Bytes that are gathered before they go to the buffer; a block has less than half of them.
const GATHERED: usize = 1024;

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

    /// Up to 27 bits.
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

    /// See [`Self::coefficients`].
    #[inline]
    pub fn block(&mut self, block: &Block, previous: &mut i16, tables: &Tables) {
        self.coefficients(&Coefficients { block: *block, nonzero: block.nonzero() }, previous, tables);
    }

    /// One block whose predecessor of the same plane had the brightness `previous`, which becomes this block's.
    #[inline(always)]
    pub fn coefficients(
        &mut self,
        Coefficients { block, nonzero }: &Coefficients,
        previous: &mut i16,
        tables: &Tables,
    ) {
        if self.at > GATHERED / 2 {
            self.out.extend_from_slice(&self.gathered[..self.at]);
            self.at = 0;
        }
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
                let skip = tables.ac.codes[0xf0];
                self.put(skip & 0xffff, skip >> 16);
                run -= 16;
            }
            self.number(block.0[at as usize & 63], run << 4, &tables.ac);
        }
        if next != 64 {
            let end = tables.ac.codes[0];
            self.put(end & 0xffff, end >> 16);
        }
    }

    /// A number's size together with `run`, then its bits.
    #[inline(always)]
    fn number(&mut self, value: i16, run: u32, table: &Table) {
        let size = 32 - u32::from(value.unsigned_abs()).leading_zeros();
        let code = table.codes[(run | size) as usize & 0xff];
        let bits = (i32::from(value) + (i32::from(value) >> 31)) as u32 & ((1 << size) - 1);
        self.put((code & 0xffff) << size | bits, (code >> 16) + size);
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

/// Reads the bits of one interval.
pub struct Reader<'a> {
    data: &'a [u8],
    at: usize,
    pending: u64,
    count: u32,
    /// Bits that were made up behind the end.
    invented: u32,
}

impl<'a> Reader<'a> {
    /// Reads what is between two markers.
    pub fn new(data: &'a [u8]) -> Self {
        Self { data, at: 0, pending: 0, count: 0, invented: 0 }
    }

    #[inline]
    fn fill(&mut self) {
        while self.count <= 56 {
            let byte = match self.data.get(self.at) {
                Some(&byte) => {
                    // A stuffed zero follows; nothing else can, where there are no markers.
                    self.at += 1 + usize::from(byte == 0xff);
                    byte
                }
                None => {
                    self.invented += 8;
                    0
                }
            };
            self.pending = self.pending << 8 | u64::from(byte);
            self.count += 8;
        }
    }

    #[inline]
    fn peek(&self, bits: u32) -> u32 {
        (self.pending >> (self.count - bits)) as u32 & ((1 << bits) - 1)
    }

    #[inline]
    fn symbol(&mut self, table: &Table) -> Result<u32> {
        if self.count < 32 {
            self.fill();
        }
        let found = table.fast[self.peek(FAST) as usize];
        if found != 0 {
            self.count -= u32::from(found >> 8);
            return Ok(u32::from(found & 0xff));
        }
        let code = self.peek(16);
        for length in FAST + 1..=16 {
            if code < table.limits[length as usize] {
                self.count -= length;
                let index = table.offsets[length as usize] + (code >> (16 - length)) as i32;
                return table.symbols.get(index as usize).map(|&symbol| u32::from(symbol)).ok_or_else(broken);
            }
        }
        Err(broken())
    }

    /// A number of so many bits, at most 15, of which `symbol` has left enough.
    #[inline]
    fn number(&mut self, size: u32) -> i16 {
        if size == 0 {
            return 0;
        }
        let bits = self.peek(size) as i32;
        self.count -= size;
        (if bits < 1 << (size - 1) { bits - (1 << size) + 1 } else { bits }) as i16
    }

    /// One block; fails for what no encoder of 8-bit pictures writes.
    pub fn block(&mut self, previous: &mut i16, tables: &Tables) -> Result<Block> {
        let mut block = Block::default();
        let size = self.symbol(&tables.dc)?;
        let brightness = i32::from(*previous) + i32::from(self.number(size));
        if !(-1024..1024).contains(&brightness) {
            return Err(broken());
        }
        *previous = brightness as i16;
        block.0[0] = *previous;
        let mut at = 1;
        while at < 64 {
            let symbol = self.symbol(&tables.ac)?;
            let (run, size) = (symbol >> 4, symbol & 15);
            if size == 0 {
                if run != 15 {
                    break;
                }
                at += 16;
                continue;
            }
            at += run;
            if at > 63 {
                return Err(broken());
            }
            block.0[at as usize] = self.number(size);
            at += 1;
        }
        if at > 64 || self.invented > self.count { Err(broken()) } else { Ok(block) }
    }

    /// Fails unless the data ends here, but for the last byte's rest.
    pub fn finish(self) -> Result<()> {
        let unread = (self.data.len().saturating_sub(self.at) as u32) * 8 + self.count;
        if self.invented <= self.count && unread - self.invented < 8 { Ok(()) } else { Err(broken()) }
    }
}

fn broken() -> RenderError {
    RenderError::corrupt("a prepared picture's data is broken")
}
