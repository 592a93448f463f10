//! Coefficients that no picture has: what does not fit in sixteen bits must go the way of the libraries.

use proptest::prelude::*;

use super::block::{Block, Coefficients};
use super::huffman::{Tables, Writer};
use super::tests::{alike, decoded};
use super::{Frame, Scan};
use crate::settings::{Chroma, Kind};

/// The largest that a baseline file can hold.
const LARGEST: i16 = 1023;

fn value() -> impl Strategy<Value = i16> {
    prop_oneof![-LARGEST..=LARGEST, Just(LARGEST), Just(-LARGEST), Just(0)]
}

fn quality() -> impl Strategy<Value = u8> {
    prop_oneof![Just(1), 1u8..=100]
}

/// Two units of three blocks.
fn file(blocks: &[Vec<i16>], quality: u8) -> Vec<u8> {
    let (mut data, mut previous) = (Vec::new(), [0; 3]);
    let mut writer = Writer::new(&mut data);
    for (index, values) in blocks.iter().enumerate() {
        let mut block = Block::default();
        block.0[..values.len()].copy_from_slice(values);
        let block = Coefficients { block, nonzero: block.nonzero() };
        writer.coefficients(&block, &mut previous[index % 3], Tables::standard(index % 3 > 0));
    }
    writer.finish();
    Scan::read(Frame::of(Kind::Poster, 16, 8, Chroma::Full), quality, data).unwrap().file()
}

/// A block whose second row has something: of others the library for x86 makes what its whole transform would not.
fn block() -> impl Strategy<Value = Vec<i16>> {
    prop::collection::vec(value(), 3..=64).prop_map(|mut values| {
        values[2] = values[2].max(1);
        values
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_coefficients_go_the_way_of_the_portable_transform(
        blocks in prop::collection::vec(block(), 6), quality in quality(),
    ) {
        let file = file(&blocks, quality);
        let planes = super::planes(&file).expect("nothing about it is unusual");
        prop_assert!(super::portable_planes(&file).as_ref() == Some(&planes));
    }

    #[test]
    fn any_brightness_goes_the_way_of_the_library(
        blocks in prop::collection::vec(prop::collection::vec(value(), 1), 6), quality in quality(),
    ) {
        let file = file(&blocks, quality);
        prop_assert!(alike(&super::planes(&file).expect("nothing about it is unusual"), &decoded(&file)));
    }
}
