//! Blocks of 8 × 8 samples as quantised coefficients, and back.

use std::sync::OnceLock;

use libjpeg_turbo_rs::encode::pipeline::compute_reciprocal;
use libjpeg_turbo_rs::encode::tables::{
    STD_CHROMINANCE_QUANT_TABLE, STD_LUMINANCE_QUANT_TABLE, ZIGZAG_ORDER, quality_scale_quant_table,
};
use libjpeg_turbo_rs::simd::{self, EncoderSimdRoutines, QuantDivisors, SimdRoutines};

pub const ZIGZAG: [usize; 64] = ZIGZAG_ORDER;

/// Eight rows of eight samples that begin `stride` apart.
#[derive(Clone, Copy)]
pub struct Samples<'a> {
    /// From the first sample on.
    pub rows: &'a [u8],
    /// Distance between rows.
    pub stride: usize,
}

/// A block and a bit for each coefficient that is not 0, in the order of the file.
#[derive(Clone, Copy, Default)]
pub struct Coefficients {
    /// The coefficients.
    pub block: Block,
    /// Bit 0 stands for the first.
    pub nonzero: u64,
}

/// Quantised coefficients, in zigzag order unless said otherwise.
#[derive(Clone, Copy)]
pub struct Block(pub [i16; 64]);

impl Default for Block {
    fn default() -> Self {
        Self([0; 64])
    }
}

impl Block {
    /// A block that repeats its predecessor's brightness: for places outside the picture.
    pub fn plain(brightness: i16) -> Self {
        let mut block = Self::default();
        block.0[0] = brightness;
        block
    }

    /// A bit for each coefficient that is not 0.
    #[inline(always)]
    pub fn nonzero(&self) -> u64 {
        // Ones and zeros first, which compilers know how to do sixteen at a time; then eight of them at once, of which the
        // multiplication moves number i to bit 56 + i.
        let mut ones = [0u8; 64];
        ones.iter_mut().zip(&self.0).for_each(|(one, &value)| *one = u8::from(value != 0));
        let groups = ones
            .as_chunks::<8>()
            .0
            .iter()
            .map(|group| u64::from_le_bytes(*group).wrapping_mul(0x0102_0408_1020_4080) >> 56);
        groups.rev().fold(0, |bits, group| bits << 8 | group)
    }
}

struct Kernels {
    forward: EncoderSimdRoutines,
    inverse: SimdRoutines,
}

fn kernels() -> &'static Kernels {
    static KERNELS: OnceLock<Kernels> = OnceLock::new();
    KERNELS.get_or_init(|| Kernels { forward: simd::detect_encoder(), inverse: simd::detect() })
}

/// The transform of one kind of planes at one quality.
pub struct Transform {
    /// The quantisation table in natural order.
    pub table: [u16; 64],
    divisors: QuantDivisors,
    kernels: &'static Kernels,
}

impl Transform {
    /// The standard table for brightness, or for colour, at a quality of 1 to 100.
    pub fn new(quality: u8, colour: bool) -> Self {
        let standard = if colour { &STD_CHROMINANCE_QUANT_TABLE } else { &STD_LUMINANCE_QUANT_TABLE };
        let table = quality_scale_quant_table(standard, quality);
        Self { table, divisors: divisors(&table), kernels: kernels() }
    }

    /// What coefficients are divided by.
    pub fn divisors(&self) -> &QuantDivisors {
        &self.divisors
    }

    /// Two blocks of samples to coefficients.
    #[inline(always)]
    pub fn forward_both(&self, samples: [Samples<'_>; 2]) -> [Coefficients; 2] {
        samples.map(|Samples { rows, stride }| {
            let block = self.forward(rows, stride);
            Coefficients { block, nonzero: block.nonzero() }
        })
    }

    /// Samples to coefficients: eight rows that begin `stride` apart.
    #[inline(always)]
    fn forward(&self, samples: &[u8], stride: usize) -> Block {
        // Straight to what the transform takes: a copy in between costs more than the transform.
        let mut centred = [0i16; 64];
        for line in 0..8 {
            let row = &samples[line * stride..][..8];
            for column in 0..8 {
                centred[line * 8 + column] = i16::from(row[column]) - 128;
            }
        }
        let mut block = Block::default();
        (self.kernels.forward.fdct_quantize)(&mut centred, &self.divisors, &mut block.0);
        block
    }
}

/// Two blocks of samples, row by row.
pub type Sampled = [[u8; 64]; 2];

/// Coefficients row by row, with the tables that they have been divided by, to samples.
#[inline(always)]
pub fn inverse(blocks: [&Coefficients; 2], tables: [&[u16; 64]; 2]) -> Sampled {
    let mut samples = [[0; 64]; 2];
    for ((found, table), samples) in blocks.into_iter().zip(tables).zip(&mut samples) {
        (kernels().inverse.idct_islow)(&found.block.0, table, samples);
    }
    samples
}

/// What the library's integer transform divides by.
fn divisors(table: &[u16; 64]) -> QuantDivisors {
    let divisors = table.map(|value| value * 8);
    let exact = divisors.map(compute_reciprocal);
    let (reciprocals, corrections) = (exact.map(|it| it.0), exact.map(|it| it.1));
    let (scales, shifts) = (exact.map(|it| it.2), exact.map(|it| it.3));
    QuantDivisors {
        divisors,
        reciprocals,
        corrections,
        shifts,
        scales,
        divisors_zigzag: ZIGZAG_ORDER.map(|place| divisors[place]),
        reciprocals_zigzag: ZIGZAG_ORDER.map(|place| reciprocals[place]),
        corrections_zigzag: ZIGZAG_ORDER.map(|place| corrections[place]),
        shifts_zigzag: ZIGZAG_ORDER.map(|place| shifts[place]),
        scales_zigzag: ZIGZAG_ORDER.map(|place| scales[place]),
        // The transform in floating point is not used.
        float_divisors: [0.0; 64],
        float_divisors_zigzag: [0.0; 64],
    }
}
