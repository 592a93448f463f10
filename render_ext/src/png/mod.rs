//! PNG out.

mod splice;

use ::png::{BitDepth, ColorType, Compression, Encoder, Filter};

use crate::error::{RenderError, Result};
use crate::picture::Rgba;

pub use splice::Head;

/// Encodes straight RGBA, 8 bit, not interlaced.
pub fn encode(picture: &Rgba) -> Result<Vec<u8>> {
    let failed = |error| RenderError::internal(format!("PNG encoder: {error}"));
    let mut out = Vec::with_capacity(picture.pixels.len() / 8);
    let mut encoder = Encoder::new(&mut out, picture.width, picture.height);
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Fast);
    encoder.set_filter(Filter::Adaptive);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&picture.pixels).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(out)
}
