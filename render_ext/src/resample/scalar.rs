//! The portable inner loops; the others must give exactly the same samples.

use super::{BAND, LINE_BITS, WEIGHT_BITS, taps::Taps};

const LINE_SHIFT: u32 = WEIGHT_BITS - LINE_BITS;
const OUT_SHIFT: u32 = WEIGHT_BITS + LINE_BITS;

/// A weighted sum of rows, for the columns from `from` on.
pub fn vertical(rows: &[&[u8]], weights: &[i16], line: &mut [i16], from: usize) {
    const BLOCK: usize = 64;
    for start in (from..line.len()).step_by(BLOCK) {
        let end = line.len().min(start + BLOCK);
        let mut sums = [1 << (LINE_SHIFT - 1); BLOCK];
        for (row, &weight) in rows.iter().zip(weights) {
            for (sum, &sample) in sums.iter_mut().zip(&row[start..end]) {
                *sum += i32::from(weight) * i32::from(sample);
            }
        }
        for (out, sum) in line[start..end].iter_mut().zip(sums) {
            *out = (sum >> LINE_SHIFT).clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16;
        }
    }
}

/// Eight lines as column pairs: two samples of line 0, two of line 1, and so on, then the next pair.
pub fn interleave(lines: &[i16], stride: usize, tile: &mut [i16]) {
    for (row, line) in lines.chunks_exact(stride).enumerate() {
        for (pair, samples) in line.chunks_exact(2).enumerate() {
            tile[pair * 2 * BAND + row * 2..][..2].copy_from_slice(samples);
        }
    }
}

/// Weighted sums of column pairs, for the output columns from `from` on. `out` has as many whole rows as are wanted.
pub fn horizontal(tile: &[i16], first_column: usize, taps: &Taps, out: &mut [u8], from: usize) {
    let width = taps.outputs();
    for x in from..width {
        let (start, weights) = taps.of(x);
        let mut sums = [1i32 << (OUT_SHIFT - 1); BAND];
        let columns = &tile[(start - first_column) * BAND..][..taps.len * BAND];
        for (pair, weights) in columns.chunks_exact(2 * BAND).zip(weights.chunks_exact(2)) {
            for (sum, samples) in sums.iter_mut().zip(pair.chunks_exact(2)) {
                *sum += i32::from(samples[0]) * i32::from(weights[0]) + i32::from(samples[1]) * i32::from(weights[1]);
            }
        }
        for (row, sum) in out.chunks_exact_mut(width).zip(sums) {
            row[x] = (sum >> OUT_SHIFT).clamp(0, 255) as u8;
        }
    }
}
