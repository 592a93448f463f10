//! The whole way: art and badges in, a picture out.

use std::cell::RefCell;
use std::sync::OnceLock;

use fast_image_resize::images::{CroppedImageMut, Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use crate::badge::Badge;
use crate::error::{RenderError, Result};
use crate::jpeg::{Frame, Scan, Source, Sprites, budget};
use crate::layout::{self, Layout};
use crate::limits::Limits;
use crate::picture::{Canvas, Picture, Planes, Rgba};
use crate::prepared::Prepared;
use crate::resample::{self, Window};
use crate::settings::{Encoding, Fit, Kind, Settings};
use crate::sprite::{Placed, PlanarSprite, SpriteCache};
use crate::{blend, decode, png, profile, webp};

/// Bytes of drawn badges kept unless told otherwise.
pub const DEFAULT_SPRITE_BYTES: usize = 32 << 20;

/// Drawn badges of this process.
pub fn sprites() -> &'static SpriteCache {
    static SPRITES: OnceLock<SpriteCache> = OnceLock::new();
    SPRITES.get_or_init(|| SpriteCache::new(DEFAULT_SPRITE_BYTES))
}

/// What a thread keeps from picture to picture.
#[derive(Default)]
struct Scratch {
    canvas: Canvas,
    resizer: Resizer,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Draws badges on art: JPEG for posters and backdrops, PNG for logos.
pub fn render(kind: Kind, base: &[u8], badges: &[Badge], settings: &Settings) -> Result<Vec<u8>> {
    if let Some((source, window)) = unscaled(kind, base, settings) {
        let layout = arranged(kind, &window, badges, settings)?;
        let sprites = planar(badges, &layout, settings);
        if let Some(scan) = taken_over(&source, kind, &window, settings, settings.max_bytes, &sprites) {
            return Ok(scan.file());
        }
    }
    let picture = decode::decode_if(base, |size| window(kind, size, settings).map(|_| ()))?;
    compose(kind, picture, badges, settings)
}

/// Draws badges on a decoded picture.
pub fn compose(kind: Kind, picture: Picture, badges: &[Badge], settings: &Settings) -> Result<Vec<u8>> {
    let window = window(kind, picture.size(), settings)?;
    let layout = arranged(kind, &window, badges, settings)?;
    SCRATCH.with_borrow_mut(|scratch| match (kind, picture) {
        (Kind::Logo, picture) => {
            let drawn = logo(picture, &window, &layout, badges, &mut scratch.resizer)?;
            encode_logo(&drawn, settings)
        }
        (_, Picture::Planes(planes)) => jpeg(kind, &planes, &window, &layout, badges, settings, &mut scratch.canvas),
        (_, Picture::Rgba(rgba)) => {
            jpeg(kind, &rgba.to_planes(), &window, &layout, badges, settings, &mut scratch.canvas)
        }
    })
}

/// The share of a budget that stays free for badges when a picture is prepared.
const RESERVE: u32 = 16;

/// Draws everything but badges: art at its final size, ready for them.
pub fn prepare(kind: Kind, base: &[u8], settings: &Settings) -> Result<Prepared> {
    let budget = settings.max_bytes - settings.max_bytes / RESERVE;
    if let Some((source, window)) = unscaled(kind, base, settings)
        && let Some(scan) = taken_over(&source, kind, &window, settings, budget, &[])
    {
        return Ok(Prepared::of_scan(kind, settings, scan));
    }
    let picture = decode::decode_if(base, |size| window(kind, size, settings).map(|_| ()))?;
    let window = window(kind, picture.size(), settings)?;
    Limits::current().check_size(u64::from(window.size.0), u64::from(window.size.1))?;
    SCRATCH.with_borrow_mut(|scratch| {
        let planes = match (kind, picture) {
            (Kind::Logo, picture) => {
                let art = decode::to_rgba(picture);
                let logo = resized(&art, window.scaled, window.size, &mut scratch.resizer)?;
                drop(art);
                return Ok(Prepared::of_logo(settings, &logo));
            }
            (_, Picture::Planes(planes)) => *planes,
            (_, Picture::Rgba(rgba)) => rgba.to_planes(),
        };
        let canvas = &mut scratch.canvas;
        resample::onto_canvas(&planes, &window, settings.chroma, canvas);
        Ok(Prepared::of_scan(kind, settings, scan(kind, canvas, settings, settings.quality, budget)?))
    })
}

/// Art that is not scaled but at most cut: its blocks are taken over as they are. None for what has to be decoded, or
/// refused.
fn unscaled<'a>(kind: Kind, base: &'a [u8], settings: &Settings) -> Option<(Source<'a>, Window)> {
    if kind == Kind::Logo {
        return None;
    }
    let size = decode::size_as_it_is(base)?;
    let window = window(kind, size, settings).ok().filter(|window| window.scaled == size)?;
    Limits::current().check_size(u64::from(window.size.0), u64::from(window.size.1)).ok()?;
    if profile::matters(base) { None } else { Some((Source::of(base)?, window)) }
}

/// The best JPEG within a budget of bytes of such art with badges; none when its blocks do not fit, or are broken.
fn taken_over(
    source: &Source<'_>,
    kind: Kind,
    window: &Window,
    settings: &Settings,
    max_bytes: u32,
    sprites: &Sprites,
) -> Option<Scan> {
    let frame = Frame::of(kind, window.size.0, window.size.1, settings.chroma);
    let scan = |quality| {
        let broken = || RenderError::corrupt("JPEG: the data is broken");
        source.scan(frame, window.offset, quality, sprites).ok_or_else(broken)
    };
    budget::best(settings.quality, max_bytes, scan, Scan::file_size).ok()
}

/// Places of badges on the part of the art that is kept, within the limits.
fn arranged(kind: Kind, window: &Window, badges: &[Badge], settings: &Settings) -> Result<Layout> {
    let layout = layout::arrange(kind, window.size.0, window.size.1, badges, settings)?;
    Limits::current().check_size(u64::from(layout.width), u64::from(layout.height))?;
    Ok(layout)
}

/// Badges for a JPEG, part by part, with their places.
pub(crate) fn planar(badges: &[Badge], layout: &Layout, settings: &Settings) -> Vec<Placed<PlanarSprite>> {
    let places = badges.iter().zip(&layout.places);
    places.flat_map(|(badge, at)| sprites().planar(badge, &layout.shape, settings.chroma, (at.x, at.y))).collect()
}

/// Scaling and cut for art of a given size.
pub fn window(kind: Kind, (width, height): (u32, u32), settings: &Settings) -> Result<Window> {
    settings.check(kind)?;
    let target = kind.width(settings.size)?;
    let along = |extent: u32, scale: f64| (f64::from(extent) * scale).round().max(1.0);
    let by_width = f64::from(target) / f64::from(width);
    let window = match (kind, settings.fit) {
        (Kind::Poster | Kind::Backdrop, Fit::Cover) => {
            let size = (target, kind.height(settings.size)?);
            let scale = by_width.max(f64::from(size.1) / f64::from(height));
            let scaled = (along(width, scale) as u32, along(height, scale) as u32);
            let scaled = (scaled.0.max(size.0), scaled.1.max(size.1));
            let centre = ((scaled.0 - size.0) / 2, (scaled.1 - size.1) / 2);
            // What is only cut keeps its blocks: from the nearest corner of one on.
            let unit = 8 * Canvas::step_of(settings.chroma);
            let near = |offset: u32| (offset + unit / 2) / unit * unit;
            let offset = if scaled == (width, height) { (near(centre.0), near(centre.1)) } else { centre };
            Window { scaled, offset, size }
        }
        (Kind::Logo, Fit::Cover) if height > width => {
            let scaled = (along(width, f64::from(target) / f64::from(height)) as u32, target);
            Window { scaled, offset: (0, 0), size: (target, target) }
        }
        _ => {
            let height = along(height, by_width);
            Limits::current().check_size(u64::from(target), height as u64)?;
            let size = (target, height as u32);
            Window { scaled: size, offset: (0, 0), size }
        }
    };
    Ok(window)
}

/// Encodes a logo as the settings say.
pub fn encode_logo(logo: &Rgba, settings: &Settings) -> Result<Vec<u8>> {
    match settings.encoding {
        Encoding::Usual => Ok(png::encode(logo)),
        Encoding::WebP => Ok(smaller(webp::encode(logo)?, png::encode(logo))),
    }
}

/// The WebP, unless it has more bytes than the PNG: its encoder is quick and knows one predictor alone, which suits most
/// lettering, but not what glows.
pub(crate) fn smaller(webp: Vec<u8>, png: Vec<u8>) -> Vec<u8> {
    if webp.len() < png.len() { webp } else { png }
}

/// Encodes a canvas, at no more than a quality and within a budget of bytes. The encoder is our own in every build, so
/// that replicas with different JPEG libraries write the same bytes.
fn scan(kind: Kind, canvas: &Canvas, settings: &Settings, quality: u8, max_bytes: u32) -> Result<Scan> {
    let frame = Frame::of(kind, canvas.width, canvas.height, settings.chroma);
    budget::best(quality, max_bytes, |quality| Ok(Scan::encode(canvas, frame, quality)), Scan::file_size)
}

/// Encodes a canvas within the settings' budget of bytes.
pub fn encode(kind: Kind, canvas: &Canvas, settings: &Settings) -> Result<Vec<u8>> {
    Ok(scan(kind, canvas, settings, settings.quality, settings.max_bytes)?.file())
}

fn jpeg(
    kind: Kind,
    planes: &Planes,
    window: &Window,
    layout: &Layout,
    badges: &[Badge],
    settings: &Settings,
    canvas: &mut Canvas,
) -> Result<Vec<u8>> {
    resample::onto_canvas(planes, window, settings.chroma, canvas);
    for (sprite, x, y) in planar(badges, layout, settings) {
        blend::onto_canvas(canvas, &sprite, x, y);
    }
    encode(kind, canvas, settings)
}

/// The logo on transparency, centred, with its badges below. The art goes before anything is encoded.
fn logo(art: Picture, window: &Window, layout: &Layout, badges: &[Badge], resizer: &mut Resizer) -> Result<Rgba> {
    let mut logo = resized(&decode::to_rgba(art), window.scaled, (layout.width, layout.height), resizer)?;
    for (badge, place) in badges.iter().zip(&layout.places) {
        for (pixmap, x, y) in sprites().pixmaps(badge, &layout.shape, (place.x, place.y)) {
            blend::onto_rgba(&mut logo.pixels, layout.width as usize, &pixmap, x, y);
        }
    }
    Ok(logo)
}

/// A transparent picture of a size with the art, scaled, at the top and centred; with premultiplied alpha, so that what is
/// transparent colours no edge. Straight to where it stays: large logos are in memory once.
fn resized(art: &Rgba, scaled: (u32, u32), (width, height): (u32, u32), resizer: &mut Resizer) -> Result<Rgba> {
    let failed = |error: &dyn std::fmt::Display| RenderError::internal(format!("resizer: {error}"));
    let source = ImageRef::new(art.width, art.height, &art.pixels, PixelType::U8x4).map_err(|error| failed(&error))?;
    let mut pixels = vec![0; width as usize * height as usize * 4];
    let mut whole =
        Image::from_slice_u8(width, height, &mut pixels, PixelType::U8x4).map_err(|error| failed(&error))?;
    let mut target = CroppedImageMut::new(&mut whole, (width - scaled.0) / 2, 0, scaled.0, scaled.1)
        .map_err(|error| failed(&error))?;
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3)).use_alpha(true);
    resizer.resize(&source, &mut target, &options).map_err(|error| failed(&error))?;
    Ok(Rgba { width, height, pixels })
}

/// The pixels of a larger transparent picture with this one at the top, centred.
pub(crate) fn centred(picture: &Rgba, width: u32, height: u32) -> Vec<u8> {
    let (width, inner) = (width as usize, picture.width as usize);
    let mut pixels = vec![0; width * height as usize * 4];
    let left = (width - inner) / 2;
    for (row, line) in pixels.chunks_exact_mut(width * 4).zip(picture.pixels.chunks_exact(inner * 4)) {
        row[left * 4..][..line.len()].copy_from_slice(line);
    }
    pixels
}
