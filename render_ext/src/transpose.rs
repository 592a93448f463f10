//! Squares of 8 × 8 turned about their diagonal, in NEON's registers.
//!
//! A perfect shuffle of 64 values moves the one at place n to n rotated by a bit; three of them swap the row's three bits
//! with the column's.

use std::arch::aarch64::*;

/// Eight rows of eight 16-bit values.
#[inline]
#[target_feature(enable = "neon")]
pub fn words(mut r: [int16x8_t; 8]) -> [int16x8_t; 8] {
    for _ in 0..3 {
        let (near, far) = (|i: usize| vzip1q_s16(r[i], r[i + 4]), |i: usize| vzip2q_s16(r[i], r[i + 4]));
        r = [near(0), far(0), near(1), far(1), near(2), far(2), near(3), far(3)];
    }
    r
}

/// Eight rows of eight bytes, which come back two in a register.
#[inline]
#[target_feature(enable = "neon")]
pub fn bytes(rows: [uint8x8_t; 8]) -> [uint8x16_t; 4] {
    let mut r = [0, 2, 4, 6].map(|row| vcombine_u8(rows[row], rows[row + 1]));
    for _ in 0..3 {
        let (near, far) = (|i: usize| vzip1q_u8(r[i], r[i + 2]), |i: usize| vzip2q_u8(r[i], r[i + 2]));
        r = [near(0), far(0), near(1), far(1)];
    }
    r
}
