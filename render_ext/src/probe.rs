//! What a header says, checked against the limits before anything is decoded.

use std::io::Cursor;

use image::{ColorType, ImageDecoder, ImageError, ImageFormat, ImageReader};

use crate::codec::codec;
use crate::error::{RenderError, Result};
use crate::limits::Limits;

/// A format that the renderer reads, known by content alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    WebP,
    /// GIF, first frame.
    Gif,
    /// TIFF.
    Tiff,
    /// BMP.
    Bmp,
}

/// What the samples mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Grey, possibly with alpha.
    Grey,
    /// JPEG's brightness and colour differences.
    Ycc,
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue, alpha.
    Rgba,
    /// Printing inks.
    Cmyk,
    /// Printing inks as colour differences.
    Ycck,
}

/// How stored pixels must be turned to be seen upright, EXIF's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Orientation {
    /// Rows and columns change places, before the other two.
    pub transpose: bool,
    /// Left and right change places.
    pub flip_x: bool,
    /// Top and bottom change places.
    pub flip_y: bool,
}

impl Orientation {
    /// As stored.
    pub const UPRIGHT: Self = Self { transpose: false, flip_x: false, flip_y: false };

    /// The meaning of EXIF's 1 to 8; anything else is upright.
    #[must_use]
    pub fn from_exif(value: u8) -> Self {
        let (transpose, flip_x, flip_y) = match value {
            2 => (false, true, false),
            3 => (false, true, true),
            4 => (false, false, true),
            5 => (true, false, false),
            6 => (true, true, false),
            7 => (true, true, true),
            8 => (true, false, true),
            _ => (false, false, false),
        };
        Self { transpose, flip_x, flip_y }
    }

    /// Width and height once turned.
    #[must_use]
    pub const fn upright(self, (width, height): (u32, u32)) -> (u32, u32) {
        if self.transpose { (height, width) } else { (width, height) }
    }
}

/// What a header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Info {
    /// The format, by content.
    pub format: Format,
    /// Stored width in pixels.
    pub width: u32,
    /// Stored height in pixels.
    pub height: u32,
    /// A progressive JPEG.
    pub progressive: bool,
    /// What the samples mean.
    pub colour: Colour,
    /// How to turn the picture upright.
    pub orientation: Orientation,
}

impl Format {
    /// The format of some bytes, by their first ones.
    pub fn of(data: &[u8]) -> Result<Self> {
        if data.starts_with(&[0xff, 0xd8, 0xff]) {
            return Ok(Self::Jpeg);
        }
        match image::guess_format(data) {
            Ok(ImageFormat::Png) => Ok(Self::Png),
            Ok(ImageFormat::WebP) => Ok(Self::WebP),
            Ok(ImageFormat::Gif) => Ok(Self::Gif),
            Ok(ImageFormat::Tiff) => Ok(Self::Tiff),
            Ok(ImageFormat::Bmp) => Ok(Self::Bmp),
            _ => Err(RenderError::unsupported("not a JPEG, PNG, WebP, GIF, TIFF or BMP picture")),
        }
    }

    /// The name that Python sees.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Gif => "gif",
            Self::Tiff => "tiff",
            Self::Bmp => "bmp",
        }
    }
}

impl Colour {
    /// The name that Python sees.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Grey => "grey",
            Self::Ycc => "ycc",
            Self::Rgb => "rgb",
            Self::Rgba => "rgba",
            Self::Cmyk => "cmyk",
            Self::Ycck => "ycck",
        }
    }
}

/// Reads a header; fails for anything that `render` would refuse because of its header.
pub fn probe(data: &[u8]) -> Result<Info> {
    let limits = Limits::current();
    limits.check_bytes(data.len())?;
    match Format::of(data)? {
        Format::Jpeg => codec().inspect(data, &limits),
        format => {
            let mut decoder = open(data, format, &limits)?;
            let (width, height) = decoder.dimensions();
            Ok(Info {
                format,
                width,
                height,
                progressive: false,
                colour: match decoder.color_type() {
                    ColorType::L8 | ColorType::L16 | ColorType::La8 | ColorType::La16 => Colour::Grey,
                    ColorType::Rgba8 | ColorType::Rgba16 | ColorType::Rgba32F => Colour::Rgba,
                    _ => Colour::Rgb,
                },
                orientation: orientation(&mut decoder),
            })
        }
    }
}

/// Opens a picture that is not a JPEG, and checks its size.
pub fn open<'a>(data: &'a [u8], format: Format, limits: &Limits) -> Result<impl ImageDecoder + 'a> {
    let format = match format {
        Format::Jpeg => return Err(RenderError::internal("JPEGs have their own decoder")),
        Format::Png => ImageFormat::Png,
        Format::WebP => ImageFormat::WebP,
        Format::Gif => ImageFormat::Gif,
        Format::Tiff => ImageFormat::Tiff,
        Format::Bmp => ImageFormat::Bmp,
    };
    let mut reader = ImageReader::with_format(Cursor::new(data), format);
    let mut bounds = image::Limits::no_limits();
    // Sixteen bits in four channels, and as much again for the decoder's own work.
    bounds.max_alloc = Some(limits.pixels.saturating_mul(16));
    reader.limits(bounds);
    let decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    limits.check_size(u64::from(width), u64::from(height))?;
    Ok(decoder)
}

/// EXIF's orientation; a broken EXIF block says nothing.
pub fn orientation(decoder: &mut impl ImageDecoder) -> Orientation {
    decoder.orientation().map_or(Orientation::UPRIGHT, |orientation| Orientation::from_exif(orientation.to_exif()))
}

/// The library's error in our words.
pub fn refused(error: ImageError) -> RenderError {
    match error {
        ImageError::Unsupported(_) => RenderError::unsupported(error.to_string()),
        ImageError::Limits(_) => RenderError::too_large(error.to_string()),
        _ => RenderError::corrupt(error.to_string()),
    }
}
