//! Blocks from samples to zigzag order with NEON, without leaving its registers. The transform is the library's accurate
//! one in integers, the quotients are its, and so is every result.

use std::arch::aarch64::*;

use super::block::{Block, Coefficients, Samples, Transform, ZIGZAG};
use super::encode;
use super::frame::Frame;
use crate::picture::Canvas;
use crate::transpose;

/// Rows of a block.
pub(super) type Rows = [int16x8_t; 8];

/// A row's values in 32 bits, the first four and the last.
pub(super) type Wide = (int32x4_t, int32x4_t);

/// Whether this processor runs what is here.
pub fn is_there() -> bool {
    std::arch::is_aarch64_feature_detected!("neon")
}

/// See [`encode::intervals_by`].
#[target_feature(enable = "neon")]
pub fn intervals(canvas: &Canvas, frame: &Frame, transforms: &[Transform; 2]) -> (Vec<u8>, Vec<u32>) {
    encode::intervals_by(canvas, frame, |samples, colour| pair(samples, &transforms[colour]))
}

/// Two blocks of samples as quantised coefficients.
#[target_feature(enable = "neon")]
pub(super) fn pair(samples: [Samples<'_>; 2], transform: &Transform) -> [Coefficients; 2] {
    samples.map(|Samples { rows, stride }| {
        let rows = &rows[..stride * 7 + 8];
        let centred = std::array::from_fn(|line| {
            // SAFETY: eight samples from each line's start on lie inside the slice taken above.
            let row = unsafe { vld1_u8(rows.as_ptr().add(line * stride)) };
            vreinterpretq_s16_u16(vsubl_u8(row, vdup_n_u8(128)))
        });
        let columns = pass::<11, true>(transpose::words(centred));
        let rows = quantised(pass::<15, false>(transpose::words(columns)), transform);
        coefficients(zigzag(rows))
    })
}

#[inline]
#[target_feature(enable = "neon")]
pub(super) fn add(a: Wide, b: Wide) -> Wide {
    (vaddq_s32(a.0, b.0), vaddq_s32(a.1, b.1))
}

#[inline]
#[target_feature(enable = "neon")]
pub(super) fn sub(a: Wide, b: Wide) -> Wide {
    (vsubq_s32(a.0, b.0), vsubq_s32(a.1, b.1))
}

/// `a × α + b × β`.
#[inline]
#[target_feature(enable = "neon")]
pub(super) fn turned(a: int16x8_t, b: int16x8_t, (alpha, beta): (i16, i16)) -> Wide {
    let low = vmull_n_s16(vget_low_s16(a), alpha);
    (vmlal_n_s16(low, vget_low_s16(b), beta), vmlal_high_n_s16(vmull_high_n_s16(a, alpha), b, beta))
}

/// The upper bits, rounded; what does not fit in 16 wraps round.
#[inline]
#[target_feature(enable = "neon")]
pub(super) fn down<const SHIFT: i32>(wide: Wide) -> int16x8_t {
    vrshrn_high_n_s32::<SHIFT>(vrshrn_n_s32::<SHIFT>(wide.0), wide.1)
}

/// Loeffler's transform of eight values, each in a register of its own. The factors are the library's, with 13
/// fractional bits, of which `SHIFT` go.
#[inline]
#[target_feature(enable = "neon")]
fn pass<const SHIFT: i32, const FIRST: bool>(d: Rows) -> Rows {
    let (sum, difference) = (|i: usize| vaddq_s16(d[i], d[7 - i]), |i: usize| vsubq_s16(d[i], d[7 - i]));
    let (s0, s1, s2, s3) = (sum(0), sum(1), sum(2), sum(3));
    let (d7, d6, d5, d4) = (difference(0), difference(1), difference(2), difference(3));
    let (t10, t13, t11, t12) = (vaddq_s16(s0, s3), vsubq_s16(s0, s3), vaddq_s16(s1, s2), vsubq_s16(s1, s2));
    let plain = |sum| if FIRST { vshlq_n_s16::<2>(sum) } else { vrshrq_n_s16::<2>(sum) };
    // What the odd outputs share.
    let (z3, z4) = (vaddq_s16(d4, d6), vaddq_s16(d5, d7));
    let (y3, y4) = (turned(z3, z4, (9633 - 16069, 9633)), turned(z3, z4, (9633, 9633 - 3196)));
    [
        plain(vaddq_s16(t10, t11)),
        down::<SHIFT>(add(turned(d7, d4, (12299 - 7373, -7373)), y4)),
        down::<SHIFT>(turned(t13, t12, (4433 + 6270, 4433))),
        down::<SHIFT>(add(turned(d6, d5, (25172 - 20995, -20995)), y3)),
        plain(vsubq_s16(t10, t11)),
        down::<SHIFT>(add(turned(d5, d6, (16819 - 20995, -20995)), y4)),
        down::<SHIFT>(turned(t13, t12, (4433, 4433 - 15137))),
        down::<SHIFT>(add(turned(d4, d7, (2446 - 7373, -7373)), y3)),
    ]
}

/// Divides by multiplying, as the library does.
#[inline]
#[target_feature(enable = "neon")]
fn quantised(rows: Rows, transform: &Transform) -> Rows {
    let divisors = transform.divisors();
    std::array::from_fn(|index| {
        let row = rows[index];
        let table = |table: &[u16; 64]| {
            let part: &[u16; 8] = &table.as_chunks::<8>().0[index];
            // SAFETY: eight 16-bit numbers.
            unsafe { vld1q_u16(part.as_ptr()) }
        };
        let part: &[i16; 8] = &divisors.shifts.as_chunks::<8>().0[index];
        // SAFETY: eight 16-bit numbers.
        let shifts = unsafe { vld1q_s16(part.as_ptr()) };
        let reciprocals = table(&divisors.reciprocals);
        let sum = vaddq_u16(vreinterpretq_u16_s16(vabsq_s16(row)), table(&divisors.corrections));
        let low = vmull_u16(vget_low_u16(sum), vget_low_u16(reciprocals));
        let products = (vreinterpretq_u16_u32(low), vreinterpretq_u16_u32(vmull_high_u16(sum, reciprocals)));
        let quotient = vshlq_u16(vuzp2q_u16(products.0, products.1), vnegq_s16(shifts));
        let sign = vshrq_n_s16::<15>(row);
        vsubq_s16(veorq_s16(vreinterpretq_s16_u16(quotient), sign), sign)
    })
}

/// For each eight coefficients in zigzag order the places of their bytes in natural order.
const PLACES: [[u8; 16]; 8] = {
    let mut places = [[0; 16]; 8];
    let mut place = 0;
    while place < 64 {
        let from = (ZIGZAG[place] * 2) as u8;
        places[place / 8][place % 8 * 2] = from;
        places[place / 8][place % 8 * 2 + 1] = from + 1;
        place += 1;
    }
    places
};

#[inline]
#[target_feature(enable = "neon")]
fn zigzag(r: Rows) -> Rows {
    let r = r.map(|row| vreinterpretq_u8_s16(row));
    let (upper, lower) = (uint8x16x4_t(r[0], r[1], r[2], r[3]), uint8x16x4_t(r[4], r[5], r[6], r[7]));
    std::array::from_fn(|eight| {
        // SAFETY: sixteen bytes.
        let places = unsafe { vld1q_u8(PLACES[eight].as_ptr()) };
        // Places beyond the 64 bytes of a table leave what is there; all of the last eight are in the lower rows.
        let found = if eight == 7 { vdupq_n_u8(0) } else { vqtbl4q_u8(upper, places) };
        let both = if eight == 0 { found } else { vqtbx4q_u8(found, lower, vsubq_u8(places, vdupq_n_u8(64))) };
        vreinterpretq_s16_u8(both)
    })
}

#[inline]
#[target_feature(enable = "neon")]
fn coefficients(rows: Rows) -> Coefficients {
    let mut block = Block([0; 64]);
    for (row, target) in rows.iter().zip(block.0.as_chunks_mut::<8>().0) {
        // SAFETY: eight coefficients.
        unsafe { vst1q_s16(target.as_mut_ptr(), *row) };
    }
    // A byte of ones for each coefficient that is not 0; of each eight bytes one bit each, which three sums join.
    let bits = vreinterpretq_u8_u64(vdupq_n_u64(0x8040_2010_0804_0201));
    let part = |index: usize| {
        let ones = [rows[index * 2], rows[index * 2 + 1]].map(|row| vreinterpretq_u8_u16(vtstq_s16(row, row)));
        vandq_u8(vuzp1q_u8(ones[0], ones[1]), bits)
    };
    let quarters = vpaddq_u8(vpaddq_u8(part(0), part(1)), vpaddq_u8(part(2), part(3)));
    let joined = vpaddq_u8(quarters, quarters);
    Coefficients { block, nonzero: vgetq_lane_u64::<0>(vreinterpretq_u64_u8(joined)) }
}
