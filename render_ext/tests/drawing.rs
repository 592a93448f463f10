//! Pictures in and out of the whole renderer.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use openposterdb_render::badge::{self, Badge, Part};
use openposterdb_render::codec::codec;
use openposterdb_render::decode::{self, decode};
use openposterdb_render::error::ErrorCode;
use openposterdb_render::layout::Shape;
use openposterdb_render::limits::Limits;
use openposterdb_render::picture::{Canvas, Picture, Rgba};
use openposterdb_render::probe::{Orientation, probe};
use openposterdb_render::render::{compose, render};
use openposterdb_render::settings::{Chroma, Fit, Kind, Label, Settings, Size, Style};
use openposterdb_render::source::Source;
use openposterdb_render::sprite::{PlanarSprite, SpriteCache};
use openposterdb_render::{blend, icon, png};

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/art").join(name)).unwrap()
}

fn flat(width: u32, height: u32, pixel: [u8; 4]) -> Rgba {
    Rgba { width, height, pixels: pixel.repeat((width * height) as usize) }
}

fn shape(style: Style, label: Label, badges: &[Badge]) -> Shape {
    Shape::of(Kind::Poster, badges, &Settings { style, label, ..Settings::default() }).unwrap()
}

#[test]
fn every_bad_picture_is_refused_for_its_own_reason() {
    let refused = |name: &str| render(Kind::Poster, &fixture(name), &[], &Settings::default()).unwrap_err().code;
    assert_eq!(refused("bad_truncated.jpg"), ErrorCode::Corrupt);
    assert_eq!(refused("bad_header_65500x65500.jpg"), ErrorCode::TooLarge);
    assert_eq!(refused("bad_scan_bomb_progressive.jpg"), ErrorCode::TooLarge);
    assert_eq!(refused("bad_png_bomb_20000x20000.png"), ErrorCode::TooLarge);
    for junk in [&b""[..], b"\xff", b"\xff\xd8\xff", b"<svg xmlns='x'/>", b"<!doctype html>", &[7; 4096]] {
        assert!(decode(junk).is_err());
    }
}

#[test]
fn any_cut_of_a_picture_is_an_error_and_not_a_panic() {
    for name in [
        "odd_301x445_420.jpg",
        "odd_301x445_cmyk.jpg",
        "odd_151x223_rgb.png",
        "poster_whiskers_780x1155_420_progressive.jpg",
    ] {
        let data = fixture(name);
        for share in 0..24 {
            let cut = &data[..data.len() * share / 25];
            assert!(decode(cut).is_err(), "{name} at {share}/25");
        }
    }
}

#[test]
fn exif_orientation_turns_planes_as_it_turns_pixels() {
    // An odd size, so that half-resolution colour does not end where the picture does.
    let (width, height) = (33u32, 21u32);
    let pixels = (0..height)
        .flat_map(|y| (0..width).flat_map(move |x| [(x * 7) as u8, (y * 11) as u8, ((x + y) * 4) as u8, 255]))
        .collect();
    let upright = Rgba { width, height, pixels };
    for exif in 1..=8 {
        let how = Orientation::from_exif(exif);
        let turned = decode::turn(Picture::Planes(Box::new(upright.to_planes())), how);
        let wanted = decode::turn(Picture::Rgba(upright.clone()), how);
        let (Picture::Planes(turned), Picture::Rgba(wanted)) = (turned, wanted) else { panic!("forms are kept") };
        let wanted = wanted.to_planes();
        assert_eq!((turned.width, turned.height), (wanted.width, wanted.height), "{exif}");
        assert_eq!(turned.luma.samples, wanted.luma.samples, "{exif}");
    }
}

#[test]
fn exif_orientation_of_a_file_is_honoured() {
    let info = probe(&fixture("odd_301x445_exif_rot90.jpg")).unwrap();
    let stored = (info.width, info.height);
    assert_eq!(decode(&fixture("odd_301x445_exif_rot90.jpg")).unwrap().size(), (stored.1, stored.0));
}

#[test]
fn the_same_picture_in_other_colours_and_samplings_looks_the_same() {
    let reference = decode::to_rgba(decode(&fixture("odd_301x445_444.jpg")).unwrap());
    for name in [
        "odd_301x445_420.jpg",
        "odd_301x445_422.jpg",
        "odd_301x445_420_restart_rows.jpg",
        "odd_301x445_cmyk.jpg",
        "odd_301x445_rgb_no_ycc.jpg",
    ] {
        let other = decode::to_rgba(decode(&fixture(name)).unwrap());
        let total: u64 = reference.pixels.iter().zip(&other.pixels).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        let mean = total as f64 / reference.pixels.len() as f64;
        assert!(mean < 5.0, "{name} differs by {mean}");
    }
}

#[test]
fn a_flat_canvas_survives_encoding_at_odd_sizes() {
    for chroma in [Chroma::Half, Chroma::Full] {
        for (width, height) in [(1, 1), (7, 9), (17, 33), (64, 31)] {
            let mut canvas = Canvas { width, height, chroma_step: Canvas::step_of(chroma), ..Canvas::default() };
            for (plane, value) in [(0, 120), (1, 90), (2, 170)] {
                let (columns, rows) = canvas.plane_size(plane);
                canvas.planes[plane] = vec![value; columns * rows];
            }
            let data = codec().encode(&canvas, 95).unwrap();
            let Picture::Planes(planes) = codec().decode(&data, &Limits::DEFAULT).unwrap() else { panic!("planes") };
            assert_eq!((planes.width, planes.height), (width, height));
            assert!(
                (0..planes.luma.height).all(|y| planes.luma.row(y).iter().all(|&sample| sample.abs_diff(120) <= 2))
            );
        }
    }
}

#[test]
fn corners_are_round_and_smooth_and_the_joint_is_straight() {
    let badges = [Badge::new(Source::Imdb, "8.2").unwrap()];
    for style in [Style::Horizontal, Style::Vertical] {
        let shape = shape(style, Label::Text, &badges);
        let drawn = badge::draw(&badges[0], &shape);
        let alpha = |x: u32, y: u32| drawn.rgba[((y * drawn.width + x) * 4 + 3) as usize];
        let (right, bottom) = (drawn.width - 1, drawn.height - 1);
        for (x, y) in [(0, 0), (right, 0), (0, bottom), (right, bottom)] {
            assert_eq!(alpha(x, y), 0);
        }
        let edge: Vec<u8> = (0..shape.dimensions.radius).map(|x| alpha(x, 1)).collect();
        assert!(edge.iter().any(|&a| a > 0 && a < 255), "{edge:?}");
        let joint = shape.joint();
        let (before, after) = match style {
            Style::Vertical => (alpha(0, joint - 1), alpha(0, joint)),
            _ => (alpha(joint - 1, 0), alpha(joint, 0)),
        };
        assert_eq!((before, after), (255, 200));
    }
}

#[test]
fn every_icon_leaves_white_and_holes_in_its_square() {
    for source in Source::ALL {
        for edge in [32, 48, 106, 166] {
            let mask = icon::mask(source, edge);
            let share = mask.coverage.iter().sum::<f32>() / (edge * edge) as f32;
            assert!((0.12..0.85).contains(&share), "{source:?} covers {share} at {edge}");
            assert!(mask.coverage.iter().all(|area| (0.0..=1.0).contains(area)));
        }
    }
}

#[test]
fn a_planar_badge_is_the_drawn_one() {
    let badges = [Badge::new(Source::Trakt, "77%").unwrap()];
    let shape = shape(Style::Horizontal, Label::Icon, &badges);
    let pixmap = badge::draw(&badges[0], &shape);
    let mut wanted = flat(pixmap.width, pixmap.height, [90, 140, 200, 255]);
    let mut canvas = Canvas { width: pixmap.width, height: pixmap.height, chroma_step: 1, ..Canvas::default() };
    let planes = wanted.to_planes();
    let [blue, red] = planes.chroma.unwrap();
    canvas.planes = [planes.luma.samples, blue.samples, red.samples];
    blend::onto_canvas(&mut canvas, &PlanarSprite::from_pixmap(&pixmap, Chroma::Full), 0, 0);
    let width = pixmap.width as usize;
    blend::onto_rgba(&mut wanted.pixels, width, &pixmap, 0, 0);
    let wanted = wanted.to_planes();
    for (got, wanted) in canvas.planes.iter().zip([
        &wanted.luma,
        &wanted.chroma.as_ref().unwrap()[0],
        &wanted.chroma.as_ref().unwrap()[1],
    ]) {
        let worst = got.iter().zip(&wanted.samples).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(worst <= Some(2), "{worst:?}");
    }
}

#[test]
fn badges_beyond_the_edge_are_cut_off() {
    let badges = [Badge::new(Source::Imdb, "8.2").unwrap()];
    let shape = shape(Style::Horizontal, Label::Text, &badges);
    let pixmap = badge::draw(&badges[0], &shape);
    let sprite = PlanarSprite::from_pixmap(&pixmap, Chroma::Half);
    for (width, height, x, y) in [(40, 30, 0, 0), (41, 31, 30, 20), (8, 8, 8, 8), (9, 9, 400, 2), (9, 9, 2, 400)] {
        let mut canvas = Canvas { width, height, chroma_step: 2, ..Canvas::default() };
        for plane in 0..3 {
            let (columns, rows) = canvas.plane_size(plane);
            canvas.planes[plane] = vec![128; columns * rows];
        }
        blend::onto_canvas(&mut canvas, &sprite, x, y);
        let mut picture = flat(width, height, [0; 4]);
        blend::onto_rgba(&mut picture.pixels, width as usize, &pixmap, x, y);
    }
}

#[test]
fn kept_badges_stay_within_their_bytes_and_equal_fresh_ones() {
    let cache = SpriteCache::new(200_000);
    for round in 0..3 {
        for value in 0..60 {
            let badges = [Badge::new(Source::ALL[value % 8], &format!("{}.{}", value / 10, value % 10)).unwrap()];
            let shape = shape(Style::Vertical, Label::Icon, &badges);
            let kept = cache.planar(&badges[0], &shape, Chroma::Half, (10, 20));
            for ((kept, x, y), part) in kept.into_iter().zip(Part::ALL) {
                let (fresh, area) = (part.draw(&badges[0], &shape), part.area(&shape));
                assert_eq!(*kept, PlanarSprite::from_pixmap(&fresh, Chroma::Half), "round {round}");
                assert_eq!((x, y), (10 + area.x, 20 + area.y));
            }
            assert!(cache.bytes() <= 200_000);
        }
    }
    cache.resize(0);
    assert_eq!(cache.bytes(), 0);
}

#[test]
fn badges_share_what_they_have_in_common() {
    let cache = SpriteCache::new(usize::MAX);
    let badges = [(Source::Imdb, "8.2"), (Source::Imdb, "8.4"), (Source::Trakt, "8.2")];
    let badges = badges.map(|(source, value)| Badge::new(source, value).unwrap());
    for (style, label) in [(Style::Horizontal, Label::Icon), (Style::Vertical, Label::Text)] {
        let shape = shape(style, label, &badges);
        let [one, other_value, other_source] =
            badges.each_ref().map(|badge| cache.planar(badge, &shape, Chroma::Half, (0, 0)).map(|(sprite, ..)| sprite));
        assert!(Arc::ptr_eq(&one[0], &other_value[0]) && Arc::ptr_eq(&one[1], &other_source[1]));
        assert!(one[0] != other_source[0] && one[1] != other_value[1]);
    }
}

#[test]
fn the_parts_of_a_badge_are_the_whole() {
    let badges = [Badge::new(Source::Metacritic, "100%").unwrap()];
    for (style, label) in [Style::Horizontal, Style::Vertical].into_iter().zip([Label::Icon, Label::Text]) {
        let shape = shape(style, label, &badges);
        let [name, value] = Part::ALL.map(|part| part.area(&shape));
        let (width, height) = shape.size();
        assert_eq!(name.width * name.height + value.width * value.height, width * height);
        let mut whole = vec![0; (width * height * 4) as usize];
        for part in Part::ALL {
            let (area, drawn) = (part.area(&shape), part.draw(&badges[0], &shape));
            blend::onto_rgba(&mut whole, width as usize, &drawn, area.x, area.y);
        }
        let mut wanted = vec![0; whole.len()];
        blend::onto_rgba(&mut wanted, width as usize, &badge::draw(&badges[0], &shape), 0, 0);
        assert_eq!(whole, wanted);
    }
}

#[test]
fn transparent_pixels_colour_no_edge_of_a_resized_logo() {
    // Opaque white on transparent black: any grey would be a dark halo.
    let mut art = flat(300, 120, [0, 0, 0, 0]);
    for (index, pixel) in art.pixels.chunks_exact_mut(4).enumerate() {
        if (100..200).contains(&(index % 300)) {
            pixel.copy_from_slice(&[255; 4]);
        }
    }
    let data = compose(Kind::Logo, Picture::Rgba(art), &[], &Settings::default()).unwrap();
    let drawn = decode::to_rgba(decode(&data).unwrap());
    assert_eq!((drawn.width, drawn.height), (780, 312));
    assert!(drawn.pixels.chunks_exact(4).all(|pixel| pixel[3] < 8 || pixel[0] > 245));
}

#[test]
fn png_comes_back_as_it_went() {
    let art = Rgba { width: 19, height: 7, pixels: (0..19 * 7 * 4).map(|i| (i * 31 % 251) as u8).collect() };
    assert_eq!(decode::to_rgba(decode(&png::encode(&art)).unwrap()), art);
}

#[test]
fn a_zeroed_tail_is_corrupt() {
    for name in ["poster_orbital_780x1155_420.jpg", "odd_301x445_420.jpg", "odd_301x445_cmyk.jpg"] {
        let whole = fixture(name);
        for share in [50, 90, 99] {
            let mut data = whole.clone();
            data[whole.len() * share / 100..].fill(0);
            assert_eq!(decode(&data).unwrap_err().code, ErrorCode::Corrupt, "{name} {share}");
        }
        let mut padded = whole;
        padded.extend([0; 1000]);
        assert!(decode(&padded).is_ok(), "zeros behind the end are harmless");
    }
}

#[test]
fn what_the_header_forbids_is_refused_before_decoding() {
    // The data of this picture is cut off: to be too large it must be refused for its header.
    let header = fixture("bad_truncated.jpg");
    let native = Settings { fit: Fit::Native, size: Size::VeryLarge, ..Settings::default() };
    let before = Limits::current();
    let refused = {
        Limits { pixels: 301 * 445, ..before }.install();
        let refused = render(Kind::Poster, &header, &[], &native);
        before.install();
        refused
    };
    assert_eq!(refused.unwrap_err().code, ErrorCode::TooLarge);
}

#[test]
fn a_jpeg_becomes_the_same_logo_as_its_pixels() {
    let Picture::Planes(planes) = decode(&fixture("odd_301x445_444.jpg")).unwrap() else { panic!("planes") };
    let rgba = decode::to_rgba(Picture::Planes(planes.clone()));
    let again = rgba.to_planes();
    let worst = planes.luma.samples.chunks(planes.luma.stride).zip(again.luma.samples.chunks(301));
    let worst = worst.flat_map(|(a, b)| a.iter().zip(b).map(|(a, b)| a.abs_diff(*b))).filter(|&d| d > 2).count();
    // Colours that no screen shows are clipped.
    assert!(worst < 301 * 445 / 200, "{worst} samples differ");
}

#[test]
fn a_budget_of_bytes_is_kept_at_the_highest_quality() {
    let base = fixture("poster_orbital_780x1155_420.jpg");
    let badges = [Badge::new(Source::Imdb, "8.2").unwrap()];
    let drawn = |quality, max_bytes| {
        let settings = Settings { quality, max_bytes, ..Settings::default() };
        render(Kind::Poster, &base, &badges, &settings).unwrap()
    };
    assert_eq!(drawn(85, 10_000_000), drawn(85, 0));
    let wanted = drawn(61, 0);
    assert_eq!(drawn(85, wanted.len() as u32), wanted);
    assert_eq!(drawn(85, 1), drawn(20, 0), "the floor is better than nothing");
    assert_eq!(drawn(10, 1), drawn(10, 0));
}
