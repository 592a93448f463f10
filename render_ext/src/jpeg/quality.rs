//! The quality that a JPEG was written with, read from its table.

use super::frame::transforms;
use libjpeg_turbo_rs::encode::tables::ZIGZAG_ORDER;

const DQT: u8 = 0xdb;
const SOS: u8 = 0xda;

/// The quality from 1 to 100 whose standard table for brightness a JPEG has; none for other tables and other files.
#[must_use]
pub fn of(data: &[u8]) -> Option<u8> {
    let mut rest = data.strip_prefix(&[0xff, 0xd8])?;
    while let [0xff, marker, high, low, body @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low])).checked_sub(2)?;
        match *marker {
            // One byte for each number of table 0.
            DQT if body.first() == Some(&0) => {
                let table: &[u8; 64] = body.get(1..length)?.first_chunk()?;
                let is_of = |quality: u8| {
                    let standard = transforms(quality)[0].table;
                    ZIGZAG_ORDER.iter().zip(table).all(|(&place, &value)| standard[place] == u16::from(value))
                };
                return (1..=100).rev().find(|&quality| is_of(quality));
            }
            SOS => return None,
            _ => rest = body.get(length..)?,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jpeg::{Frame, Scan};
    use crate::picture::Canvas;
    use crate::settings::{Chroma, Kind};

    #[test]
    fn every_quality_that_a_budget_can_choose_is_read_back() {
        let frame = Frame::of(Kind::Poster, 16, 16, Chroma::Full);
        let planes = [0, 1, 2].map(|_| vec![90; 256]);
        let canvas = Canvas { width: 16, height: 16, chroma_step: 1, planes };
        for quality in crate::jpeg::budget::LOWEST_QUALITY..=100 {
            assert_eq!(of(&Scan::encode(&canvas, frame, quality).file()), Some(quality));
        }
        for other in
            [&b"\x89PNG"[..], &[], &[0xff, 0xd8], &[0xff, 0xd8, 0xff, 0xdb, 0, 9, 0], &[0xff, 0xd8, 0xff, 0xdb, 0, 0]]
        {
            assert_eq!(of(other), None);
        }
    }
}
