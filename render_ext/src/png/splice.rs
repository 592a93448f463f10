//! PNGs whose upper rows are compressed once and whose lower rows may be others each time: two IDAT chunks, the first of
//! which never changes.

use crate::picture::Rgba;

/// The modulus of Adler-32.
const ADLER: u64 = 65_521;

/// The upper rows of a PNG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Width in pixels.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Adler-32 of the filtered rows.
    pub adler: u32,
    /// The filtered rows as deflate blocks that end on a byte's boundary, none of them the last.
    pub deflated: Vec<u8>,
}

impl Head {
    /// Compresses the rows of a picture.
    #[must_use]
    pub fn new(picture: &Rgba) -> Self {
        let (deflated, adler) = deflated(&filtered(&picture.pixels, picture.width as usize, 3));
        Self { width: picture.width, height: picture.height, adler, deflated: unfinished(deflated) }
    }

    /// The PNG with more rows of straight RGBA below.
    #[must_use]
    pub fn with_rows(&self, pixels: &[u8]) -> Vec<u8> {
        // Badges are flat: the costliest filter would find nothing in them.
        let rows = filtered(pixels, self.width as usize, 2);
        let (mut tail, adler) = deflated(&rows);
        tail.extend(joined(self.adler, adler, rows.len() as u64).to_be_bytes());
        let height = self.height + (pixels.len() / (self.width as usize * 4)) as u32;
        let mut out = Vec::with_capacity(self.deflated.len() + tail.len() + 128);
        out.extend(b"\x89PNG\r\n\x1a\n");
        let (across, down) = (self.width.to_be_bytes(), height.to_be_bytes());
        // Eight bits, RGBA, not interlaced.
        chunk(&mut out, b"IHDR", &[&across, &down, &[8, 6, 0, 0, 0]]);
        // Zlib's header: deflate, fast.
        chunk(&mut out, b"IDAT", &[&[0x78, 0x01], &self.deflated]);
        chunk(&mut out, b"IDAT", &[&tail]);
        chunk(&mut out, b"IEND", &[]);
        out
    }
}

fn chunk(out: &mut Vec<u8>, name: &[u8; 4], parts: &[&[u8]]) {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    out.extend((length as u32).to_be_bytes());
    let start = out.len();
    out.extend(name);
    parts.iter().for_each(|part| out.extend_from_slice(part));
    let sum = crc32fast::hash(&out[start..]);
    out.extend(sum.to_be_bytes());
}

/// Adler-32 of two texts one behind the other, the second of which has so many bytes.
fn joined(first: u32, second: u32, length: u64) -> u32 {
    let parts = |sum: u32| (u64::from(sum & 0xffff), u64::from(sum >> 16));
    let ((a, b), (c, d)) = (parts(first), parts(second));
    let low = (a + c + ADLER - 1) % ADLER;
    let high = (b + d + length % ADLER * (a + ADLER - 1)) % ADLER;
    (high << 16 | low) as u32
}

/// The deflate blocks of some data, and its Adler-32: what is between zlib's header and its end.
fn deflated(data: &[u8]) -> (Vec<u8>, u32) {
    let mut blocks = fdeflate::compress_to_vec(data);
    let sum = blocks.split_off(blocks.len() - 4);
    blocks.drain(..2);
    (blocks, u32::from_be_bytes([sum[0], sum[1], sum[2], sum[3]]))
}

/// Takes the mark of the last block from what `deflated` has written, and brings it to a byte's boundary with an empty
/// stored block, so that more blocks may follow.
///
/// The library always writes one block, with tables that never change: its end is 12 bits known from a block of nothing,
/// which begins with a header of 413 bits. Tests hold this to be so.
fn unfinished(mut blocks: Vec<u8>) -> Vec<u8> {
    const EMPTY_BITS: usize = 413 + 12;
    let last_one = |bytes: &[u8]| {
        let index = bytes.iter().rposition(|&byte| byte != 0).unwrap_or_default();
        index * 8 + 7 - bytes[index].leading_zeros() as usize
    };
    let zeros = EMPTY_BITS - 1 - last_one(&deflated(&[]).0);
    let end = last_one(&blocks) + 1 + zeros;
    blocks[0] &= !1;
    // Three zero bits announce a stored block that is not the last; its lengths begin at the next byte.
    blocks.resize((end + 3).div_ceil(8), 0);
    blocks.extend([0, 0, 0xff, 0xff]);
    blocks
}

/// The rows with PNG's filters, each with the one of the first `choice` that leaves the smallest numbers. The first row
/// does not look at the one above, so that it may stand below any.
fn filtered(pixels: &[u8], width: usize, choice: usize) -> Vec<u8> {
    const SUB: u8 = 1;
    const UP: u8 = 2;
    const PAETH: u8 = 4;
    let stride = width * 4;
    let mut out = Vec::with_capacity(pixels.len() + pixels.len() / stride.max(1));
    let mut candidates = [(SUB, vec![0; stride]), (UP, vec![0; stride]), (PAETH, vec![0; stride])];
    let mut above: Option<&[u8]> = None;
    for row in pixels.chunks_exact(stride) {
        if above == Some(row) {
            out.push(UP);
            out.resize(out.len() + stride, 0);
            continue;
        }
        candidates[0].1[..4].copy_from_slice(&row[..4]);
        for ((filtered, &here), &left) in candidates[0].1[4..].iter_mut().zip(&row[4..]).zip(row) {
            *filtered = here.wrapping_sub(left);
        }
        let mut best = 0;
        if let Some(above) = above {
            for ((filtered, &here), &up) in candidates[1].1.iter_mut().zip(row).zip(above) {
                *filtered = here.wrapping_sub(up);
            }
            if choice > 2 {
                let (up, paeths) = candidates.split_at_mut(2);
                paeths[0].1[..4].copy_from_slice(&up[1].1[..4]);
                let around = row.iter().zip(&above[4..]).zip(above);
                for ((filtered, &here), ((&left, &up), &corner)) in
                    candidates[2].1[4..].iter_mut().zip(&row[4..]).zip(around)
                {
                    *filtered = here.wrapping_sub(paeth(left, up, corner));
                }
            }
            let cost = |row: &[u8]| row.iter().map(|&byte| u32::from((byte as i8).unsigned_abs())).sum::<u32>();
            best = (0..choice).min_by_key(|&index| cost(&candidates[index].1)).unwrap_or(0);
        }
        out.push(candidates[best].0);
        out.extend_from_slice(&candidates[best].1);
        above = Some(row);
    }
    out
}

/// Whichever of three neighbours is nearest to what they foretell.
#[inline]
fn paeth(left: u8, up: u8, corner: u8) -> u8 {
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

    #[test]
    fn two_sums_join() {
        let text: Vec<u8> = (0..100_000u32).map(|i| (i.wrapping_mul(i) >> 3) as u8 | 0xf0).collect();
        for cut in [0, 1, 5552, 70_000, 100_000] {
            let (first, second) = text.split_at(cut);
            let sum = |part: &[u8]| simd_adler32::adler32(&part);
            assert_eq!(joined(sum(first), sum(second), second.len() as u64), sum(&text));
        }
    }

    proptest! {
        #[test]
        fn any_rows_come_back(
            width in 1u32..40, height in 1u32..20, more in 0u32..20, seed in any::<u32>(), calm in any::<bool>(),
        ) {
            let byte = |i: u32| if calm { (i / 64) as u8 } else { (i.wrapping_mul(seed | 1) >> 13) as u8 };
            let pixels: Vec<u8> = (0..width * (height + more) * 4).map(byte).collect();
            let (upper, lower) = pixels.split_at((width * height * 4) as usize);
            let head = Head::new(&Rgba { width, height, pixels: upper.to_vec() });
            let data = head.with_rows(lower);
            let drawn = crate::decode::to_rgba(crate::decode::decode(&data).unwrap());
            prop_assert_eq!(drawn, Rgba { width, height: height + more, pixels });
        }
    }
}
