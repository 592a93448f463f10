//! Bytes to upright pixels.
//!
//! Wide gamuts become sRGB, EXIF orientation is honoured, animations show their first frame, 16 bits become 8.

use image::{DynamicImage, ImageDecoder};

use crate::codec::codec;
use crate::error::Result;
use crate::jpeg;
use crate::limits::Limits;
use crate::picture::{Canvas, Picture, Plane, Planes, Rgba, rgb};
use crate::probe::{self, Colour, Format, Info, Orientation};
use crate::profile;
use crate::resample::{self, Window};
use crate::settings::Chroma;

/// Decodes any picture within the limits and turns it upright.
pub fn decode(data: &[u8]) -> Result<Picture> {
    decode_if(data, |_| Ok(()))
}

/// Decodes a picture within the limits whose upright width and height are accepted: what a header forbids costs no
/// decoding.
pub fn decode_if(data: &[u8], accept: impl FnOnce((u32, u32)) -> Result<()>) -> Result<Picture> {
    let limits = Limits::current();
    limits.check_bytes(data.len())?;
    match Format::of(data)? {
        Format::Jpeg => {
            let Info { orientation, width, height, colour, .. } = codec().inspect(data, &limits)?;
            accept(orientation.upright((width, height)))?;
            let planes = if colour == Colour::Ycc { jpeg::planes(data) } else { None };
            let decoded = match planes {
                Some(planes) if (planes.width, planes.height) == (width, height) => Picture::Planes(Box::new(planes)),
                _ => codec().decode(data, &limits)?,
            };
            let picture = profile::to_srgb(decoded, profile::of_jpeg(data).as_deref());
            Ok(turn(picture, orientation))
        }
        format => {
            let mut decoder = probe::open(data, format, &limits)?;
            let orientation = probe::orientation(&mut decoder);
            accept(orientation.upright(decoder.dimensions()))?;
            let colours = profile::of(&mut decoder);
            let image = DynamicImage::from_decoder(decoder).map_err(probe::refused)?.into_rgba8();
            let (width, height) = image.dimensions();
            let picture = Picture::Rgba(Rgba { width, height, pixels: image.into_raw() });
            Ok(turn(profile::to_srgb(picture, colours.as_deref()), orientation))
        }
    }
}

/// The size of a JPEG whose planes are what is to be seen: they are JPEG's own colours, upright, and no profile changes
/// them. None for everything else, and for what is refused.
#[must_use]
pub fn size_as_it_is(data: &[u8]) -> Option<(u32, u32)> {
    let limits = Limits::current();
    limits.check_bytes(data.len()).ok()?;
    if !data.starts_with(&[0xff, 0xd8, 0xff]) {
        return None;
    }
    let Info { orientation, width, height, colour, .. } = codec().inspect(data, &limits).ok()?;
    (orientation == Orientation::UPRIGHT && colour == Colour::Ycc).then_some((width, height))
}

/// The picture as straight RGBA.
#[must_use]
pub fn to_rgba(picture: Picture) -> Rgba {
    match picture {
        Picture::Rgba(rgba) => rgba,
        Picture::Planes(planes) => rgba_of_planes(&planes),
    }
}

/// JPEG's colours back to RGB at full resolution: for logos that come as JPEG, which is rare.
fn rgba_of_planes(planes: &Planes) -> Rgba {
    let size = (planes.width, planes.height);
    let mut canvas = Canvas::default();
    resample::onto_canvas(planes, &Window { scaled: size, offset: (0, 0), size }, Chroma::Full, &mut canvas);
    let [luma, blue, red] = &canvas.planes;
    let mut pixels = Vec::with_capacity(luma.len() * 4);
    for ((&luma, &blue), &red) in luma.iter().zip(blue).zip(red) {
        let [red, green, blue] = rgb(luma, blue, red);
        pixels.extend_from_slice(&[red, green, blue, 255]);
    }
    Rgba { width: planes.width, height: planes.height, pixels }
}

/// Turns a picture upright.
#[must_use]
pub fn turn(picture: Picture, orientation: Orientation) -> Picture {
    if orientation == Orientation::UPRIGHT {
        return picture;
    }
    let (width, height) = orientation.upright(picture.size());
    match picture {
        Picture::Rgba(rgba) => {
            let (pixels, _) = rgba.pixels.as_chunks::<4>();
            let pixels = turned(pixels, rgba.width as usize, (rgba.width as usize, rgba.height as usize), orientation);
            Picture::Rgba(Rgba { width, height, pixels: pixels.into_flattened() })
        }
        Picture::Planes(planes) => {
            let turn = |plane: &Plane| turn_plane(plane, orientation, width, height);
            let chroma = planes.chroma.as_ref().map(|chroma| chroma.each_ref().map(turn));
            Picture::Planes(Box::new(Planes { width, height, luma: turn(&planes.luma), chroma }))
        }
    }
}

fn turn_plane(plane: &Plane, orientation: Orientation, picture_width: u32, picture_height: u32) -> Plane {
    let samples = turned(&plane.samples, plane.stride, (plane.width, plane.height), orientation);
    let (mut x, mut y, mut width, mut height) = (plane.x, plane.y, plane.width, plane.height);
    if orientation.transpose {
        (x, y, width, height) = (y, x, height, width);
    }
    if orientation.flip_x {
        x = x.reversed(width, picture_width);
    }
    if orientation.flip_y {
        y = y.reversed(height, picture_height);
    }
    Plane { samples, stride: width, width, height, x, y }
}

/// Items of a rectangle in their upright order, without padding.
fn turned<T: Copy>(items: &[T], stride: usize, (width, height): (usize, usize), how: Orientation) -> Vec<T> {
    let (columns, rows) = if how.transpose { (height, width) } else { (width, height) };
    let mut upright = Vec::with_capacity(columns * rows);
    for row in 0..rows {
        let y = if how.flip_y { rows - 1 - row } else { row };
        for column in 0..columns {
            let x = if how.flip_x { columns - 1 - column } else { column };
            upright.push(if how.transpose { items[x * stride + y] } else { items[y * stride + x] });
        }
    }
    upright
}
