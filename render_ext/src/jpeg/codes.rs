//! Huffman tables for reading, which find up to two coefficients by one look-up, and the orders that coefficients are put in.

use std::sync::OnceLock;

use libjpeg_turbo_rs::encode::tables;

use super::block::ZIGZAG;

/// Bits that are looked up at once.
pub const FAST: u32 = 10;

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
pub struct Found(u64);

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
    pub fn bits(self) -> u32 {
        self.0 as u32 & 0xff
    }

    /// What there is instead of a number.
    #[inline(always)]
    pub fn symbol_found(self) -> u32 {
        self.0 as u32 >> 8
    }

    /// Bits of the first number alone.
    pub fn first_bits(self) -> u32 {
        if self.second().1 == 0 { self.bits() } else { (self.0 >> 40) as u32 & 0xff }
    }

    #[inline(always)]
    pub fn is_number(self) -> bool {
        self.0 as u32 >> 16 != 0
    }

    #[inline(always)]
    pub fn first(self) -> (usize, i16) {
        ((self.0 >> 8) as usize & 15, (self.0 >> 16) as i16)
    }

    #[inline(always)]
    pub fn second(self) -> (usize, i16) {
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
    pub fn find(&self, bits: u64) -> Found {
        self.fast[(bits >> (64 - FAST)) as usize]
    }

    /// Length and symbol of a code that is too long for the look-up, at the start of sixteen bits.
    #[cold]
    #[inline(never)]
    pub fn long(&self, bits: u32) -> Option<(u32, u32)> {
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
#[inline(always)]
pub fn extended(bits: u32, size: u32) -> i32 {
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
