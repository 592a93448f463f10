//! Pictures in memory: planes of samples as JPEG keeps them, or interleaved RGBA.

use crate::settings::Chroma;

/// Where a plane's samples lie along one axis of the picture: sample `i` covers the picture's pixels from
/// `origin + i × step` to `origin + (i + 1) × step`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// Left or top edge of sample 0, in pixels.
    pub origin: f64,
    /// Pixels per sample.
    pub step: f64,
}

impl Axis {
    /// One sample per pixel.
    pub const PIXELS: Self = Self { origin: 0.0, step: 1.0 };

    /// The same samples counted from the other end of a picture of `extent` pixels.
    #[must_use]
    pub fn reversed(self, samples: usize, extent: u32) -> Self {
        Self { origin: f64::from(extent) - (self.origin + samples as f64 * self.step), step: self.step }
    }
}

/// One channel of a decoded picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    /// Rows of `stride` samples, of which the first `width` belong to the picture.
    pub samples: Vec<u8>,
    /// Distance between rows.
    pub stride: usize,
    /// Samples in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Horizontal place of the samples.
    pub x: Axis,
    /// Vertical place of the samples.
    pub y: Axis,
}

impl Plane {
    /// A plane with one sample per pixel and no padding.
    #[must_use]
    pub fn of_pixels(samples: Vec<u8>, width: u32, height: u32) -> Self {
        let (width, height) = (width as usize, height as usize);
        debug_assert_eq!(samples.len(), width * height);
        Self { samples, stride: width, width, height, x: Axis::PIXELS, y: Axis::PIXELS }
    }

    /// One row of samples.
    #[must_use]
    pub fn row(&self, y: usize) -> &[u8] {
        &self.samples[y * self.stride..][..self.width]
    }
}

/// A decoded picture in JPEG's colours.
#[derive(Clone, Debug, PartialEq)]
pub struct Planes {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Brightness.
    pub luma: Plane,
    /// Cb and Cr at their own resolution; none when the picture is grey.
    pub chroma: Option<[Plane; 2]>,
}

/// A decoded picture as straight RGBA, 8 bit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rgba {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Four bytes per pixel, row by row.
    pub pixels: Vec<u8>,
}

/// A decoded picture, in whichever form its format keeps.
#[derive(Clone, Debug, PartialEq)]
pub enum Picture {
    /// From a JPEG.
    Planes(Box<Planes>),
    /// From anything else, and from JPEGs of other colours.
    Rgba(Rgba),
}

impl Picture {
    /// Width and height in pixels.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        match self {
            Self::Planes(planes) => (planes.width, planes.height),
            Self::Rgba(rgba) => (rgba.width, rgba.height),
        }
    }
}

/// What is drawn on and then encoded as JPEG: planes of exactly the output's size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Canvas {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Y, Cb, Cr, without padding; colour rounded up to whole samples.
    pub planes: [Vec<u8>; 3],
    /// Pixels per colour sample, 1 or 2 in both directions.
    pub chroma_step: u32,
}

impl Canvas {
    /// Pixels per colour sample.
    #[must_use]
    pub fn step_of(chroma: Chroma) -> u32 {
        match chroma {
            Chroma::Half => 2,
            Chroma::Full => 1,
        }
    }

    /// Width and height in samples of plane 0, 1 or 2.
    #[must_use]
    pub fn plane_size(&self, plane: usize) -> (usize, usize) {
        let step = if plane == 0 { 1 } else { self.chroma_step };
        (self.width.div_ceil(step) as usize, self.height.div_ceil(step) as usize)
    }
}

impl Rgba {
    /// JPEG's colours at full resolution; alpha is left out.
    #[must_use]
    pub fn to_planes(&self) -> Planes {
        let count = self.pixels.len() / 4;
        let mut planes = [Vec::with_capacity(count), Vec::with_capacity(count), Vec::with_capacity(count)];
        for pixel in self.pixels.chunks_exact(4) {
            let [y, cb, cr] = ycc(pixel[0], pixel[1], pixel[2]);
            planes[0].push(y);
            planes[1].push(cb);
            planes[2].push(cr);
        }
        let [luma, blue, red] = planes.map(|samples| Plane::of_pixels(samples, self.width, self.height));
        Planes { width: self.width, height: self.height, luma, chroma: Some([blue, red]) }
    }
}

/// JFIF's colour conversion in 16 fractional bits, rounded.
#[must_use]
pub fn ycc(red: u8, green: u8, blue: u8) -> [u8; 3] {
    const HALF: i32 = 1 << 15;
    let (r, g, b) = (i32::from(red), i32::from(green), i32::from(blue));
    let y = (19_595 * r + 38_470 * g + 7_471 * b + HALF) >> 16;
    let cb = (-11_059 * r - 21_709 * g + 32_768 * b + (128 << 16) + HALF - 1) >> 16;
    let cr = (32_768 * r - 27_439 * g - 5_329 * b + (128 << 16) + HALF - 1) >> 16;
    [y as u8, cb as u8, cr as u8]
}

/// JFIF's colour conversion back, in 16 fractional bits, rounded.
#[must_use]
pub fn rgb(luma: u8, blue: u8, red: u8) -> [u8; 3] {
    const HALF: i32 = 1 << 15;
    let (y, cb, cr) = (i32::from(luma) << 16, i32::from(blue) - 128, i32::from(red) - 128);
    [y + 91_881 * cr, y - 22_554 * cb - 46_802 * cr, y + 116_130 * cb]
        .map(|sum| ((sum + HALF) >> 16).clamp(0, 255) as u8)
}
