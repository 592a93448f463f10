//! Where the time of a render goes: the best of many times per stage.
//!
//! `cargo run --release --example stages [-- NAME-OF-ART…]`, with `--features turbo` for libjpeg-turbo in C beside the port.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use openposterdb_render::badge::Badge;
use openposterdb_render::codec::{Codec, PureRust};
use openposterdb_render::jpeg::{Frame, Scan};
use openposterdb_render::limits::Limits;
use openposterdb_render::picture::{Canvas, Picture, Planes};
use openposterdb_render::settings::{Kind, Settings, Size};
use openposterdb_render::source::Source;
use openposterdb_render::{render, resample};

const JOBS: [(Kind, Size, &str); 6] = [
    (Kind::Poster, Size::Medium, "poster_orbital_780x1155_420.jpg"),
    (Kind::Poster, Size::Large, "poster_liftoff_2000x2962_420_q85.jpg"),
    (Kind::Poster, Size::VeryLarge, "poster_liftoff_2000x2962_420_q85.jpg"),
    (Kind::Backdrop, Size::Medium, "backdrop_whiskers_1920x1080_420.jpg"),
    (Kind::Backdrop, Size::Large, "backdrop_whiskers_1920x1080_420.jpg"),
    (Kind::Logo, Size::Medium, "logo_orbital_800x310_rgba.png"),
];

fn best(what: &str, mut work: impl FnMut()) {
    let (mut least, mut spent) = (Duration::MAX, Duration::ZERO);
    while spent < Duration::from_millis(400) {
        let start = Instant::now();
        work();
        let taken = start.elapsed();
        least = least.min(taken);
        spent += taken;
    }
    println!("  {what:<24} {:>8.3} ms", least.as_secs_f64() * 1e3);
}

fn planes(codec: &dyn Codec, data: &[u8]) -> Box<Planes> {
    match codec.decode(data, &Limits::DEFAULT).expect("art that decodes") {
        Picture::Planes(planes) => planes,
        Picture::Rgba(_) => panic!("planes"),
    }
}

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let badges: Vec<Badge> =
        Source::ALL[..5].iter().map(|&source| Badge::new(source, "8.2").expect("a badge")).collect();
    for (kind, size, name) in JOBS {
        if !wanted.is_empty() && !wanted.iter().any(|part| name.contains(part.as_str())) {
            continue;
        }
        let settings = Settings { size, ..Settings::default() };
        let data =
            fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/art").join(name)).expect("art");
        println!("{} {} {name}", kind.as_str(), size.as_str());
        if kind != Kind::Logo {
            stages(kind, &settings, &data);
        }
        best("render", || drop(black_box(render::render(kind, &data, &badges, &settings))));
        best("prepare", || drop(black_box(render::prepare(kind, &data, &settings))));
        let prepared = render::prepare(kind, &data, &settings).expect("prepared");
        best("splice", || drop(black_box(prepared.render(&badges, &settings))));
    }
}

fn stages(kind: Kind, settings: &Settings, data: &[u8]) {
    let codecs: &[(&str, &dyn Codec)] = &[
        ("port", &PureRust),
        #[cfg(feature = "turbo")]
        ("turbo", &openposterdb_render::codec::Turbo),
    ];
    for (name, codec) in codecs {
        best(&format!("decode, {name}"), || drop(black_box(planes(*codec, data))));
    }
    let planes = planes(&PureRust, data);
    let window = render::window(kind, (planes.width, planes.height), settings).expect("a window");
    let mut canvas = Canvas::default();
    best("resample", || resample::onto_canvas(&planes, &window, settings.chroma, &mut canvas));
    for (name, codec) in codecs {
        best(&format!("encode, {name}"), || drop(black_box(codec.encode(&canvas, settings.quality))));
    }
    let frame = Frame::of(kind, canvas.width, canvas.height, settings.chroma);
    best("encode, ours", || drop(black_box(Scan::encode(&canvas, frame, settings.quality))));
}
