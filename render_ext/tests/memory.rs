//! The estimate of a render's peak memory, against an allocator that counts. One test alone: it counts the whole process.

use std::alloc::{GlobalAlloc, Layout, System};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use openposterdb_render::badge::Badge;
use openposterdb_render::estimate;
use openposterdb_render::render::{prepare, render};
use openposterdb_render::settings::{Chroma, Encoding, Kind, Settings, Size};
use openposterdb_render::source::Source;

struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

fn took(bytes: usize) {
    PEAK.fetch_max(NOW.fetch_add(bytes, Relaxed) + bytes, Relaxed);
}

// SAFETY: everything is the system's; only sums are kept beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        took(layout.size());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        took(layout.size());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Old and new exist at once while the bytes are copied.
        took(size);
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Bytes at once above what a new thread began with: a thread's scratch belongs to the picture that made it.
fn peak(work: impl FnOnce() + Send) -> u64 {
    std::thread::scope(|scope| {
        scope
            .spawn(|| {
                let before = NOW.load(Relaxed);
                PEAK.store(before, Relaxed);
                work();
                (PEAK.load(Relaxed) - before) as u64
            })
            .join()
            .unwrap()
    })
}

/// Every sort of input, small ones where that makes no difference.
const ART: [&str; 14] = [
    "../tests/fixtures/art/backdrop_whiskers_1920x1080_420.jpg",
    "../tests/fixtures/art/logo_orbital_800x310_rgba.png",
    "../tests/fixtures/art/odd_151x223_rgb.png",
    "../tests/fixtures/art/odd_301x445_420.jpg",
    "../tests/fixtures/art/odd_301x445_444.jpg",
    "../tests/fixtures/art/odd_301x445_cmyk.jpg",
    "../tests/fixtures/art/odd_301x445_exif_rot90.jpg",
    "../tests/fixtures/art/odd_301x445_gray.jpg",
    "../tests/fixtures/art/odd_301x445_rgb_no_ycc.jpg",
    "../tests/fixtures/art/poster_whiskers_780x1155_420_progressive.jpg",
    "fuzz/seeds/alpha.webp",
    "fuzz/seeds/lossy.webp",
    "fuzz/seeds/palette.gif",
    "fuzz/seeds/deflate.tiff",
];

fn art() -> impl Iterator<Item = (&'static str, Vec<u8>)> {
    ART.into_iter().map(|name| (name, fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()))
}

#[test]
fn a_render_never_needs_more_than_its_header_tells() {
    let badges = [(Source::Imdb, "8.2"), (Source::RottenTomatoes, "94%"), (Source::Trakt, "77%")]
        .map(|(source, value)| Badge::new(source, value).unwrap());
    let usual = Settings::default();
    let jobs = [
        (Kind::Poster, usual),
        (Kind::Poster, Settings { chroma: Chroma::Full, quality: 100, ..usual }),
        (Kind::Poster, Settings { max_bytes: 30_000, ..usual }),
        (Kind::Backdrop, Settings { size: Size::Small, ..usual }),
        (Kind::Logo, usual),
        (Kind::Logo, Settings { encoding: Encoding::WebP, ..usual }),
    ];
    let (mut judged, mut tight) = (0, 0);
    for (kind, settings) in jobs {
        // Sprites and tables that the process keeps are made before anything is counted.
        prepare(kind, &openposterdb_render::png::encode(&openposterdb_render::sample::picture(kind)), &settings)
            .and_then(|prepared| prepared.render(&badges, &settings))
            .unwrap();
        for (name, data) in art() {
            let Ok(told) = estimate::render(kind, &data, &settings) else { continue };
            let whole = peak(|| drop(render(kind, &data, &badges, &settings)));
            let prepared = prepare(kind, &data, &settings);
            let twofold = peak(|| drop(prepare(kind, &data, &settings).and_then(|it| it.render(&badges, &settings))));
            let most = whole.max(twofold);
            println!(
                "{name} {kind:?} {:?}: told {told}, whole {whole}, prepared and drawn on {twofold}",
                settings.size
            );
            assert!(most <= told, "{name} as {kind:?} {settings:?}: {most} bytes, {told} were told");
            if let Ok(prepared) = prepared {
                let spliced = peak(|| drop(prepared.render(&badges, &settings)));
                let told = estimate::splice(&prepared, &settings);
                println!("    spliced {spliced}, told {told}");
                assert!(spliced <= told, "{name} as {kind:?} {settings:?} spliced: {spliced} bytes, {told} were told");
            }
            judged += 1;
            tight += u32::from(told < 3 * most);
        }
    }
    // A bound that is far off would keep pictures waiting for nothing.
    assert!(judged > 80 && tight * 10 > judged * 6, "{tight} of {judged}");
}
