//! The pixels of OpenPosterDB: art and badges in, JPEG and PNG out.
//!
//! The way of a picture: [`probe`] checks the header against the [`limits`], [`decode`] makes planes, [`resample`]
//! brings them to the output's size, [`layout`] places badges, [`sprite`] draws or remembers them, [`blend`] lays them
//! on, [`codec`], [`png`] and [`webp`] encode. Everything stays in JPEG's own colours: no conversion to RGB and back.

pub mod badge;
pub mod blend;
pub mod codec;
mod corners;
pub mod decode;
pub mod error;
pub mod estimate;
#[cfg(test)]
mod everywhere;
#[doc(hidden)]
pub mod hostile;
pub mod icon;
pub mod jpeg;
pub mod layout;
pub mod limits;
pub mod mask;
mod paint;
pub mod picture;
pub mod placeholder;
mod planar;
pub mod png;
pub mod prepared;
pub mod probe;
pub mod profile;
#[cfg(feature = "python")]
mod python;
pub mod render;
pub mod resample;
pub mod sample;
pub mod settings;
pub mod source;
pub mod sprite;
pub mod text;
#[cfg(target_arch = "aarch64")]
mod transpose;
pub mod webp;

/// Raised whenever the same input gives other pixels: finished pictures carry it in their cache keys.
pub const RENDERER_EPOCH: u32 = 5;
