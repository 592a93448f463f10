//! PNGs whose upper rows are compressed once and whose lower rows may be others each time: two IDAT chunks, the first of
//! which never changes.

use fdeflate::Compressor;

use super::filter::{Choice, filtered};
use crate::picture::Rgba;

/// The modulus of Adler-32.
const ADLER: u64 = 65_521;

/// The PNG of a whole picture.
#[must_use]
pub fn encode(picture: &Rgba) -> Vec<u8> {
    let zlib = compressed(&picture.pixels, picture.width as usize, Choice::All);
    file(picture.width, picture.height, &[&[&zlib]])
}

/// A PNG of straight RGBA, not interlaced, with its data in chunks of several parts.
fn file(width: u32, height: u32, data: &[&[&[u8]]]) -> Vec<u8> {
    let bytes: usize = data.iter().flat_map(|parts| parts.iter()).map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(bytes + 128);
    out.extend(b"\x89PNG\r\n\x1a\n");
    chunk(&mut out, b"IHDR", &[&width.to_be_bytes(), &height.to_be_bytes(), &[8, 6, 0, 0, 0]]);
    data.iter().for_each(|parts| chunk(&mut out, b"IDAT", parts));
    chunk(&mut out, b"IEND", &[]);
    out
}

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
        let (deflated, adler) = deflated(compressed(&picture.pixels, picture.width as usize, Choice::All));
        Self { width: picture.width, height: picture.height, adler, deflated: unfinished(deflated) }
    }

    /// The PNG with more rows of straight RGBA below.
    #[must_use]
    pub fn with_rows(&self, pixels: &[u8]) -> Vec<u8> {
        let (mut tail, adler) = deflated(compressed(pixels, self.width as usize, Choice::Flat));
        let rows = pixels.len() / (self.width as usize * 4);
        // Each row has its filter's mark.
        tail.extend(joined(self.adler, adler, (pixels.len() + rows) as u64).to_be_bytes());
        let height = self.height + rows as u32;
        // Zlib's header: deflate, fast.
        file(self.width, height, &[&[&[0x78, 0x01], &self.deflated], &[&tail]])
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

/// The filtered rows of some pixels as zlib has them. They are compressed as they come, which saves a copy of the picture.
fn compressed(pixels: &[u8], width: usize, choice: Choice) -> Vec<u8> {
    const WRITTEN: &str = "a vector takes everything";
    let mut compressor = Compressor::new(Vec::with_capacity(pixels.len() / 8)).expect(WRITTEN);
    filtered(pixels, width, choice, &mut |rows| compressor.write_data(rows).expect(WRITTEN));
    compressor.finish().expect(WRITTEN)
}

/// Zlib's deflate blocks and Adler-32: what is between its header and its end.
fn deflated(mut blocks: Vec<u8>) -> (Vec<u8>, u32) {
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
    let zeros = EMPTY_BITS - 1 - last_one(&deflated(fdeflate::compress_to_vec(&[])).0);
    let end = last_one(&blocks) + 1 + zeros;
    blocks[0] &= !1;
    // Three zero bits announce a stored block that is not the last; its lengths begin at the next byte.
    blocks.resize((end + 3).div_ceil(8), 0);
    blocks.extend([0, 0, 0xff, 0xff]);
    blocks
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
