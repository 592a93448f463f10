//! Baseline JPEGs with restart intervals, written and spliced: what is between two restart markers can be replaced
//! without touching the rest of the file.
//!
//! The encoder is ours in every build, because libraries neither begin intervals where a caller says nor hand out one
//! interval's coefficients; so replicas with different libraries write the same bytes. Its samples are those that the
//! library would have written.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod block;
pub mod budget;
mod codes;
mod covered;
mod decode;
mod drawing;
mod encode;
mod frame;
mod huffman;
#[cfg(target_arch = "x86_64")]
mod inverse_avx2;
#[cfg(target_arch = "aarch64")]
mod inverse_neon;
#[cfg(target_arch = "aarch64")]
mod neon;
pub mod quality;
mod reader;
mod recode;
mod splice;
mod strip;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod vectors;

/// What the processor's family has beyond the portable code.
#[cfg(target_arch = "x86_64")]
use {avx2 as forward_vectors, inverse_avx2 as inverse_vectors};
#[cfg(target_arch = "aarch64")]
use {inverse_neon as inverse_vectors, neon as forward_vectors};

pub use decode::{planes, portable as portable_planes};
pub use frame::Frame;
pub use recode::Source;
pub use splice::{Scan, Spliced, Sprites};

#[cfg(test)]
mod extremes;
#[cfg(test)]
mod tests;
