//! A JPEG's markers, walked without decoding anything.

const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;

/// Whether a JPEG is closed by its end marker. A download whose tail was never written, and so is zero, decodes without
/// complaint: zeros are valid codes, and there are enough of them for the missing part.
#[must_use]
pub fn is_closed(data: &[u8]) -> bool {
    let mut rest = data.get(2..).unwrap_or_default();
    loop {
        // Between segments, and in a scan, anything may stand before the next marker.
        let Some(found) = memchr::memchr(0xff, rest) else { return false };
        let Some((&marker, after)) = rest[found + 1..].split_first() else { return false };
        rest = match marker {
            EOI => return true,
            // Stuffed, padded, or without a length.
            0x00 | 0x01 | 0xd0..=0xd8 => after,
            0xff => &rest[found + 1..],
            SOS => after,
            _ => {
                let [high, low, ..] = *after else { return false };
                after.get(usize::from(u16::from_be_bytes([high, low])).max(2)..).unwrap_or_default()
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_inside_a_segment_is_no_end() {
        assert!(is_closed(&[0xff, 0xd8, 0xff, 0xd9]));
        assert!(is_closed(&[0xff, 0xd8, 0xff, 0xda, 0, 2, 1, 0xff, 0, 0xff, 0xd3, 7, 0xff, 0xd9, 0, 0]));
        assert!(!is_closed(&[0xff, 0xd8, 0xff, 0xe1, 0, 4, 0xff, 0xd9, 0xff, 0xda, 0, 2, 1, 0, 0, 0]));
        for cut in [&[0xff, 0xd8][..], &[0xff, 0xd8, 0xff], &[0xff, 0xd8, 0xff, 0xe1], &[0xff, 0xd8, 0xff, 0xe1, 9]] {
            assert!(!is_closed(cut));
        }
    }
}
