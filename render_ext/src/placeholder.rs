//! The picture that stands in where there is no art.

use crate::error::Result;
use crate::layout;
use crate::picture::{Picture, Rgba};
use crate::render;
use crate::settings::{Kind, Settings};

/// A calm picture of the full size of the kind and size.
pub fn placeholder(kind: Kind, settings: &Settings) -> Result<Vec<u8>> {
    let (width, height) = (kind.width(settings.size)?, kind.height(settings.size)?);
    let _ = layout::Dimensions::of(kind, settings.size)?;
    let pixels = vec![40u8; (width * height * 4) as usize];
    render::compose(kind, Picture::Rgba(Rgba { width, height, pixels }), &[], settings)
}
