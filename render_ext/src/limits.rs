//! What a picture may cost before anything of it is decoded.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::error::{RenderError, Result};

static MAX_BYTES: AtomicU64 = AtomicU64::new(Limits::DEFAULT.bytes);
static MAX_PIXELS: AtomicU64 = AtomicU64::new(Limits::DEFAULT.pixels);
static MAX_SCANS: AtomicU64 = AtomicU64::new(Limits::DEFAULT.scans);

/// Upper bounds of one picture, coming in or going out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the encoded input.
    pub bytes: u64,
    /// Width × height, of the input and of the output.
    pub pixels: u64,
    /// Scans of a progressive JPEG: each costs a pass over all coefficients.
    pub scans: u64,
}

impl Limits {
    /// 30 MiB, 50 megapixels, 64 scans.
    pub const DEFAULT: Self = Self { bytes: 30 << 20, pixels: 50_000_000, scans: 64 };

    /// The bounds of this process.
    #[must_use]
    pub fn current() -> Self {
        Self { bytes: MAX_BYTES.load(Relaxed), pixels: MAX_PIXELS.load(Relaxed), scans: MAX_SCANS.load(Relaxed) }
    }

    /// Makes these the bounds of this process.
    pub fn install(self) {
        MAX_BYTES.store(self.bytes, Relaxed);
        MAX_PIXELS.store(self.pixels, Relaxed);
        MAX_SCANS.store(self.scans, Relaxed);
    }

    /// Fails when an input of this many bytes is not even looked at.
    pub fn check_bytes(&self, bytes: usize) -> Result<()> {
        if bytes as u64 > self.bytes {
            return Err(RenderError::too_large(format!("{bytes} bytes, at most {} are read", self.bytes)));
        }
        Ok(())
    }

    /// The longest side that is read or drawn: JPEG's own limit, and a bound on tables that grow with one side alone.
    pub const MAX_SIDE: u64 = 65_500;

    /// Fails for an empty picture, for one with too many pixels and for one with too long a side.
    pub fn check_size(&self, width: u64, height: u64) -> Result<()> {
        if width == 0 || height == 0 {
            return Err(RenderError::corrupt("the picture has no pixels"));
        }
        if width.max(height) > Self::MAX_SIDE {
            let side = Self::MAX_SIDE;
            return Err(RenderError::too_large(format!("{width}x{height} pixels, a side has at most {side}")));
        }
        match width.checked_mul(height) {
            Some(pixels) if pixels <= self.pixels => Ok(()),
            _ => Err(RenderError::too_large(format!("{width}x{height} pixels, at most {} are drawn", self.pixels))),
        }
    }
}

/// Bytes of a block that is as large as those of most pictures.
const LARGE_BLOCK: usize = 8 << 20;

/// Lets glibc keep what a picture has freed for the next one: it hands memory back to the system above a bound that follows
/// the largest block freed so far, and to get a logo's few megabytes anew each time costs a fifth of its drawing. Elsewhere
/// this does nothing. No memory is touched.
pub fn keep_what_is_freed() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(LARGE_BLOCK)));
}
