//! Two blocks at once from coefficients to samples, for x86-64 with AVX2: one in the lower half of each register, one in
//! the upper. The transform is the library's accurate one in integers, and so is every result.

use std::arch::x86_64::*;

use super::avx2::{Rows, pair, transposed, turned};
use super::block::{Coefficients, Sampled};
use super::recode::{Division, LARGEST};
use super::vectors::loops_over_blocks;

loops_over_blocks!("avx2,bmi1,bmi2,lzcnt");

/// Coefficients in the order of the file, divided anew, sixteen at a time; those that are 0 stay so.
#[target_feature(enable = "avx2")]
fn divide(found: &mut Coefficients, division: &Division) {
    let (least, most) = (_mm256_set1_epi16(-LARGEST), _mm256_set1_epi16(LARGEST));
    let zero = _mm256_setzero_si256();
    let mut nonzero = 0;
    for (index, part) in found.block.0.as_chunks_mut::<16>().0.iter_mut().enumerate() {
        if (found.nonzero >> (index * 16)) & 0xffff == 0 {
            continue;
        }
        let table = |table: &[u16; 64]| {
            let part: &[u16; 16] = &table.as_chunks::<16>().0[index];
            // SAFETY: sixteen 16-bit numbers.
            unsafe { _mm256_loadu_si256(part.as_ptr().cast()) }
        };
        let factors: &[i16; 16] = &division.factors.as_chunks::<16>().0[index];
        // SAFETY: sixteen 16-bit numbers each.
        let product = unsafe {
            _mm256_mullo_epi16(_mm256_loadu_si256(part.as_ptr().cast()), _mm256_loadu_si256(factors.as_ptr().cast()))
        };
        let value = _mm256_slli_epi16::<3>(_mm256_min_epi16(_mm256_max_epi16(product, least), most));
        let sum = _mm256_add_epi16(_mm256_abs_epi16(value), table(&division.corrections));
        let quotient =
            _mm256_mulhi_epu16(_mm256_mulhi_epu16(sum, table(&division.reciprocals)), table(&division.scales));
        let signed = _mm256_sign_epi16(quotient, value);
        // SAFETY: sixteen 16-bit numbers.
        unsafe { _mm256_storeu_si256(part.as_mut_ptr().cast(), signed) };
        let zeros = _mm256_packs_epi16(_mm256_cmpeq_epi16(signed, zero), zero);
        let bits = !_mm256_movemask_epi8(_mm256_permute4x64_epi64::<0b11_01_10_00>(zeros)) as u32 & 0xffff;
        nonzero |= u64::from(bits) << (index * 16);
    }
    found.nonzero = nonzero;
}

/// See [`super::block::inverse`].
#[target_feature(enable = "avx2")]
pub fn inverse(blocks: [&Coefficients; 2], tables: [&[u16; 64]; 2]) -> Sampled {
    let mut rows = [_mm256_setzero_si256(); 8];
    for (index, row) in rows.iter_mut().enumerate() {
        let both = |lower: *const __m128i, upper: *const __m128i| {
            // SAFETY: the pointers are to eight 16-bit numbers each.
            unsafe { _mm256_set_m128i(_mm_loadu_si128(upper), _mm_loadu_si128(lower)) }
        };
        let [a, b] = blocks.map(|found| found.block.0.as_chunks::<8>().0[index].as_ptr().cast());
        let [c, d] = tables.map(|table| table.as_chunks::<8>().0[index].as_ptr().cast());
        *row = _mm256_mullo_epi16(both(a, b), both(c, d));
    }
    let columns = transposed(pass::<11>(rows));
    let rows = transposed(pass::<18>(columns));
    let mut samples = [[0u8; 64]; 2];
    for (index, two) in rows.as_chunks::<2>().0.iter().enumerate() {
        let bytes = _mm256_xor_si256(_mm256_packs_epi16(two[0], two[1]), _mm256_set1_epi8(-128));
        let [lower, upper] = &mut samples;
        // SAFETY: sixteen of 64 bytes from a multiple of sixteen on.
        unsafe {
            _mm_storeu_si128(lower.as_mut_ptr().add(index * 16).cast(), _mm256_castsi256_si128(bytes));
            _mm_storeu_si128(upper.as_mut_ptr().add(index * 16).cast(), _mm256_extracti128_si256::<1>(bytes));
        }
    }
    samples
}

/// Loeffler's transform backwards, of eight values each in a register of its own. The factors are the library's, with
/// 13 fractional bits; `SHIFT` of the bits go.
#[target_feature(enable = "avx2")]
fn pass<const SHIFT: i32>(d: Rows) -> Rows {
    // Sixteen bits as the upper half of 32, and back down to 13 more than they were.
    let zero = _mm256_setzero_si256();
    let wide = |value| {
        (
            _mm256_srai_epi32::<3>(_mm256_unpacklo_epi16(zero, value)),
            _mm256_srai_epi32::<3>(_mm256_unpackhi_epi16(zero, value)),
        )
    };
    let add = |a: (__m256i, __m256i), b: (__m256i, __m256i)| (_mm256_add_epi32(a.0, b.0), _mm256_add_epi32(a.1, b.1));
    let sub = |a: (__m256i, __m256i), b: (__m256i, __m256i)| (_mm256_sub_epi32(a.0, b.0), _mm256_sub_epi32(a.1, b.1));
    let (sum, difference) = (wide(_mm256_add_epi16(d[0], d[4])), wide(_mm256_sub_epi16(d[0], d[4])));
    let t3 = turned(d[2], d[6], (4433 + 6270, 4433));
    let t2 = turned(d[2], d[6], (4433, 4433 - 15137));
    let even = [add(sum, t3), add(difference, t2), sub(difference, t2), sub(sum, t3)];
    let (z3, z4) = (_mm256_add_epi16(d[7], d[3]), _mm256_add_epi16(d[5], d[1]));
    let (y3, y4) = (turned(z3, z4, (9633 - 16069, 9633)), turned(z3, z4, (9633, 9633 - 3196)));
    let odd = [
        add(turned(d[1], d[7], (12299 - 7373, -7373)), y4),
        add(turned(d[3], d[5], (25172 - 20995, -20995)), y3),
        add(turned(d[5], d[3], (16819 - 20995, -20995)), y4),
        add(turned(d[7], d[1], (2446 - 7373, -7373)), y3),
    ];
    let round = _mm256_set1_epi32(1 << (SHIFT - 1));
    let down = |value| _mm256_srai_epi32::<SHIFT>(_mm256_add_epi32(value, round));
    let narrow = |value: (__m256i, __m256i)| _mm256_packs_epi32(down(value.0), down(value.1));
    let mut out = d;
    for index in 0..4 {
        out[index] = narrow(add(even[index], odd[index]));
        out[7 - index] = narrow(sub(even[index], odd[index]));
    }
    out
}
