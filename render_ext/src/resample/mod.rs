//! Lanczos resampling of planes: vertical first, then horizontal, in integers, so that every processor gives the
//! same samples.
//!
//! A band of eight output rows is made at a time. Its vertically resampled lines are interleaved into a tile of
//! column pairs, so that the horizontal pass, too, works on eight rows with one load.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "aarch64")]
mod neon;
mod scalar;
mod taps;

use std::cell::RefCell;

use crate::picture::{Axis, Canvas, Plane, Planes};
use crate::settings::Chroma;
use taps::{Mapping, Taps};

/// Rows of a band.
const BAND: usize = 8;

/// Fraction bits of a weight.
const WEIGHT_BITS: u32 = 14;

/// Fraction bits of a vertically resampled sample: 255 and the filter's overshoot still fit in 16 bits.
const LINE_BITS: u32 = 6;

/// Which part of the scaled art becomes the output, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Size of the whole art once scaled.
    pub scaled: (u32, u32),
    /// Top left corner of the part that is kept.
    pub offset: (u32, u32),
    /// Size of the part that is kept.
    pub size: (u32, u32),
}

/// The inner loops, one set per processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kernel {
    /// Portable.
    Scalar,
    /// x86-64 with AVX2.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AArch64 with NEON.
    #[cfg(target_arch = "aarch64")]
    Neon,
}

impl Kernel {
    /// The fastest set that this processor runs.
    #[must_use]
    fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            return Self::Avx2;
        }
        #[cfg(target_arch = "aarch64")]
        if std::arch::is_aarch64_feature_detected!("neon") {
            return Self::Neon;
        }
        Self::Scalar
    }

    /// One vertically resampled line of rows that are all at least as long.
    fn vertical(self, rows: &[&[u8]], weights: &[i16], line: &mut [i16]) {
        match self {
            Self::Scalar => scalar::vertical(rows, weights, line, 0),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: this variant is only made by `detect`, which has seen AVX2.
            Self::Avx2 => unsafe { avx2::vertical(rows, weights, line) },
            #[cfg(target_arch = "aarch64")]
            // SAFETY: this variant is only made by `detect`, which has seen NEON.
            Self::Neon => unsafe { neon::vertical(rows, weights, line) },
        }
    }

    /// Eight lines as `horizontal` wants them.
    fn interleave(self, lines: &[i16], stride: usize, tile: &mut [i16]) {
        match self {
            Self::Scalar => scalar::interleave(lines, stride, tile),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: this variant is only made by `detect`, which has seen AVX2.
            Self::Avx2 => unsafe { avx2::interleave(lines, stride, tile) },
            #[cfg(target_arch = "aarch64")]
            // SAFETY: this variant is only made by `detect`, which has seen NEON.
            Self::Neon => unsafe { neon::interleave(lines, stride, tile) },
        }
    }

    /// Up to eight finished rows, `width` samples each, one after the other.
    fn horizontal(self, tile: &[i16], first_column: usize, taps: &Taps, out: &mut [u8]) {
        match self {
            Self::Scalar => scalar::horizontal(tile, first_column, taps, out, 0),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: this variant is only made by `detect`, which has seen AVX2.
            Self::Avx2 => unsafe { avx2::horizontal(tile, first_column, taps, out) },
            #[cfg(target_arch = "aarch64")]
            // SAFETY: this variant is only made by `detect`, which has seen NEON.
            Self::Neon => unsafe { neon::horizontal(tile, first_column, taps, out) },
        }
    }
}

#[derive(Default)]
struct Scratch {
    lines: Vec<i16>,
    tile: Vec<i16>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Resamples a decoded picture onto the canvas.
pub fn onto_canvas(picture: &Planes, window: &Window, chroma: Chroma, canvas: &mut Canvas) {
    let kernel = Kernel::detect();
    (canvas.width, canvas.height) = window.size;
    canvas.chroma_step = Canvas::step_of(chroma);
    for index in 0..3 {
        let (width, height) = canvas.plane_size(index);
        let samples = &mut canvas.planes[index];
        let source = match (index, &picture.chroma) {
            (0, _) => &picture.luma,
            (_, Some(chroma)) => &chroma[index - 1],
            (_, None) => {
                samples.clear();
                samples.resize(width * height, 128);
                continue;
            }
        };
        let step = if index == 0 { 1 } else { canvas.chroma_step };
        let columns = mapping(source.x, source.width, (picture.width, window.scaled.0, window.offset.0), step, width);
        let rows = mapping(source.y, source.height, (picture.height, window.scaled.1, window.offset.1), step, height);
        // Every sample is written below.
        samples.resize(width * height, 0);
        resample(kernel, source, &columns, &rows, samples);
    }
}

/// How output samples along one axis lie among a plane's samples. `(extent, scaled, offset)` are the picture's pixels
/// along this axis, before and after scaling, and the first pixel that is kept.
fn mapping(
    axis: Axis,
    available: usize,
    (extent, scaled, offset): (u32, u32, u32),
    step: u32,
    wanted: usize,
) -> Mapping {
    let ratio = f64::from(extent) / f64::from(scaled);
    Mapping {
        step: f64::from(step) * ratio / axis.step,
        origin: (f64::from(offset) * ratio - axis.origin) / axis.step,
        available,
        wanted,
    }
}

/// Resamples one plane; `out` has `columns.wanted` × `rows.wanted` samples.
pub(crate) fn resample(kernel: Kernel, source: &Plane, columns: &Mapping, rows: &Mapping, out: &mut [u8]) {
    if let (Some(left), Some(top)) = (columns.shift(), rows.shift()) {
        for (y, line) in out.chunks_exact_mut(columns.wanted).enumerate() {
            line.copy_from_slice(&source.row(top + y)[left..left + columns.wanted]);
        }
        return;
    }
    let (across, down) = (Taps::cached(columns), Taps::cached(rows));
    let (first, end) = across.reach();
    let present = end.min(source.width) - first;
    let stride = (end - first).next_multiple_of(16);
    SCRATCH.with_borrow_mut(|Scratch { lines, tile }| {
        lines.resize(stride * BAND, 0);
        tile.resize(stride * BAND, 0);
        let mut near: Vec<&[u8]> = Vec::with_capacity(down.len);
        for (band, out) in out.chunks_mut(columns.wanted * BAND).enumerate() {
            for (index, line) in lines.chunks_exact_mut(stride).enumerate().take(out.len() / columns.wanted) {
                let (start, weights) = down.of(band * BAND + index);
                near.clear();
                near.extend((start..start + down.len).map(|y| {
                    // Beyond the last row all weights are 0.
                    &source.row(y.min(source.height - 1))[first..first + present]
                }));
                kernel.vertical(&near, weights, &mut line[..present]);
            }
            kernel.interleave(lines, stride, tile);
            kernel.horizontal(tile, first, &across, out);
        }
    });
}

#[cfg(test)]
mod tests;
