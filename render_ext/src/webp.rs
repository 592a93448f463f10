//! Lossless WebP out.

use image_webp::{ColorType, WebPEncoder};

use crate::error::{RenderError, Result};
use crate::picture::Rgba;

/// The longest side that the format has.
const MOST: u32 = 1 << 14;

/// Encodes straight RGBA, 8 bit.
pub fn encode(picture: &Rgba) -> Result<Vec<u8>> {
    let Rgba { width, height, pixels } = picture;
    if *width > MOST || *height > MOST {
        return Err(RenderError::too_large(format!("{width}x{height} pixels, WebP has at most {MOST} a side")));
    }
    let mut out = Vec::with_capacity(pixels.len() / 8);
    let encoder = WebPEncoder::new(&mut out);
    let encoded = encoder.encode(pixels, *width, *height, ColorType::Rgba8);
    encoded.map_err(|error| RenderError::internal(format!("WebP encoder: {error}")))?;
    Ok(out)
}
