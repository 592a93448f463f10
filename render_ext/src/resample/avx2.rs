//! The inner loops for x86-64 with AVX2. Intrinsics, because compilers do not find the pairwise multiply-add that
//! makes them four times as fast as the portable ones.

use std::arch::x86_64::*;

use super::{BAND, LINE_BITS, WEIGHT_BITS, scalar, taps::Taps};

const LINE_SHIFT: i32 = (WEIGHT_BITS - LINE_BITS) as i32;
const OUT_SHIFT: i32 = (WEIGHT_BITS + LINE_BITS) as i32;

/// Two neighbouring weights in each 32-bit lane.
#[target_feature(enable = "avx2")]
fn broadcast(pair: &[i16]) -> __m256i {
    _mm256_set1_epi32(i32::from(pair[0]) & 0xffff | i32::from(pair[1]) << 16)
}

/// See [`scalar::vertical`]; sixteen columns at a time.
#[target_feature(enable = "avx2")]
pub fn vertical(rows: &[&[u8]], weights: &[i16], line: &mut [i16]) {
    const STEP: usize = 16;
    assert!(rows.len() == weights.len() && rows.len().is_multiple_of(2));
    assert!(rows.iter().all(|row| row.len() >= line.len()));
    let half = _mm256_set1_epi32(1 << (LINE_SHIFT - 1));
    let whole = line.len() / STEP * STEP;
    // The last columns once more with some before them: quicker than one by one.
    let rest = (whole < line.len() && whole > 0).then(|| line.len() - STEP);
    for x in (0..whole).step_by(STEP).chain(rest) {
        let (mut low, mut high) = (half, half);
        for (pair, weights) in rows.chunks_exact(2).zip(weights.chunks_exact(2)) {
            let weights = broadcast(weights);
            // SAFETY: x + 16 is at most the line's length, which no row falls short of.
            let (a, b) = unsafe {
                (_mm_loadu_si128(pair[0].as_ptr().add(x).cast()), _mm_loadu_si128(pair[1].as_ptr().add(x).cast()))
            };
            let first = _mm256_cvtepu8_epi16(_mm_unpacklo_epi8(a, b));
            let second = _mm256_cvtepu8_epi16(_mm_unpackhi_epi8(a, b));
            low = _mm256_add_epi32(low, _mm256_madd_epi16(first, weights));
            high = _mm256_add_epi32(high, _mm256_madd_epi16(second, weights));
        }
        let packed = _mm256_packs_epi32(_mm256_srai_epi32::<LINE_SHIFT>(low), _mm256_srai_epi32::<LINE_SHIFT>(high));
        let ordered = _mm256_permute4x64_epi64::<0b11_01_10_00>(packed);
        // SAFETY: x + 16 is at most the line's length.
        unsafe { _mm256_storeu_si256(line.as_mut_ptr().add(x).cast(), ordered) };
    }
    if whole == 0 {
        scalar::vertical(rows, weights, line, 0);
    }
}

/// See [`scalar::interleave`]; eight pairs of eight lines at a time.
#[target_feature(enable = "avx2")]
pub fn interleave(lines: &[i16], stride: usize, tile: &mut [i16]) {
    assert!(stride.is_multiple_of(16) && lines.len() == stride * BAND && tile.len() == lines.len());
    for x in (0..stride).step_by(16) {
        let mut rows = [_mm256_setzero_si256(); BAND];
        for (index, row) in rows.iter_mut().enumerate() {
            // SAFETY: x + 16 is at most the stride, and there are eight lines of it.
            *row = unsafe { _mm256_loadu_si256(lines.as_ptr().add(index * stride + x).cast()) };
        }
        for (index, pair) in transpose(rows).into_iter().enumerate() {
            // SAFETY: sixteen columns of eight lines fill 128 samples from x × 8 on.
            unsafe { _mm256_storeu_si256(tile.as_mut_ptr().add(x * BAND + index * 16).cast(), pair) };
        }
    }
}

/// Transposes eight rows of eight 32-bit values.
#[target_feature(enable = "avx2")]
fn transpose(r: [__m256i; 8]) -> [__m256i; 8] {
    let (a0, a1) = (_mm256_unpacklo_epi32(r[0], r[1]), _mm256_unpackhi_epi32(r[0], r[1]));
    let (a2, a3) = (_mm256_unpacklo_epi32(r[2], r[3]), _mm256_unpackhi_epi32(r[2], r[3]));
    let (a4, a5) = (_mm256_unpacklo_epi32(r[4], r[5]), _mm256_unpackhi_epi32(r[4], r[5]));
    let (a6, a7) = (_mm256_unpacklo_epi32(r[6], r[7]), _mm256_unpackhi_epi32(r[6], r[7]));
    let (b0, b1) = (_mm256_unpacklo_epi64(a0, a2), _mm256_unpackhi_epi64(a0, a2));
    let (b2, b3) = (_mm256_unpacklo_epi64(a1, a3), _mm256_unpackhi_epi64(a1, a3));
    let (b4, b5) = (_mm256_unpacklo_epi64(a4, a6), _mm256_unpackhi_epi64(a4, a6));
    let (b6, b7) = (_mm256_unpacklo_epi64(a5, a7), _mm256_unpackhi_epi64(a5, a7));
    [
        _mm256_permute2x128_si256::<0x20>(b0, b4),
        _mm256_permute2x128_si256::<0x20>(b1, b5),
        _mm256_permute2x128_si256::<0x20>(b2, b6),
        _mm256_permute2x128_si256::<0x20>(b3, b7),
        _mm256_permute2x128_si256::<0x31>(b0, b4),
        _mm256_permute2x128_si256::<0x31>(b1, b5),
        _mm256_permute2x128_si256::<0x31>(b2, b6),
        _mm256_permute2x128_si256::<0x31>(b3, b7),
    ]
}

/// See [`scalar::horizontal`]; eight output columns at a time.
#[target_feature(enable = "avx2")]
pub fn horizontal(tile: &[i16], first_column: usize, taps: &Taps, out: &mut [u8]) {
    const STEP: usize = 8;
    let width = taps.outputs();
    let rows = out.len() / width;
    let whole = width / STEP * STEP;
    let rest = (whole < width && whole > 0).then(|| width - STEP);
    for x in (0..whole).step_by(STEP).chain(rest) {
        let mut sums = [_mm256_setzero_si256(); STEP];
        for (column, sum) in sums.iter_mut().enumerate() {
            *sum = column_sum(tile, first_column, taps, x + column);
        }
        let (left, right) = (four_by_four(&sums[..4]), four_by_four(&sums[4..]));
        // In each half: rows 0 and 1 (or 4 and 5) of all eight columns, then the next two rows.
        let (near, far) = (_mm256_unpacklo_epi32(left, right), _mm256_unpackhi_epi32(left, right));
        let mut bytes = [[0u8; 8]; BAND];
        // SAFETY: each store fills 16 bytes, two rows, of the 64.
        unsafe {
            let base: *mut u8 = bytes.as_mut_ptr().cast();
            _mm_storeu_si128(base.cast(), _mm256_castsi256_si128(near));
            _mm_storeu_si128(base.add(16).cast(), _mm256_castsi256_si128(far));
            _mm_storeu_si128(base.add(32).cast(), _mm256_extracti128_si256::<1>(near));
            _mm_storeu_si128(base.add(48).cast(), _mm256_extracti128_si256::<1>(far));
        }
        for (row, bytes) in bytes.iter().enumerate().take(rows) {
            out[row * width + x..][..STEP].copy_from_slice(bytes);
        }
    }
    if whole == 0 {
        scalar::horizontal(tile, first_column, taps, out, 0);
    }
}

/// One output column of eight rows, shifted down to sample values but not yet clamped.
#[target_feature(enable = "avx2")]
fn column_sum(tile: &[i16], first_column: usize, taps: &Taps, x: usize) -> __m256i {
    let (start, weights) = taps.of(x);
    let columns = &tile[(start - first_column) * BAND..][..taps.len * BAND];
    let mut sum = _mm256_set1_epi32(1 << (OUT_SHIFT - 1));
    for (pair, weights) in columns.chunks_exact(2 * BAND).zip(weights.chunks_exact(2)) {
        // SAFETY: a chunk has sixteen samples.
        let samples = unsafe { _mm256_loadu_si256(pair.as_ptr().cast()) };
        sum = _mm256_add_epi32(sum, _mm256_madd_epi16(samples, broadcast(weights)));
    }
    _mm256_srai_epi32::<OUT_SHIFT>(sum)
}

/// Four columns of eight rows, clamped to bytes: in each half four rows of four.
#[target_feature(enable = "avx2")]
fn four_by_four(columns: &[__m256i]) -> __m256i {
    let words = (_mm256_packs_epi32(columns[0], columns[1]), _mm256_packs_epi32(columns[2], columns[3]));
    let bytes = _mm256_packus_epi16(words.0, words.1);
    let order = _mm256_setr_epi8(
        0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15,
    );
    _mm256_shuffle_epi8(bytes, order)
}
