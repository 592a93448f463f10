//! JPEG in and out behind one trait, so that the library can be changed without the rest noticing.

pub mod markers;
mod pure;
#[cfg(feature = "turbo")]
mod turbo;

use crate::error::Result;
use crate::limits::Limits;
use crate::picture::{Canvas, Picture};
use crate::probe::Info;

pub use pure::PureRust;
#[cfg(feature = "turbo")]
pub use turbo::Turbo;

/// A JPEG library.
pub trait Codec {
    /// Reads the header, and fails for pictures beyond the limits. No pixel is touched.
    fn inspect(&self, data: &[u8], limits: &Limits) -> Result<Info>;

    /// Decodes a picture within the limits: to planes when its colours are JPEG's own, else to RGBA. A picture that
    /// ends too early is corrupt.
    fn decode(&self, data: &[u8], limits: &Limits) -> Result<Picture>;

    /// Encodes a canvas: baseline, standard Huffman tables, quality 1 to 100.
    fn encode(&self, canvas: &Canvas, quality: u8) -> Result<Vec<u8>>;
}

/// The library of this build.
#[must_use]
pub fn codec() -> &'static dyn Codec {
    #[cfg(feature = "turbo")]
    return &Turbo;
    #[cfg(not(feature = "turbo"))]
    &PureRust
}
