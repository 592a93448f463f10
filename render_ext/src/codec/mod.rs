//! JPEG in and out behind one trait, so that the library can be changed without the rest noticing.

pub mod markers;
mod pure;
#[cfg(feature = "turbo")]
mod turbo;

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

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

/// The name of this build's library.
pub const NAME: &str = if cfg!(feature = "turbo") { "libjpeg-turbo" } else { "libjpeg-turbo-rs" };

static PORT: AtomicBool = AtomicBool::new(false);

/// Whether this process decodes with the port in Rust even where libjpeg-turbo in C has been built: for comparing them.
pub fn use_port(wanted: bool) {
    PORT.store(wanted, Relaxed);
}

/// The library of this build.
#[must_use]
pub fn codec() -> &'static dyn Codec {
    #[cfg(feature = "turbo")]
    if !PORT.load(Relaxed) {
        return &Turbo;
    }
    &PureRust
}
