//! PNG's filters, which leave small numbers where neighbours are alike.

const SUB: u8 = 1;
const UP: u8 = 2;
const PAETH: u8 = 4;

/// Filters to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// For pictures.
    All,
    /// For badges, which are flat: the costliest filter would find nothing in them.
    Flat,
}

/// Bytes of rows that are handed on at once: enough for a compressor, and still in the processor's cache.
const AT_ONCE: usize = 1 << 16;

/// Hands on, a few at a time, the rows of RGBA with the filter each that leaves the smallest numbers, behind its mark. The
/// first row does not look at the one above, so that it may stand below any.
pub fn filtered(pixels: &[u8], width: usize, choice: Choice, take: &mut dyn FnMut(&[u8])) {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has been asked.
        return unsafe { with_avx2(pixels, width, choice, take) };
    }
    portable(pixels, width, choice, take);
}

/// The same loops; compilers find the wide instructions for them.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn with_avx2(pixels: &[u8], width: usize, choice: Choice, take: &mut dyn FnMut(&[u8])) {
    portable(pixels, width, choice, take);
}

#[inline(always)]
fn portable(pixels: &[u8], width: usize, choice: Choice, take: &mut dyn FnMut(&[u8])) {
    let stride = width * 4;
    let mut out = Vec::with_capacity(AT_ONCE + stride + 1);
    let mut candidates = [(SUB, vec![0; stride]), (UP, vec![0; stride]), (PAETH, vec![0; stride])];
    let mut above: Option<&[u8]> = None;
    for row in pixels.chunks_exact(stride) {
        if out.len() >= AT_ONCE {
            take(&out);
            out.clear();
        }
        if above == Some(row) {
            out.push(UP);
            out.resize(out.len() + stride, 0);
            continue;
        }
        let [(_, sub), (_, up), (_, paeth)] = &mut candidates;
        sub[..4].copy_from_slice(&row[..4]);
        for ((filtered, &here), &left) in sub[4..].iter_mut().zip(&row[4..]).zip(row) {
            *filtered = here.wrapping_sub(left);
        }
        let mut best = 0;
        if let Some(above) = above {
            for ((filtered, &here), &up) in up.iter_mut().zip(row).zip(above) {
                *filtered = here.wrapping_sub(up);
            }
            let mut costs = [cost(sub), cost(up), u32::MAX];
            if choice == Choice::All {
                paeth[..4].copy_from_slice(&up[..4]);
                let around = row.iter().zip(&above[4..]).zip(above);
                for ((filtered, &here), ((&left, &up), &corner)) in paeth[4..].iter_mut().zip(&row[4..]).zip(around) {
                    *filtered = here.wrapping_sub(foretold(left, up, corner));
                }
                costs[2] = cost(paeth);
            }
            best = (0..3).min_by_key(|&index| costs[index]).unwrap_or(0);
        }
        out.push(candidates[best].0);
        out.extend_from_slice(&candidates[best].1);
        above = Some(row);
    }
    take(&out);
}

#[inline(always)]
fn cost(row: &[u8]) -> u32 {
    row.iter().map(|&byte| u32::from((byte as i8).unsigned_abs())).sum()
}

/// Whichever of three neighbours is nearest to what they foretell.
#[inline(always)]
fn foretold(left: u8, up: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(up), i16::from(corner));
    let (near_a, near_b, near_c) = ((b - c).abs(), (a - c).abs(), (a + b - c - c).abs());
    if near_a <= near_b && near_a <= near_c {
        left
    } else if near_b <= near_c {
        up
    } else {
        corner
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_processor_writes_the_same_rows(width in 1usize..70, height in 1usize..20, seed in any::<u32>(), calm in any::<bool>()) {
            let byte = |i: usize| if calm { (i / 64) as u8 } else { ((i as u32).wrapping_mul(seed | 1) >> 13) as u8 };
            let pixels: Vec<u8> = (0..width * height * 4).map(byte).collect();
            for choice in [Choice::All, Choice::Flat] {
                let (mut here, mut anywhere) = (Vec::new(), Vec::new());
                filtered(&pixels, width, choice, &mut |rows| here.extend_from_slice(rows));
                portable(&pixels, width, choice, &mut |rows| anywhere.extend_from_slice(rows));
                prop_assert_eq!(here.len(), pixels.len() + height);
                prop_assert!(here == anywhere);
            }
        }
    }
}
