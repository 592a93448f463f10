//! libjpeg-turbo in Rust: needs no C compiler, and hands out planes.

use libjpeg_turbo_rs::{ColorSpace, DecodeLimits, Decoder, JpegError, PixelFormat, Subsampling, compress_raw};

use super::{Codec, markers};
use crate::error::{RenderError, Result};
use crate::limits::Limits;
use crate::picture::{Axis, Canvas, Picture, Plane, Planes, Rgba};
use crate::probe::{Colour, Format, Info, Orientation};

/// The implementation of every default build.
#[derive(Clone, Copy, Debug)]
pub struct PureRust;

impl Codec for PureRust {
    fn inspect(&self, data: &[u8], limits: &Limits) -> Result<Info> {
        let decoder = open(data, limits)?;
        let header = decoder.header();
        Ok(Info {
            format: Format::Jpeg,
            width: u32::from(header.width),
            height: u32::from(header.height),
            progressive: header.is_progressive,
            colour: match decoder.jpeg_color_space() {
                ColorSpace::Grayscale => Colour::Grey,
                ColorSpace::YCbCr => Colour::Ycc,
                ColorSpace::Rgb => Colour::Rgb,
                ColorSpace::Cmyk => Colour::Cmyk,
                ColorSpace::Ycck => Colour::Ycck,
                ColorSpace::Unknown => return Err(RenderError::unsupported("a JPEG of unknown colours")),
            },
            orientation: Orientation::from_exif(decoder.exif_orientation().unwrap_or(1)),
        })
    }

    fn decode(&self, data: &[u8], limits: &Limits) -> Result<Picture> {
        let mut decoder = open(data, limits)?;
        if !markers::is_closed(data) {
            return Err(RenderError::corrupt("JPEG: the end is missing"));
        }
        match decoder.jpeg_color_space() {
            ColorSpace::YCbCr | ColorSpace::Grayscale => Ok(Picture::Planes(Box::new(planes(decoder)?))),
            ColorSpace::Rgb => {
                decoder.set_output_format(PixelFormat::Rgba);
                let image = decoder.decode_image().map_err(refused)?;
                Ok(Picture::Rgba(Rgba { width: image.width as u32, height: image.height as u32, pixels: image.data }))
            }
            ColorSpace::Cmyk | ColorSpace::Ycck => {
                let inverted = has_adobe_marker(data);
                decoder.set_output_format(PixelFormat::Cmyk);
                let image = decoder.decode_image().map_err(refused)?;
                let pixels = image.data.chunks_exact(4).flat_map(|ink| rgba_of_ink(ink, inverted)).collect();
                Ok(Picture::Rgba(Rgba { width: image.width as u32, height: image.height as u32, pixels }))
            }
            ColorSpace::Unknown => Err(RenderError::unsupported("a JPEG of unknown colours")),
        }
    }

    fn encode(&self, canvas: &Canvas, quality: u8) -> Result<Vec<u8>> {
        let sizes = [0, 1, 2].map(|plane| canvas.plane_size(plane));
        let subsampling = if canvas.chroma_step == 2 { Subsampling::S420 } else { Subsampling::S444 };
        compress_raw(
            &canvas.planes.each_ref().map(Vec::as_slice),
            &sizes.map(|(width, _)| width),
            &sizes.map(|(_, height)| height),
            canvas.width as usize,
            canvas.height as usize,
            quality,
            subsampling,
        )
        .map_err(|error| RenderError::internal(format!("JPEG encoder: {error}")))
    }
}

/// Reads the markers and checks size and number of scans.
fn open<'a>(data: &'a [u8], limits: &Limits) -> Result<Decoder<'a>> {
    let bounds = DecodeLimits {
        max_pixels: limits.pixels,
        max_scans: usize::try_from(limits.scans).unwrap_or(usize::MAX),
        ..DecodeLimits::default()
    };
    let decoder = Decoder::new_with_limits(data, bounds).map_err(refused)?;
    let header = decoder.header();
    limits.check_size(u64::from(header.width), u64::from(header.height))?;
    if header.precision != 8 || header.is_lossless {
        return Err(RenderError::unsupported("a JPEG that is not 8-bit DCT"));
    }
    Ok(decoder)
}

fn refused(error: JpegError) -> RenderError {
    match error {
        JpegError::Unsupported(_) => RenderError::unsupported(format!("JPEG: {error}")),
        JpegError::LimitExceeded { .. } | JpegError::AllocationFailed { .. } => {
            RenderError::too_large(format!("JPEG: {error}"))
        }
        _ => RenderError::corrupt(format!("JPEG: {error}")),
    }
}

fn planes(decoder: Decoder<'_>) -> Result<Planes> {
    let header = decoder.header();
    let (width, height) = (header.width(), header.height());
    let sampling: Vec<(usize, usize)> = header
        .components
        .iter()
        .map(|component| (usize::from(component.horizontal_sampling), usize::from(component.vertical_sampling)))
        .collect();
    let most = sampling.iter().fold((1, 1), |most, &(h, v)| (most.0.max(h), most.1.max(v)));
    let raw = decoder.decode_raw().map_err(refused)?;
    let mut found =
        raw.planes.into_iter().zip(raw.plane_widths).zip(sampling).map(|((samples, stride), (h, v))| Plane {
            samples,
            stride,
            width: (width * h).div_ceil(most.0),
            height: (height * v).div_ceil(most.1),
            x: Axis { origin: 0.0, step: most.0 as f64 / h as f64 },
            y: Axis { origin: 0.0, step: most.1 as f64 / v as f64 },
        });
    let luma = found.next().ok_or_else(|| RenderError::corrupt("a JPEG without components"))?;
    let chroma = found.next().zip(found.next()).map(|(blue, red)| [blue, red]);
    Ok(Planes { width: width as u32, height: height as u32, luma, chroma })
}

/// Adobe writes amounts of paper instead of ink; its marker is how to know.
fn has_adobe_marker(data: &[u8]) -> bool {
    let mut rest = data.get(2..).unwrap_or_default();
    while let [0xff, marker, high, low, body @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        match *marker {
            0xee if body.starts_with(b"Adobe") => return true,
            0xda => return false,
            _ => rest = body.get(length.saturating_sub(2)..).unwrap_or_default(),
        }
    }
    false
}

fn rgba_of_ink(ink: &[u8], inverted: bool) -> [u8; 4] {
    let paper = |amount: u8| u32::from(if inverted { amount } else { 255 - amount });
    let black = paper(ink[3]);
    let channel = |amount: u8| ((paper(amount) * black + 127) / 255) as u8;
    [channel(ink[0]), channel(ink[1]), channel(ink[2]), 255]
}
