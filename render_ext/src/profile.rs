//! Colour profiles: what was made for a wider gamut, or for another gamma, becomes sRGB, which is what every viewer of a
//! picture without a profile assumes.
//!
//! Only where it shows: a profile that is sRGB in all but name changes nothing and costs nothing. Profiles of printing inks
//! and of grey are left out, and so is one that is broken: a wrong guess is worse than a slightly pale picture.

use std::borrow::Cow;

use image::ImageDecoder;
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformExecutor, TransformOptions};

use crate::decode;
use crate::picture::{Picture, Rgba};

/// A profile of three primaries and their curves has a few kilobytes; tables for printers have megabytes.
const MOST_BYTES: usize = 256 << 10;

/// Levels of 255 that no eye sees.
const UNSEEN: u8 = 3;

/// A JPEG's profile, put together from its segments; none when there is none, or a part of it is missing.
#[must_use]
pub fn of_jpeg(data: &[u8]) -> Option<Cow<'_, [u8]>> {
    let mut parts: Vec<Option<&[u8]>> = Vec::new();
    let mut rest = data.get(2..)?;
    while let [0xff, marker, high, low, after @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low])).checked_sub(2)?;
        let body = after.get(..length)?;
        match (*marker, body.strip_prefix(b"ICC_PROFILE\0")) {
            (0xda, _) => break,
            (0xe2, Some([number, count, part @ ..])) if (1..=*count).contains(number) => {
                parts.resize(usize::from(*count), None);
                parts[usize::from(*number) - 1] = Some(part);
            }
            _ => {}
        }
        rest = &after[length..];
    }
    match parts.as_slice() {
        [] => None,
        [only] => only.map(Cow::Borrowed),
        all => all.iter().copied().collect::<Option<Vec<_>>>().map(|parts| Cow::Owned(parts.concat())),
    }
}

/// Whether a JPEG has a profile that changes its colours.
#[must_use]
pub fn matters(data: &[u8]) -> bool {
    of_jpeg(data).is_some_and(|profile| transform(&profile).is_some())
}

/// The profile in a picture of another format.
pub fn of(decoder: &mut impl ImageDecoder) -> Option<Vec<u8>> {
    decoder.icc_profile().ok().flatten()
}

/// The picture in sRGB.
#[must_use]
pub fn to_srgb(picture: Picture, profile: Option<&[u8]>) -> Picture {
    let grey = matches!(&picture, Picture::Planes(planes) if planes.chroma.is_none());
    match profile.filter(|_| !grey).and_then(transform) {
        Some(transform) => convert(picture, transform.as_ref()),
        None => picture,
    }
}

type Transform = dyn TransformExecutor<u8> + Send + Sync;

/// The way to sRGB; none where there is none or it leads nowhere.
fn transform(profile: &[u8]) -> Option<std::sync::Arc<Transform>> {
    if profile.len() > MOST_BYTES {
        return None;
    }
    let source = ColorProfile::new_from_slice(profile).ok()?;
    if source.color_space != DataColorSpace::Rgb || !source.is_matrix_shaper() {
        return None;
    }
    let options = TransformOptions::default();
    let transform =
        source.create_transform_8bit(Layout::Rgba, &ColorProfile::new_srgb(), Layout::Rgba, options).ok()?;
    shows(transform.as_ref()).then_some(transform)
}

/// Whether any of a few colours changes visibly.
fn shows(transform: &Transform) -> bool {
    const STEPS: [u8; 4] = [16, 96, 176, 255];
    let colours: Vec<u8> = STEPS
        .into_iter()
        .flat_map(|red| {
            STEPS.into_iter().flat_map(move |green| STEPS.into_iter().map(move |blue| [red, green, blue, 255]))
        })
        .flatten()
        .collect();
    let mut changed = vec![0; colours.len()];
    transform.transform(&colours, &mut changed).is_ok()
        && colours.iter().zip(&changed).any(|(before, after)| before.abs_diff(*after) > UNSEEN)
}

fn convert(picture: Picture, transform: &Transform) -> Picture {
    let Rgba { width, height, pixels } = decode::to_rgba(picture);
    let mut converted = vec![0; pixels.len()];
    let pixels = if transform.transform(&pixels, &mut converted).is_ok() { converted } else { pixels };
    Picture::Rgba(Rgba { width, height, pixels })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg(parts: &[(u8, u8, &[u8])]) -> Vec<u8> {
        let mut data = vec![0xff, 0xd8];
        for (number, count, part) in parts {
            data.extend([0xff, 0xe2]);
            data.extend((16 + part.len() as u16).to_be_bytes());
            data.extend(b"ICC_PROFILE\0");
            data.extend([*number, *count]);
            data.extend(*part);
        }
        data.extend([0xff, 0xda, 0, 2]);
        data
    }

    #[test]
    fn a_profile_is_put_together_from_its_parts_in_any_order() {
        assert_eq!(of_jpeg(&jpeg(&[(1, 1, b"whole")])).as_deref(), Some(&b"whole"[..]));
        assert_eq!(of_jpeg(&jpeg(&[(2, 2, b"two"), (1, 2, b"one")])).as_deref(), Some(&b"onetwo"[..]));
    }

    #[test]
    fn what_is_not_whole_is_no_profile() {
        let parts: [&[(u8, u8, &[u8])]; 4] = [&[], &[(1, 2, b"one")], &[(0, 1, b"none")], &[(3, 2, b"three")]];
        for parts in parts {
            assert_eq!(of_jpeg(&jpeg(parts)), None);
        }
        let whole = jpeg(&[(1, 1, b"whole")]);
        (0..20).for_each(|length| assert_eq!(of_jpeg(&whole[..length]), None));
    }
}
