//! How a JPEG is divided: planes, blocks, units of all planes (MCUs), and restart intervals.

use libjpeg_turbo_rs::encode::{marker_writer as marker, tables};

use super::block::Transform;
use crate::picture::Canvas;
use crate::settings::{Chroma, Kind};

/// A block of a unit: plane, column and row among the unit's blocks of that plane.
pub type Place = (usize, usize, usize);

/// The blocks of a unit in the order of the file, two at a time; a block with itself is alone.
pub type Pairs = &'static [[Place; 2]];

const COLOURS: [Place; 2] = [(1, 0, 0), (2, 0, 0)];

/// The blocks of a unit with so many of brightness across and down, and one of each colour. Two go at a time, because
/// that is how transforms are fastest.
#[inline(always)]
pub fn pairs(brightness: (usize, usize)) -> Pairs {
    match brightness {
        (1, 1) => &[[(0, 0, 0), (0, 0, 0)], COLOURS],
        (2, 1) => &[[(0, 0, 0), (0, 1, 0)], COLOURS],
        (1, 2) => &[[(0, 0, 0), (0, 0, 1)], COLOURS],
        _ => &[[(0, 0, 0), (0, 1, 0)], [(0, 0, 1), (0, 1, 1)], COLOURS],
    }
}

/// Intervals in a row of a backdrop, and of a large poster: what is beside badges stays untouched.
const BACKDROP_INTERVALS: u32 = 8;
const POSTER_INTERVALS: u32 = 5;
/// Units in a row from which on the markers of more intervals weigh little.
const LARGE: u32 = 80;

/// The division of one picture. Intervals never reach over the end of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Pixels per colour sample, 1 or 2.
    pub step: u32,
    /// Units in a row of the picture.
    pub columns: u32,
    /// Rows of units.
    pub rows: u32,
    /// Units in an interval.
    pub interval: u32,
}

impl Frame {
    /// The division of a kind's pictures of a size.
    #[must_use]
    pub fn of(kind: Kind, width: u32, height: u32, chroma: Chroma) -> Self {
        let step = Canvas::step_of(chroma);
        let (columns, rows) = (width.div_ceil(8 * step), height.div_ceil(8 * step));
        let across = match kind {
            Kind::Backdrop => BACKDROP_INTERVALS,
            _ if columns >= LARGE => POSTER_INTERVALS,
            _ => 1,
        };
        let interval = if columns.is_multiple_of(across) { columns / across } else { columns };
        Self { width, height, step, columns, rows, interval }
    }

    /// The same picture with intervals of so many units, a divisor of `columns`.
    #[cfg(test)]
    pub fn with_interval(self, interval: u32) -> Self {
        assert!(self.columns.is_multiple_of(interval));
        Self { interval, ..self }
    }

    /// Intervals in a row.
    #[must_use]
    pub fn across(&self) -> u32 {
        self.columns / self.interval
    }

    /// Intervals in the picture.
    #[must_use]
    pub fn intervals(&self) -> usize {
        self.across() as usize * self.rows as usize
    }

    /// First column and row, in units, of an interval.
    #[must_use]
    pub fn origin(&self, interval: usize) -> (u32, u32) {
        let across = self.across() as usize;
        ((interval % across) as u32 * self.interval, (interval / across) as u32)
    }

    /// The blocks of a unit, two at a time.
    #[inline(always)]
    pub fn pairs(&self) -> Pairs {
        pairs((self.step as usize, self.step as usize))
    }

    /// Where a block of a unit has its first sample, in its plane.
    #[inline(always)]
    pub fn corner(&self, (column, row): (u32, u32), (plane, across, down): Place) -> (usize, usize) {
        let blocks = self.blocks(plane) as usize;
        ((column as usize * blocks + across) * 8, (row as usize * blocks + down) * 8)
    }

    /// Blocks of a plane in a unit, along one axis.
    #[must_use]
    pub fn blocks(&self, plane: usize) -> u32 {
        if plane == 0 { self.step } else { 1 }
    }

    /// Width and height in samples of a plane.
    #[must_use]
    pub fn plane_size(&self, plane: usize) -> (usize, usize) {
        let step = if plane == 0 { 1 } else { self.step };
        (self.width.div_ceil(step) as usize, self.height.div_ceil(step) as usize)
    }

    /// Everything before the first interval.
    pub fn header(&self, transforms: &[Transform; 2], out: &mut Vec<u8>) {
        let sampling = self.step as u8;
        marker::write_soi(out);
        marker::write_app0_jfif(out);
        marker::write_dqt(out, 0, &transforms[0].table);
        marker::write_dqt(out, 1, &transforms[1].table);
        let components = [(1, sampling, sampling, 0), (2, 1, 1, 1), (3, 1, 1, 1)];
        marker::write_sof0(out, self.width as u16, self.height as u16, &components);
        marker::write_dht(out, 0, 0, &tables::DC_LUMINANCE_BITS, &tables::DC_LUMINANCE_VALUES);
        marker::write_dht(out, 1, 0, &tables::AC_LUMINANCE_BITS, &tables::AC_LUMINANCE_VALUES);
        marker::write_dht(out, 0, 1, &tables::DC_CHROMINANCE_BITS, &tables::DC_CHROMINANCE_VALUES);
        marker::write_dht(out, 1, 1, &tables::AC_CHROMINANCE_BITS, &tables::AC_CHROMINANCE_VALUES);
        if self.intervals() > 1 {
            marker::write_dri(out, self.interval as u16);
        }
        marker::write_sos(out, &[(1, 0, 0), (2, 1, 1), (3, 1, 1)]);
    }

    /// The end of the file.
    pub fn footer(&self, out: &mut Vec<u8>) {
        marker::write_eoi(out);
    }
}

/// The transforms of brightness and colour at a quality.
#[must_use]
pub fn transforms(quality: u8) -> [Transform; 2] {
    [Transform::new(quality, false), Transform::new(quality, true)]
}
