//! Two blocks at once from samples to zigzag order, for x86-64 with AVX2: one in the lower half of each register, one in
//! the upper. The transform is the library's accurate one in integers, the quotients are its, and so is every result.

use std::arch::x86_64::*;

use super::block::{Block, Coefficients, Samples, Transform};
use super::encode;
use super::frame::Frame;
use crate::picture::Canvas;

/// Rows of a block, of two blocks each.
pub(super) type Rows = [__m256i; 8];

/// Whether this processor runs what is here.
pub fn is_there() -> bool {
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
}

/// See [`encode::intervals_by`].
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
pub fn intervals(canvas: &Canvas, frame: &Frame, transforms: &[Transform; 2]) -> (Vec<u8>, Vec<u32>) {
    encode::intervals_by(canvas, frame, |samples, colour| pair(samples, &transforms[colour]))
}

/// Two blocks of samples as quantised coefficients.
#[target_feature(enable = "avx2")]
pub(super) fn pair([a, b]: [Samples<'_>; 2], transform: &Transform) -> [Coefficients; 2] {
    let half = _mm256_set1_epi16(128);
    let (first, second) = (&a.rows[..a.stride * 7 + 8], &b.rows[..b.stride * 7 + 8]);
    let mut rows = [half; 8];
    for (line, row) in rows.iter_mut().enumerate() {
        // SAFETY: eight samples from each line's start on lie inside the slices taken above.
        let both = unsafe {
            let lower = _mm_loadl_epi64(first.as_ptr().add(line * a.stride).cast());
            let upper = _mm_loadl_epi64(second.as_ptr().add(line * b.stride).cast());
            _mm_unpacklo_epi64(lower, upper)
        };
        *row = _mm256_sub_epi16(_mm256_cvtepu8_epi16(both), half);
    }
    let columns = pass::<11, true>(transposed(rows));
    let rows = quantised(pass::<15, false>(transposed(columns)), transform);
    coefficients(zigzag(rows))
}

/// Transposes both blocks.
#[target_feature(enable = "avx2")]
pub(super) fn transposed(r: Rows) -> Rows {
    let near = |i: usize, j: usize| (_mm256_unpacklo_epi16(r[i], r[j]), _mm256_unpackhi_epi16(r[i], r[j]));
    let ((a0, a1), (a2, a3), (a4, a5), (a6, a7)) = (near(0, 1), near(2, 3), near(4, 5), near(6, 7));
    let two = |a, b| (_mm256_unpacklo_epi32(a, b), _mm256_unpackhi_epi32(a, b));
    let ((b0, b1), (b2, b3), (b4, b5), (b6, b7)) = (two(a0, a2), two(a1, a3), two(a4, a6), two(a5, a7));
    let four = |a, b| (_mm256_unpacklo_epi64(a, b), _mm256_unpackhi_epi64(a, b));
    let ((c0, c1), (c2, c3), (c4, c5), (c6, c7)) = (four(b0, b4), four(b1, b5), four(b2, b6), four(b3, b7));
    [c0, c1, c2, c3, c4, c5, c6, c7]
}

/// `a × α + b × β` in 13 fractional bits, of which `SHIFT` go.
#[target_feature(enable = "avx2")]
fn rotated<const SHIFT: i32>(a: __m256i, b: __m256i, (alpha, beta): (i16, i16), more: (__m256i, __m256i)) -> __m256i {
    let sums = turned(a, b, (alpha, beta));
    let round = _mm256_set1_epi32(1 << (SHIFT - 1));
    let down = |sum, more| _mm256_srai_epi32::<SHIFT>(_mm256_add_epi32(_mm256_add_epi32(sum, more), round));
    _mm256_packs_epi32(down(sums.0, more.0), down(sums.1, more.1))
}

#[target_feature(enable = "avx2")]
pub(super) fn turned(a: __m256i, b: __m256i, (alpha, beta): (i16, i16)) -> (__m256i, __m256i) {
    let factors = _mm256_set1_epi32(i32::from(alpha) & 0xffff | i32::from(beta) << 16);
    (_mm256_madd_epi16(_mm256_unpacklo_epi16(a, b), factors), _mm256_madd_epi16(_mm256_unpackhi_epi16(a, b), factors))
}

/// Loeffler's transform of eight values, each in a register of its own. The factors are the library's, with 13
/// fractional bits.
#[target_feature(enable = "avx2")]
fn pass<const SHIFT: i32, const FIRST: bool>(d: Rows) -> Rows {
    let (add, sub) = (|a, b| _mm256_add_epi16(a, b), |a, b| _mm256_sub_epi16(a, b));
    let none = (_mm256_setzero_si256(), _mm256_setzero_si256());
    let (s0, s1, s2, s3) = (add(d[0], d[7]), add(d[1], d[6]), add(d[2], d[5]), add(d[3], d[4]));
    let (d7, d6, d5, d4) = (sub(d[0], d[7]), sub(d[1], d[6]), sub(d[2], d[5]), sub(d[3], d[4]));
    let (t10, t13, t11, t12) = (add(s0, s3), sub(s0, s3), add(s1, s2), sub(s1, s2));
    let plain = |sum| {
        if FIRST {
            _mm256_slli_epi16::<2>(sum)
        } else {
            _mm256_srai_epi16::<2>(_mm256_add_epi16(sum, _mm256_set1_epi16(2)))
        }
    };
    // What the odd outputs share.
    let (z3, z4) = (add(d4, d6), add(d5, d7));
    let (y3, y4) = (turned(z3, z4, (9633 - 16069, 9633)), turned(z3, z4, (9633, 9633 - 3196)));
    [
        plain(add(t10, t11)),
        rotated::<SHIFT>(d7, d4, (12299 - 7373, -7373), y4),
        rotated::<SHIFT>(t13, t12, (4433 + 6270, 4433), none),
        rotated::<SHIFT>(d6, d5, (25172 - 20995, -20995), y3),
        plain(sub(t10, t11)),
        rotated::<SHIFT>(d5, d6, (16819 - 20995, -20995), y4),
        rotated::<SHIFT>(t13, t12, (4433, 4433 - 15137), none),
        rotated::<SHIFT>(d4, d7, (2446 - 7373, -7373), y3),
    ]
}

/// Divides by multiplying, as the library does.
#[target_feature(enable = "avx2")]
fn quantised(mut rows: Rows, transform: &Transform) -> Rows {
    let divisors = transform.divisors();
    for (index, row) in rows.iter_mut().enumerate() {
        let table = |table: &[u16; 64]| {
            let part: &[u16; 8] = &table.as_chunks::<8>().0[index];
            // SAFETY: eight 16-bit numbers.
            _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(part.as_ptr().cast()) })
        };
        let sum = _mm256_add_epi16(_mm256_abs_epi16(*row), table(&divisors.corrections));
        let quotient =
            _mm256_mulhi_epu16(_mm256_mulhi_epu16(sum, table(&divisors.reciprocals)), table(&divisors.scales));
        *row = _mm256_sign_epi16(quotient, *row);
    }
    rows
}

/// For each eight coefficients in zigzag order and each row in natural order where the row's bytes go; 0x80 stands for
/// none.
const MOVES: [[[u8; 16]; 8]; 8] = {
    let mut moves = [[[0x80u8; 16]; 8]; 8];
    let mut place = 0;
    while place < 64 {
        let natural = super::block::ZIGZAG[place];
        let target = &mut moves[place / 8][natural / 8];
        target[place % 8 * 2] = (natural % 8 * 2) as u8;
        target[place % 8 * 2 + 1] = (natural % 8 * 2 + 1) as u8;
        place += 1;
    }
    moves
};

/// The first and the last row that each eight coefficients in zigzag order come from.
const REACH: [(usize, usize); 8] = {
    let mut reach = [(7, 0); 8];
    let mut place = 0;
    while place < 64 {
        let row = super::block::ZIGZAG[place] / 8;
        let (first, last) = reach[place / 8];
        reach[place / 8] = (if row < first { row } else { first }, if row > last { row } else { last });
        place += 1;
    }
    reach
};

#[target_feature(enable = "avx2")]
fn zigzag(rows: Rows) -> Rows {
    let mut ordered = [_mm256_setzero_si256(); 8];
    for (eight, out) in ordered.iter_mut().enumerate() {
        for row in REACH[eight].0..=REACH[eight].1 {
            // SAFETY: sixteen bytes.
            let moves = unsafe { _mm_loadu_si128(MOVES[eight][row].as_ptr().cast()) };
            *out = _mm256_or_si256(*out, _mm256_shuffle_epi8(rows[row], _mm256_broadcastsi128_si256(moves)));
        }
    }
    ordered
}

#[target_feature(enable = "avx2")]
fn coefficients(rows: Rows) -> [Coefficients; 2] {
    let mut found = [Coefficients { block: Block([0; 64]), nonzero: 0 }; 2];
    for (index, row) in rows.iter().enumerate() {
        let [lower, upper] = &mut found;
        // SAFETY: eight coefficients of each block, at a place that is a multiple of eight below 64.
        unsafe {
            _mm_storeu_si128(lower.block.0.as_mut_ptr().add(index * 8).cast(), _mm256_castsi256_si128(*row));
            _mm_storeu_si128(upper.block.0.as_mut_ptr().add(index * 8).cast(), _mm256_extracti128_si256::<1>(*row));
        }
    }
    for (index, rows) in rows.as_chunks::<2>().0.iter().enumerate() {
        let zero = _mm256_setzero_si256();
        let zeros = _mm256_cmpeq_epi8(_mm256_packs_epi16(rows[0], rows[1]), zero);
        let bits = !_mm256_movemask_epi8(zeros) as u32;
        found[0].nonzero |= u64::from(bits & 0xffff) << (index * 16);
        found[1].nonzero |= u64::from(bits >> 16) << (index * 16);
    }
    found
}
