//! JPEGs of at most so many bytes: only the encoder runs again, nothing is drawn twice.

use crate::error::Result;

/// Below this quality blocks fall apart: the file may rather be too large.
pub const LOWEST_QUALITY: u8 = 20;

/// The best that `make` makes of a quality of at most `quality` within `max_bytes`; 0 stands for any number of bytes.
/// When not even the lowest quality is small enough, it is the answer all the same. Sizes are taken to grow with quality,
/// which they do but for a few bytes.
pub fn best<T>(
    quality: u8,
    max_bytes: u32,
    mut make: impl FnMut(u8) -> Result<T>,
    bytes: impl Fn(&T) -> usize,
) -> Result<T> {
    let first = make(quality)?;
    let fits = |made: &T| max_bytes == 0 || bytes(made) <= max_bytes as usize;
    if fits(&first) || quality <= LOWEST_QUALITY {
        return Ok(first);
    }
    // Quality `low` fits or is the floor, `high` does not fit.
    let (mut low, mut high) = (LOWEST_QUALITY, quality);
    let mut found = None;
    while high - low > 1 {
        let middle = low.midpoint(high);
        let made = make(middle)?;
        if fits(&made) {
            low = middle;
            found = Some(made);
        } else {
            high = middle;
        }
    }
    found.map_or_else(|| make(LOWEST_QUALITY), Ok)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_highest_quality_that_fits_is_found(quality in 1u8..=100, max_bytes in 0u32..12_000, step in 1usize..120) {
            let best = best(quality, max_bytes, Ok, |&quality| usize::from(quality) * step).unwrap();
            let fits = |quality: u8| max_bytes == 0 || usize::from(quality) * step <= max_bytes as usize;
            let floor = LOWEST_QUALITY.min(quality);
            let wanted = (floor..=quality).rev().find(|&quality| fits(quality)).unwrap_or(floor);
            prop_assert_eq!(best, wanted);
        }
    }
}
