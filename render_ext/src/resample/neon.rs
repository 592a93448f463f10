//! The inner loops for NEON. Its multiply-add takes one sample and one weight where AVX2's takes two, so the tile holds
//! column after column instead of pairs of them.

use std::arch::aarch64::*;

use super::{BAND, LINE_BITS, WEIGHT_BITS, scalar, taps::Taps};
use crate::transpose;

const LINE_SHIFT: i32 = (WEIGHT_BITS - LINE_BITS) as i32;
const OUT_SHIFT: i32 = (WEIGHT_BITS + LINE_BITS) as i32;

/// See [`scalar::vertical`]; sixteen columns at a time.
#[target_feature(enable = "neon")]
pub fn vertical(rows: &[&[u8]], weights: &[i16], line: &mut [i16]) {
    const STEP: usize = 16;
    assert!(rows.len() == weights.len());
    assert!(rows.iter().all(|row| row.len() >= line.len()));
    let whole = line.len() / STEP * STEP;
    // The last columns once more with some before them: quicker than one by one.
    let rest = (whole < line.len() && whole > 0).then(|| line.len() - STEP);
    for x in (0..whole).step_by(STEP).chain(rest) {
        let mut sums = [vdupq_n_s32(0); 4];
        for (row, &weight) in rows.iter().zip(weights) {
            // SAFETY: x + 16 is at most the line's length, which no row falls short of.
            let samples = unsafe { vld1q_u8(row.as_ptr().add(x)) };
            let first = vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(samples)));
            let second = vreinterpretq_s16_u16(vmovl_high_u8(samples));
            sums[0] = vmlal_n_s16(sums[0], vget_low_s16(first), weight);
            sums[1] = vmlal_high_n_s16(sums[1], first, weight);
            sums[2] = vmlal_n_s16(sums[2], vget_low_s16(second), weight);
            sums[3] = vmlal_high_n_s16(sums[3], second, weight);
        }
        for (index, pair) in sums.as_chunks::<2>().0.iter().enumerate() {
            let samples = vqrshrn_high_n_s32::<LINE_SHIFT>(vqrshrn_n_s32::<LINE_SHIFT>(pair[0]), pair[1]);
            // SAFETY: eight of the sixteen samples from x on, which are at most the line's last.
            unsafe { vst1q_s16(line.as_mut_ptr().add(x + index * 8), samples) };
        }
    }
    if whole == 0 {
        scalar::vertical(rows, weights, line, 0);
    }
}

/// Eight lines as columns: the eight samples of the first, those of the second, and so on.
#[target_feature(enable = "neon")]
pub fn interleave(lines: &[i16], stride: usize, tile: &mut [i16]) {
    assert!(stride.is_multiple_of(8) && lines.len() == stride * BAND && tile.len() == lines.len());
    for x in (0..stride).step_by(8) {
        // SAFETY: x + 8 is at most the stride, and there are eight lines of it.
        let rows = std::array::from_fn(|row| unsafe { vld1q_s16(lines.as_ptr().add(row * stride + x)) });
        for (index, column) in transpose::words(rows).into_iter().enumerate() {
            // SAFETY: eight columns of eight lines fill 64 samples from x × 8 on.
            unsafe { vst1q_s16(tile.as_mut_ptr().add((x + index) * BAND), column) };
        }
    }
}

/// Weighted sums of the columns that [`interleave`] makes, eight output columns at a time. `out` has as many whole rows
/// as are wanted.
#[target_feature(enable = "neon")]
pub fn horizontal(tile: &[i16], first_column: usize, taps: &Taps, out: &mut [u8]) {
    const STEP: usize = 8;
    let width = taps.outputs();
    // What is left over, or all of a narrow picture, comes with columns that are not kept.
    for x in (0..width).step_by(STEP) {
        let x = x.min(width.saturating_sub(STEP));
        let kept = STEP.min(width - x);
        let columns = std::array::from_fn(|column| column_of(tile, first_column, taps, x + column.min(kept - 1)));
        let mut bytes = [[0u8; STEP]; BAND];
        for (rows, two) in bytes.as_chunks_mut::<2>().0.iter_mut().zip(transpose::bytes(columns)) {
            // SAFETY: sixteen bytes, two rows.
            unsafe { vst1q_u8(rows.as_mut_ptr().cast(), two) };
        }
        for (row, bytes) in out.chunks_exact_mut(width).zip(bytes) {
            row[x..][..kept].copy_from_slice(&bytes[..kept]);
        }
    }
}

/// One output column of eight rows.
#[inline]
#[target_feature(enable = "neon")]
fn column_of(tile: &[i16], first_column: usize, taps: &Taps, x: usize) -> uint8x8_t {
    let (start, weights) = taps.of(x);
    let columns = &tile[(start - first_column) * BAND..][..taps.len * BAND];
    let mut sums = [vdupq_n_s32(1 << (OUT_SHIFT - 1)); 2];
    for (column, &weight) in columns.as_chunks::<BAND>().0.iter().zip(weights) {
        // SAFETY: a column has eight samples.
        let samples = unsafe { vld1q_s16(column.as_ptr()) };
        sums = [vmlal_n_s16(sums[0], vget_low_s16(samples), weight), vmlal_high_n_s16(sums[1], samples, weight)];
    }
    // All bits above the sixteenth are there after sixteen of the shift; the rest of it stops at 0 and 255.
    vqshrun_n_s16::<{ OUT_SHIFT - 16 }>(vshrn_high_n_s32::<16>(vshrn_n_s32::<16>(sums[0]), sums[1]))
}
