//! PNG out: straight RGBA, 8 bit, not interlaced.

mod filter;
mod splice;

pub use splice::{Head, encode};
