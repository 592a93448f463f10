//! Baseline JPEGs with restart intervals, written and spliced: what is between two restart markers can be replaced
//! without touching the rest of the file.
//!
//! Transforms are the JPEG library's; the entropy coding is ours, because the library neither begins intervals where a
//! caller says nor hands out one interval's coefficients. What is drawn once, without being kept, is encoded by the
//! library alone, which is faster.

mod block;
pub mod budget;
mod encode;
mod frame;
mod huffman;
mod splice;

pub use frame::Frame;
pub use splice::{Scan, Sprites};

#[cfg(test)]
mod tests;
