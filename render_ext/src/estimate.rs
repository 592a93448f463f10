//! Peak memory of a render, known before a pixel is decoded.
//!
//! The sums follow the way of a picture: what the decoder holds at once, what is turned and converted, the canvas, and the
//! encoded bytes while they grow. They are upper bounds for art as it is found; `tests/memory.rs` holds them to what an
//! allocator counts. What is kept from picture to picture, a thread's scratch included, is part of the sum each time.

use image::ImageDecoder;

use crate::error::Result;
use crate::limits::Limits;
use crate::prepared::Prepared;
use crate::probe::{self, Colour, Format, Info, Orientation};
use crate::profile;
use crate::render::window;
use crate::settings::{Chroma, Encoding, Kind, Settings};

/// Buffers that grow with nothing, or with one side alone.
const BASE: u64 = 1 << 20;

/// Above this quality a JPEG may have more bytes than samples.
const FINE: u8 = 92;

/// Most badges of a picture are this share of it, or smaller.
const STRIP: u64 = 2;

/// Bytes that drawing a picture, or preparing it and drawing on it, needs at most at once. Fails for whatever `render`
/// would refuse because of the header.
pub fn render(kind: Kind, data: &[u8], settings: &Settings) -> Result<u64> {
    let info = probe::probe(data)?;
    let window = window(kind, info.orientation.upright((info.width, info.height)), settings)?;
    let pixels = area((info.width, info.height));
    let (decoding, decoded) = decoder(data, &info, pixels)?;
    let mut peak = decoding;
    let mut art = decoded;
    if profile_matters(data, &info) {
        // The picture as RGBA by way of full-size planes, and the same converted.
        peak = peak.max(decoded + 7 * pixels).max(8 * pixels);
        art = 4 * pixels;
    }
    if info.orientation != Orientation::UPRIGHT {
        peak = peak.max(2 * art);
    }
    let drawing = match kind {
        Kind::Logo => {
            let scaled = area(window.scaled);
            // From planes by way of full-size ones; the resizer's premultiplied copy, its rows of the new width, the
            // result; then what is encoded.
            let rgba = if info.format == Format::Jpeg { art + 7 * pixels } else { art };
            let between = 4 * u64::from(window.scaled.0) * u64::from(info.height.max(info.width));
            let resizing = art.max(4 * pixels) + 4 * pixels + between + 4 * scaled;
            let resizing = resizing + resizing / 8;
            rgba.max(resizing).max(4 * pixels + 4 * scaled + encoding(kind, window.size, settings))
        }
        Kind::Poster | Kind::Backdrop => {
            let planes = if art == 4 * pixels { 3 * pixels } else { 0 };
            art + planes + encoding(kind, window.size, settings)
        }
    };
    Ok(BASE + lines(&info) + peak.max(drawing))
}

/// Bytes that drawing on a prepared picture needs at most at once.
#[must_use]
pub fn splice(prepared: &Prepared, settings: &Settings) -> u64 {
    let held = prepared.bytes() as u64;
    let rest = match prepared.kind() {
        Kind::Logo => encoding(Kind::Logo, prepared.size(), settings),
        kind if settings.max_bytes > 0 => encoding(kind, prepared.size(), settings),
        kind => encoding(kind, prepared.size(), settings) / 8,
    };
    BASE + held + held / 4 + rest
}

fn area((width, height): (u32, u32)) -> u64 {
    u64::from(width) * u64::from(height)
}

/// Padding of rows and columns to whole units.
fn lines(info: &Info) -> u64 {
    48 * (u64::from(info.width) + u64::from(info.height))
}

/// Bytes at once while decoding, and of the result.
fn decoder(data: &[u8], info: &Info, pixels: u64) -> Result<(u64, u64)> {
    if info.format != Format::Jpeg {
        let native = probe::open(data, info.format, &Limits::current())?.total_bytes();
        // Some decoders keep a whole picture of their own beside what they hand out; then everything becomes RGBA.
        return Ok((2 * native + 4 * pixels, 4 * pixels));
    }
    let samples = pixels * samples_per_four_pixels(data) / 4;
    // Coefficients of all scans, 16 bits each, stay until the last one.
    let coefficients = if info.progressive { 2 * samples } else { 0 };
    Ok(match info.colour {
        Colour::Grey | Colour::Ycc => (2 * samples + coefficients, samples),
        _ => (samples + coefficients + 8 * pixels, 4 * pixels),
    })
}

/// Samples of all channels of a JPEG for four pixels: 6 at 4:2:0, 12 at 4:4:4.
fn samples_per_four_pixels(data: &[u8]) -> u64 {
    let mut rest = data.get(2..).unwrap_or_default();
    while let [0xff, marker, high, low, after @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low])).saturating_sub(2);
        let Some(body) = after.get(..length) else { break };
        if matches!(marker, 0xc0..=0xc2) {
            let factors = body.get(6..).unwrap_or_default().chunks_exact(3);
            let factors = factors.map(|component| (u64::from(component[1] >> 4), u64::from(component[1] & 15)));
            let (across, down) = factors.clone().fold((1, 1), |most, (h, v)| (most.0.max(h), most.1.max(v)));
            return (factors.map(|(h, v)| 4 * h * v).sum::<u64>()).div_ceil(across * down).max(4);
        }
        rest = &after[length..];
    }
    16
}

/// Whether a profile may be there that is converted.
fn profile_matters(data: &[u8], info: &Info) -> bool {
    match info.format {
        Format::Jpeg => profile::of_jpeg(data).is_some(),
        format => {
            probe::open(data, format, &Limits::current()).is_ok_and(|mut decoder| profile::of(&mut decoder).is_some())
        }
    }
}

/// The canvas, or a logo's pixels with their filtered copy, and the encoded bytes, which are copied when they outgrow
/// their room.
fn encoding(kind: Kind, size: (u32, u32), settings: &Settings) -> u64 {
    let pixels = area(size);
    match (kind, settings.encoding) {
        (Kind::Logo, Encoding::Usual) => 4 * pixels * 3 + 4 * pixels / STRIP,
        (Kind::Logo, Encoding::WebP) => 4 * pixels * 5 + 4 * pixels / STRIP,
        _ => {
            let samples = match settings.chroma {
                Chroma::Half => pixels + pixels / 2,
                Chroma::Full => 3 * pixels,
            };
            samples + if settings.quality > FINE { 4 * samples } else { samples + samples / 2 }
        }
    }
}
