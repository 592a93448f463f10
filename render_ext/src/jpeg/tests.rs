use std::fs;
use std::path::Path;
use std::sync::Arc;

use libjpeg_turbo_rs::{Subsampling, compress_raw};
use proptest::prelude::*;

use super::*;
use crate::blend;
use crate::codec::{Codec, PureRust};
use crate::limits::Limits;
use crate::picture::{Canvas, Picture, Planes};
use crate::probe::Colour;
use crate::settings::{Chroma, Kind};
use crate::sprite::{Layer, PlanarSprite};

#[path = "../../tests/fixtures/mod.rs"]
mod fixtures;

/// A picture with slow changes and some grain.
fn canvas(frame: &Frame, seed: u32) -> Canvas {
    let mut canvas = Canvas { width: frame.width, height: frame.height, chroma_step: frame.step, ..Canvas::default() };
    let mut state = seed | 1;
    for plane in 0..3 {
        let (width, height) = frame.plane_size(plane);
        let wave = |at: usize, length: f32| (at as f32 / length).sin() * 50.0;
        canvas.planes[plane] = (0..width * height)
            .map(|i| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let grain = if plane == 0 { (state >> 28) as f32 - 8.0 } else { 0.0 };
                (128.0 + wave(i % width, 17.0) + wave(i / width, 11.0) + grain) as u8
            })
            .collect();
    }
    canvas
}

fn sprite(width: u32, height: u32, step: u32, value: u8, through: u8) -> Arc<PlanarSprite> {
    let layer = |step: u32| {
        let (width, height) = (width.div_ceil(step) as usize, height.div_ceil(step) as usize);
        let samples = (0..width * height).map(|i| if i % 7 == 0 { 255 - through } else { value.min(255 - through) });
        Layer { width, samples: samples.collect(), through: vec![through; width * height] }
    };
    Arc::new(PlanarSprite { layers: [layer(1), layer(step), layer(step)] })
}

pub(super) fn decoded(data: &[u8]) -> Planes {
    match PureRust.decode(data, &Limits::DEFAULT).unwrap() {
        Picture::Planes(planes) => *planes,
        Picture::Rgba(_) => panic!("planes"),
    }
}

fn same(planes: &Planes, canvas: &Canvas) -> bool {
    let chroma = planes.chroma.as_ref().unwrap();
    [&planes.luma, &chroma[0], &chroma[1]]
        .into_iter()
        .zip(&canvas.planes)
        .all(|(plane, samples)| samples.chunks_exact(plane.width).enumerate().all(|(y, row)| plane.row(y) == row))
}

#[derive(Clone, Debug)]
struct Case {
    frame: Frame,
    quality: u8,
    seed: u32,
    sprites: Vec<(u32, u32, u32, u32, u8, u8)>,
}

impl Case {
    fn sprites(&self) -> Vec<(Arc<PlanarSprite>, u32, u32)> {
        let even = |value: u32| value / 2 * 2;
        let sprites = self.sprites.iter();
        sprites
            .map(|&(x, y, w, h, value, through)| (sprite(w, h, self.frame.step, value, through), even(x), even(y)))
            .collect()
    }
}

fn case() -> impl Strategy<Value = Case> {
    // Many let nothing through, and hide whole blocks.
    let through = prop_oneof![Just(0), any::<u8>()];
    let badge = (0u32..300, 0u32..200, 1u32..90, 1u32..60, any::<u8>(), through);
    (1u32..300, 1u32..200, any::<bool>(), 1u32..8, 30u8..=100, any::<u32>(), prop::collection::vec(badge, 0..4))
        .prop_map(|(width, height, half, part, quality, seed, sprites)| {
            let frame = Frame::of(Kind::Poster, width, height, if half { Chroma::Half } else { Chroma::Full });
            let interval =
                (1..=frame.columns).rev().filter(|n| frame.columns.is_multiple_of(*n)).nth(part as usize % 4);
            let frame = frame.with_interval(interval.unwrap_or(1));
            Case { frame, quality, seed, sprites }
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn files_hold_what_the_library_would_have_written(case in case()) {
        let Case { frame, quality, .. } = case;
        let canvas = canvas(&frame, case.seed);
        let sizes = [0, 1, 2].map(|plane| frame.plane_size(plane));
        let theirs = compress_raw(
            &canvas.planes.each_ref().map(Vec::as_slice),
            &sizes.map(|size| size.0),
            &sizes.map(|size| size.1),
            frame.width as usize,
            frame.height as usize,
            quality,
            if frame.step == 2 { Subsampling::S420 } else { Subsampling::S444 },
        ).unwrap();
        let scan = Scan::encode(&canvas, frame, quality);
        let ours = scan.file();
        prop_assert_eq!(ours.len(), scan.file_size());
        let wanted = decoded(&theirs);
        prop_assert!(decoded(&ours) == wanted);
        prop_assert!(same(&wanted, &scan.decode().unwrap()), "our own decoding is the library's");
        prop_assert_eq!(Scan::read(frame, quality, scan.data().to_vec()).unwrap(), scan);
    }

    #[test]
    fn every_processor_writes_the_same_bytes(case in case()) {
        let Case { frame, quality, .. } = case;
        let canvas = canvas(&frame, case.seed);
        let portable = super::encode::portable(&canvas, &frame, &super::frame::transforms(quality));
        prop_assert!(super::encode::intervals(&canvas, &frame, quality) == portable);
    }

    #[test]
    fn badges_change_their_intervals_alone_and_look_like_a_full_encode(case in case()) {
        let Case { frame, quality, .. } = case;
        let mut canvas = canvas(&frame, case.seed);
        let scan = Scan::encode(&canvas, frame, quality);
        let sprites = case.sprites();
        let spliced = scan.with_sprites(&sprites).unwrap();
        let file = spliced.to_vec();
        let mut written = vec![0; spliced.size()];
        spliced.write(&mut written);
        prop_assert!(written == file);
        prop_assert!(scan.drawn_by(&sprites, super::strip::portable).unwrap().to_vec() == file, "on every processor");
        let before = scan.decode().unwrap();
        let planes = decoded(&file);
        let start = file.len() - 2 - Scan::read(frame, quality, {
            let header = scan.file().len() - scan.data().len() - 2;
            file[header..file.len() - 2].to_vec()
        }).unwrap().data().len();
        let spliced = Scan::read(frame, quality, file[start..file.len() - 2].to_vec()).unwrap();
        let after = spliced.decode().unwrap();
        prop_assert!(same(&planes, &after));
        // The full path on the same samples.
        sprites.iter().for_each(|(sprite, x, y)| blend::onto_canvas(&mut canvas, sprite, *x, *y));
        let full = Scan::encode(&canvas, frame, quality).decode().unwrap();
        for plane in 0..3 {
            let step = if plane == 0 { 1 } else { frame.step };
            let (width, height) = frame.plane_size(plane);
            let touched = |x: usize, y: usize| sprites.iter().any(|(sprite, left, top)| {
                // Whole blocks are encoded anew.
                let layer = &sprite.layers[plane];
                let (left, top) = ((left / step) as usize, (top / step) as usize);
                (left / 8 * 8..(left + layer.width).next_multiple_of(8)).contains(&x)
                    && (top / 8 * 8..(top + layer.height()).next_multiple_of(8)).contains(&y)
            });
            let (mut spliced, mut encoded, mut count) = (0u64, 0u64, 0u64);
            for y in 0..height {
                for x in 0..width {
                    let at = y * width + x;
                    if touched(x, y) {
                        let wanted = canvas.planes[plane][at];
                        spliced += u64::from(after.planes[plane][at].abs_diff(wanted));
                        encoded += u64::from(full.planes[plane][at].abs_diff(wanted));
                        count += 1;
                    } else {
                        prop_assert_eq!(after.planes[plane][at], before.planes[plane][at], "plane {} at {}, {}", plane, x, y);
                    }
                }
            }
            // The base has been rounded once before: that costs as much again at most. A handful of samples says little.
            if count > 1000 {
                prop_assert!(spliced <= encoded * 2 + count, "{} against {} of {}", spliced, encoded, count);
            }
        }
    }

    #[test]
    fn a_damaged_picture_that_is_decoded_here_is_what_a_library_sees(
        which in 0usize..4, hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let name = ["420", "420_restart_rows", "422", "444"][which];
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/art");
        let mut data = fs::read(folder.join(format!("odd_301x445_{name}.jpg"))).unwrap();
        for (place, byte) in hits {
            let at = place.index(data.len());
            data[at] = byte;
        }
        if let Some(planes) = super::planes(&data) {
            prop_assert!(super::portable_planes(&data).as_ref() == Some(&planes));
            if let Ok(Picture::Planes(library)) = PureRust.decode(&data, &Limits::DEFAULT) {
                prop_assert!(alike(&planes, &library));
            }
        }
    }

    #[test]
    fn a_picture_that_is_taken_over_looks_as_if_it_had_been_decoded(
        case in case(), quality in 30u8..=100, cut in (0u32..3, 0u32..3), restart in any::<bool>(),
    ) {
        // The source: a picture larger than what is kept of it, written at a quality of its own.
        let Case { frame, .. } = case;
        let corner = (cut.0 * 8 * frame.step, cut.1 * 8 * frame.step);
        let chroma = if frame.step == 2 { Chroma::Half } else { Chroma::Full };
        let whole = Frame::of(Kind::Poster, frame.width + corner.0 + cut.1, frame.height + corner.1 + cut.0, chroma);
        let whole = if restart { whole } else { whole.with_interval(1) };
        let data = Scan::encode(&canvas(&whole, case.seed), whole, quality).file();
        let source = Source::of(&data).unwrap();
        let sprites = case.sprites();
        let drawn = source.scan(frame, corner, case.quality, &sprites).unwrap();
        prop_assert!(source.portable(frame, corner, case.quality, &sprites).unwrap() == drawn, "on every processor");
        let plain = source.scan(frame, corner, case.quality, &[]).unwrap();
        prop_assert!(same(&decoded(&drawn.file()), &drawn.decode().unwrap()), "a library reads the same");
        // Outside of badges it is what is prepared; the same as by way of samples, but for what those round.
        let art = decoded(&data);
        let chroma = art.chroma.as_ref().unwrap();
        let mut samples = Canvas { width: frame.width, height: frame.height, chroma_step: frame.step, ..Canvas::default() };
        for (plane, from) in [&art.luma, &chroma[0], &chroma[1]].into_iter().enumerate() {
            let step = if plane == 0 { 1 } else { frame.step };
            let (width, height) = frame.plane_size(plane);
            let (left, top) = ((corner.0 / step) as usize, (corner.1 / step) as usize);
            samples.planes[plane] = (top..top + height).flat_map(|y| from.row(y)[left..left + width].to_vec()).collect();
        }
        let (taken, encoded) = (plain.decode().unwrap(), Scan::encode(&samples, frame, case.quality).decode().unwrap());
        let off = |canvas: &Canvas, plane: usize| -> u64 {
            let pairs = canvas.planes[plane].iter().zip(&samples.planes[plane]);
            pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum()
        };
        for plane in 0..3 {
            let count = samples.planes[plane].len() as u64;
            // Blocks that reach beyond the picture keep what was there.
            if count > 4000 {
                prop_assert!(off(&taken, plane) <= off(&encoded, plane) + count / 2, "plane {}", plane);
            }
            let touched = |x: usize, y: usize| sprites.iter().any(|(sprite, left, top)| {
                let (layer, step) = (&sprite.layers[plane], if plane == 0 { 1 } else { frame.step });
                let (left, top) = ((left / step) as usize, (top / step) as usize);
                (left / 8 * 8..(left + layer.width).next_multiple_of(8)).contains(&x)
                    && (top / 8 * 8..(top + layer.height()).next_multiple_of(8)).contains(&y)
            });
            let (width, _) = frame.plane_size(plane);
            let with = drawn.decode().unwrap();
            for (at, (a, b)) in with.planes[plane].iter().zip(&taken.planes[plane]).enumerate() {
                prop_assert!(a == b || touched(at % width, at / width), "plane {} at {}", plane, at);
            }
        }
    }

    #[test]
    fn a_damaged_picture_is_taken_over_alike_everywhere_or_not_at_all(
        which in 0usize..3, hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let (name, chroma) = [("420", Chroma::Half), ("420_restart_rows", Chroma::Half), ("444", Chroma::Full)][which];
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/art");
        let mut data = fs::read(folder.join(format!("odd_301x445_{name}.jpg"))).unwrap();
        for (place, byte) in hits {
            let at = place.index(data.len());
            data[at] = byte;
        }
        if let Some(source) = Source::of(&data) {
            let frame = Frame::of(Kind::Poster, 301, 429, chroma);
            let sprites = [(sprite(90, 60, frame.step, 200, 55), 100, 80)];
            for corner in [(0, 0), (0, 16), (0, 8)] {
                let scan = source.scan(frame, corner, 85, &sprites);
                prop_assert!(source.portable(frame, corner, 85, &sprites) == scan);
                if let Some(scan) = scan {
                    prop_assert!(scan.decode().is_ok(), "what is written can be read");
                }
            }
        }
    }

    #[test]
    fn broken_data_is_refused_or_drawn_but_nothing_worse(
        case in case(), hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let scan = Scan::encode(&canvas(&case.frame, case.seed), case.frame, case.quality);
        let mut data = scan.data().to_vec();
        for (place, byte) in hits {
            let at = place.index(data.len());
            data[at] = byte;
        }
        if let Ok(scan) = Scan::read(case.frame, case.quality, data) {
            let _ = scan.with_sprites(&case.sprites());
            let _ = scan.decode();
        }
    }
}

pub(super) fn alike(a: &Planes, b: &Planes) -> bool {
    let planes = |planes: &Planes| {
        [
            Some(planes.luma.clone()),
            planes.chroma.clone().map(|[blue, _]| blue),
            planes.chroma.clone().map(|[_, red]| red),
        ]
    };
    planes(a).into_iter().zip(planes(b)).all(|pair| match pair {
        (Some(a), Some(b)) => {
            (a.width, a.height, a.x, a.y) == (b.width, b.height, b.x, b.y)
                && (0..a.height).all(|y| a.row(y) == b.row(y))
        }
        (a, b) => a.is_none() && b.is_none(),
    })
}

#[test]
fn usual_pictures_are_decoded_here_to_the_samples_that_a_library_finds() {
    let mut here = Vec::new();
    for (name, data) in fixtures::jpegs().filter(|(name, _)| !name.starts_with("bad_")) {
        let ycc = PureRust.inspect(&data, &Limits::DEFAULT).unwrap().colour == Colour::Ycc;
        let Some(planes) = super::planes(&data).filter(|_| ycc) else { continue };
        assert!(alike(&planes, &decoded(&data)), "{name}");
        assert_eq!(super::portable_planes(&data), Some(planes), "{name}");
        here.push(name);
    }
    for name in ["420.jpg", "420_restart_rows.jpg", "422.jpg", "444.jpg", "exif_rot90.jpg"] {
        assert!(here.contains(&format!("odd_301x445_{name}")), "{name}");
    }
    for name in ["cmyk.jpg", "gray.jpg"] {
        assert!(!here.contains(&format!("odd_301x445_{name}")), "{name}");
    }
}

#[test]
fn whatever_is_cut_is_left_to_a_library() {
    for (name, data) in fixtures::jpegs().filter(|(name, _)| name.starts_with("odd_")) {
        assert!((1..40).all(|share| super::planes(&data[..data.len() * share / 40]).is_none()), "{name}");
    }
}

#[test]
fn a_missing_or_superfluous_interval_is_refused() {
    let frame = Frame::of(Kind::Poster, 64, 64, Chroma::Half);
    let scan = Scan::encode(&canvas(&frame, 1), frame, 85);
    let whole = scan.data();
    let first = memchr::memmem::find(whole, &[0xff, 0xd0]).unwrap();
    let mut twice = whole[..first + 2].to_vec();
    twice.extend_from_slice(whole);
    for data in [&whole[first + 2..], &whole[..whole.len() / 2], &twice, &[][..], &[0xff], &[0xff, 0xd9]] {
        let broken = Scan::read(frame, 85, data.to_vec()).and_then(|scan| scan.decode());
        assert!(broken.is_err());
    }
}
