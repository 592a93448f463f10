//! Which blocks of a picture badges cover, and badges laid on a block.

use super::frame::{Frame, Place};
use super::splice::Sprites;
use crate::blend;

/// The badges of a picture and the interval that is at work.
pub struct Drawing<'a> {
    /// The picture's division.
    pub frame: Frame,
    /// The interval's first column and its row, in units.
    pub origin: (u32, u32),
    sprites: &'a Sprites,
    /// For each badge and plane the samples that it covers.
    areas: Vec<[Area; 3]>,
    /// The badges that cover a sample of the interval.
    near: Vec<usize>,
    sizes: [(usize, usize); 3],
    /// For each plane's blocks in the interval, row by row, whether a badge covers a sample of it.
    covered: [Vec<bool>; 3],
}

/// A rectangle of samples: first and one past the last.
struct Area {
    x: (usize, usize),
    y: (usize, usize),
}

impl<'a> Drawing<'a> {
    /// Badges on a picture, before the first interval.
    pub fn new(frame: Frame, sprites: &'a Sprites) -> Self {
        let sizes = [0, 1, 2].map(|plane| frame.plane_size(plane));
        let areas = sprites.iter().map(|(sprite, x, y)| {
            [0, 1, 2].map(|plane| {
                let step = if plane == 0 { 1 } else { frame.step };
                let layer = &sprite.layers[plane];
                let along = |start: u32, length: usize, inside: usize| {
                    let start = (start / step) as usize;
                    (start, (start + length).min(inside))
                };
                Area { x: along(*x, layer.width, sizes[plane].0), y: along(*y, layer.height(), sizes[plane].1) }
            })
        });
        let covered = [0, 1, 2].map(|plane| {
            let blocks = frame.blocks(plane) as usize;
            vec![false; frame.interval as usize * blocks * blocks]
        });
        Self { frame, origin: (0, 0), sprites, areas: areas.collect(), near: Vec::new(), sizes, covered }
    }

    /// Turns to an interval and says whether any badge covers a sample of it.
    pub fn move_to(&mut self, interval: usize) -> bool {
        self.origin = self.frame.origin(interval);
        self.near.clear();
        for (plane, covered) in self.covered.iter_mut().enumerate() {
            covered.fill(false);
            let blocks = self.frame.blocks(plane) as usize;
            let across = self.frame.interval as usize * blocks;
            let first = (self.origin.0 as usize * blocks, self.origin.1 as usize * blocks);
            for (index, area) in self.areas.iter().map(|areas| &areas[plane]).enumerate() {
                let along = |(start, end): (usize, usize), first: usize, count: usize| {
                    let inside = |block: usize| block.saturating_sub(first).min(count);
                    if start < end { inside(start / 8)..inside(end.div_ceil(8)) } else { 0..0 }
                };
                let columns = along(area.x, first.0, across);
                let rows = along(area.y, first.1, blocks);
                if !columns.is_empty() && !rows.is_empty() && !self.near.contains(&index) {
                    self.near.push(index);
                }
                for row in rows {
                    covered[row * across..][columns.clone()].fill(true);
                }
            }
        }
        // The later ones lie on the earlier ones.
        self.near.sort_unstable();
        !self.near.is_empty()
    }

    /// Whether a badge covers a sample of a block, in a column of units counted from the interval's first.
    #[inline(always)]
    pub fn covers(&self, column: u32, (plane, across, down): Place) -> bool {
        let blocks = self.frame.blocks(plane) as usize;
        self.covered[plane][down * self.frame.interval as usize * blocks + column as usize * blocks + across]
    }

    /// Whether any sample of a block is inside the picture.
    #[inline(always)]
    pub fn is_inside(&self, plane: usize, (x, y): (usize, usize)) -> bool {
        x < self.sizes[plane].0 && y < self.sizes[plane].1
    }

    /// Lays on a block what badges have there, and repeats the picture's last samples where it reaches beyond, as encoding
    /// the whole would have done.
    #[inline(always)]
    pub fn draw(&self, plane: usize, (left, top): (usize, usize), samples: &mut [u8; 64]) {
        for &index in &self.near {
            let (sprite, x, y) = &self.sprites[index];
            let (area, step) = (&self.areas[index][plane], if plane == 0 { 1 } else { self.frame.step });
            let columns = (area.x.0.max(left), area.x.1.min(left + 8));
            let rows = (area.y.0.max(top), area.y.1.min(top + 8));
            if columns.0 < columns.1 && rows.0 < rows.1 {
                let from = (columns.0 - (x / step) as usize, rows.0 - (y / step) as usize);
                let part = ((columns.0 - left, columns.1 - left), (rows.0 - top, rows.1 - top));
                blend::onto_block(samples, part, &sprite.layers[plane], from);
            }
        }
        let (width, height) = self.sizes[plane];
        let (columns, rows) = (width - left, height - top);
        if columns >= 8 && rows >= 8 {
            return;
        }
        let (lines, _) = samples.as_chunks_mut::<8>();
        if columns < 8 {
            for line in lines.iter_mut() {
                let edge = line[columns - 1];
                line[columns..].fill(edge);
            }
        }
        if rows < 8 {
            let last = lines[rows - 1];
            lines[rows..].fill(last);
        }
    }
}
