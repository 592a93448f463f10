//! Blocks from coefficients to samples with NEON, without leaving its registers. The transform is the library's accurate
//! one in integers, and so is every result, of broken pictures too.

use std::arch::aarch64::*;

use super::block::{Coefficients, Sampled};
use super::neon::{Rows, Wide, add, down, pair, sub, turned};
use super::recode::Division;
use super::vectors::loops_over_blocks;
use crate::transpose;

loops_over_blocks!("neon");

/// Coefficients in the order of the file, divided anew: one by one, since most are 0.
#[target_feature(enable = "neon")]
fn divide(found: &mut Coefficients, division: &Division) {
    division.apply(found);
}

/// See [`super::block::inverse`].
#[target_feature(enable = "neon")]
pub fn inverse(blocks: [&Coefficients; 2], tables: [&[u16; 64]; 2]) -> Sampled {
    [one(blocks[0], tables[0]), one(blocks[1], tables[1])]
}

#[inline]
#[target_feature(enable = "neon")]
fn one(found: &Coefficients, table: &[u16; 64]) -> [u8; 64] {
    let (values, factors) = (found.block.0.as_chunks::<8>().0, table.as_chunks::<8>().0);
    let rows = std::array::from_fn(|index| {
        // SAFETY: eight 16-bit numbers each.
        let (values, factors) = unsafe { (vld1q_s16(values[index].as_ptr()), vld1q_u16(factors[index].as_ptr())) };
        vmulq_s16(values, vreinterpretq_s16_u16(factors))
    });
    let columns = transpose::words(pass(rows).map(|wide| down::<11>(wide)));
    // Eighteen bits go: sixteen at once, for which there is an instruction, and two with the rounding.
    let lines = pass(columns).map(|wide| {
        let line = vqrshrn_n_s16::<2>(vshrn_high_n_s32::<16>(vshrn_n_s32::<16>(wide.0), wide.1));
        vadd_u8(vreinterpret_u8_s8(line), vdup_n_u8(128))
    });
    let mut samples = [0; 64];
    for (target, bytes) in samples.as_chunks_mut::<16>().0.iter_mut().zip(transpose::bytes(lines)) {
        // SAFETY: sixteen bytes.
        unsafe { vst1q_u8(target.as_mut_ptr(), bytes) };
    }
    samples
}

/// Loeffler's transform backwards, of eight values each in a register of its own. The factors are the library's, with
/// 13 fractional bits, all of which are still there.
#[inline]
#[target_feature(enable = "neon")]
fn pass(d: Rows) -> [Wide; 8] {
    let wide = |value| (vshll_n_s16::<13>(vget_low_s16(value)), vshll_high_n_s16::<13>(value));
    let (sum, difference) = (wide(vaddq_s16(d[0], d[4])), wide(vsubq_s16(d[0], d[4])));
    let t3 = turned(d[2], d[6], (4433 + 6270, 4433));
    let t2 = turned(d[2], d[6], (4433, 4433 - 15137));
    let even = [add(sum, t3), add(difference, t2), sub(difference, t2), sub(sum, t3)];
    let (z3, z4) = (vaddq_s16(d[7], d[3]), vaddq_s16(d[5], d[1]));
    let (y3, y4) = (turned(z3, z4, (9633 - 16069, 9633)), turned(z3, z4, (9633, 9633 - 3196)));
    let odd = [
        add(turned(d[1], d[7], (12299 - 7373, -7373)), y4),
        add(turned(d[3], d[5], (25172 - 20995, -20995)), y3),
        add(turned(d[5], d[3], (16819 - 20995, -20995)), y4),
        add(turned(d[7], d[1], (2446 - 7373, -7373)), y3),
    ];
    std::array::from_fn(|index| match index {
        0..4 => add(even[index], odd[index]),
        _ => sub(even[7 - index], odd[7 - index]),
    })
}
