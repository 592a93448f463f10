//! Bytes to upright pixels.
//!
//! ICC profiles are dropped: samples count as sRGB, which is what posters are made in. EXIF orientation is honoured,
//! animations show their first frame, 16 bits become 8.

use image::DynamicImage;

use crate::codec::codec;
use crate::error::Result;
use crate::limits::Limits;
use crate::picture::{Picture, Plane, Planes, Rgba};
use crate::probe::{self, Format, Info, Orientation};

/// Decodes any picture within the limits and turns it upright.
pub fn decode(data: &[u8]) -> Result<Picture> {
    let limits = Limits::current();
    limits.check_bytes(data.len())?;
    match Format::of(data)? {
        Format::Jpeg => {
            let Info { orientation, .. } = codec().inspect(data, &limits)?;
            Ok(turn(codec().decode(data, &limits)?, orientation))
        }
        format => {
            let mut decoder = probe::open(data, format, &limits)?;
            let orientation = probe::orientation(&mut decoder);
            let image = DynamicImage::from_decoder(decoder).map_err(probe::refused)?.into_rgba8();
            let (width, height) = image.dimensions();
            Ok(turn(Picture::Rgba(Rgba { width, height, pixels: image.into_raw() }), orientation))
        }
    }
}

/// The picture as straight RGBA.
#[must_use]
pub fn to_rgba(picture: Picture) -> Rgba {
    match picture {
        Picture::Rgba(rgba) => rgba,
        Picture::Planes(planes) => rgba_of_planes(&planes),
    }
}

/// JPEG's colours back to RGB, colour samples repeated: for logos that come as JPEG, which is rare.
fn rgba_of_planes(planes: &Planes) -> Rgba {
    let sample = |plane: &Plane, x: u32, y: u32| {
        let at = |axis: crate::picture::Axis, pixel: u32, count: usize| {
            (((f64::from(pixel) + 0.5 - axis.origin) / axis.step) as usize).min(count - 1)
        };
        f32::from(plane.row(at(plane.y, y, plane.height))[at(plane.x, x, plane.width)])
    };
    let mut pixels = Vec::with_capacity(planes.width as usize * planes.height as usize * 4);
    for y in 0..planes.height {
        for x in 0..planes.width {
            let luma = sample(&planes.luma, x, y);
            let [blue, red] = match &planes.chroma {
                Some(chroma) => [sample(&chroma[0], x, y) - 128.0, sample(&chroma[1], x, y) - 128.0],
                None => [0.0; 2],
            };
            let rgb = [luma + 1.402 * red, luma - 0.344_136 * blue - 0.714_136 * red, luma + 1.772 * blue];
            pixels.extend(rgb.map(|channel| channel.round().clamp(0.0, 255.0) as u8));
            pixels.push(255);
        }
    }
    Rgba { width: planes.width, height: planes.height, pixels }
}

/// Turns a picture upright.
#[must_use]
pub fn turn(picture: Picture, orientation: Orientation) -> Picture {
    if orientation == Orientation::UPRIGHT {
        return picture;
    }
    let (width, height) = picture.size();
    let (width, height) = if orientation.transpose { (height, width) } else { (width, height) };
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
