//! Both JPEG libraries see and write the same pictures.
#![cfg(feature = "turbo")]

mod fixtures;

use openposterdb_render::codec::{Codec, PureRust, Turbo};
use openposterdb_render::error::ErrorCode;
use openposterdb_render::limits::Limits;
use openposterdb_render::picture::{Canvas, Picture, Plane};

fn same(a: &Plane, b: &Plane) -> bool {
    (a.width, a.height, a.x, a.y) == (b.width, b.height, b.x, b.y) && (0..a.height).all(|y| a.row(y) == b.row(y))
}

#[test]
fn decoding_gives_the_same_samples_or_the_same_refusal() {
    for (name, data) in fixtures::jpegs() {
        match (PureRust.decode(&data, &Limits::DEFAULT), Turbo.decode(&data, &Limits::DEFAULT)) {
            (Ok(Picture::Planes(ours)), Ok(Picture::Planes(theirs))) => {
                assert!(same(&ours.luma, &theirs.luma), "{name}");
                match (&ours.chroma, &theirs.chroma) {
                    (Some(ours), Some(theirs)) => {
                        assert!(ours.iter().zip(theirs).all(|(ours, theirs)| same(ours, theirs)), "{name}");
                    }
                    (ours, theirs) => assert_eq!(ours.is_some(), theirs.is_some(), "{name}"),
                }
            }
            (ours, theirs) => assert_eq!(ours.map_err(|e| e.code), theirs.map_err(|e| e.code), "{name}"),
        }
    }
}

#[test]
fn any_cut_is_corrupt_for_both() {
    for (name, data) in fixtures::jpegs().filter(|(name, _)| name.starts_with("odd_301x445_42")) {
        for share in 1..20 {
            let cut = &data[..data.len() * share / 20];
            assert_eq!(Turbo.decode(cut, &Limits::DEFAULT).unwrap_err().code, ErrorCode::Corrupt, "{name} {share}");
        }
    }
}

#[test]
fn encoding_gives_the_same_samples_at_any_size() {
    for (width, height, chroma_step) in
        [(1, 1, 2), (17, 9, 2), (18, 9, 2), (17, 10, 2), (64, 48, 2), (33, 31, 1), (580, 859, 2)]
    {
        let mut canvas = Canvas { width, height, chroma_step, ..Canvas::default() };
        for plane in 0..3 {
            let (columns, rows) = canvas.plane_size(plane);
            canvas.planes[plane] = (0..columns * rows).map(|i| ((i % columns) * 5 + (i / columns) * 3) as u8).collect();
        }
        let decode = |data: Vec<u8>| match PureRust.decode(&data, &Limits::DEFAULT) {
            Ok(Picture::Planes(planes)) => planes,
            other => panic!("{other:?}"),
        };
        let (ours, theirs) =
            (decode(PureRust.encode(&canvas, 85).unwrap()), decode(Turbo.encode(&canvas, 85).unwrap()));
        assert!(same(&ours.luma, &theirs.luma), "{width}x{height}");
    }
}
