//! Which blocks of a picture badges cover, and badges laid on a block.

use std::ops::Range;

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
    /// Rows of units of which badges cover a sample.
    rows: Range<u32>,
    /// The badges that cover a sample of the interval.
    near: Vec<usize>,
    sizes: [(usize, usize); 3],
    /// For each plane's blocks in the interval, row by row, the badge that covers samples of it, `NONE` or `SEVERAL`.
    covered: [Vec<u16>; 3],
    /// The numbers of all badges.
    numbers: Vec<usize>,
}

/// A rectangle of samples: first and one past the last.
struct Area {
    x: (usize, usize),
    y: (usize, usize),
}

const NONE: u16 = u16::MAX;
const SEVERAL: u16 = u16::MAX - 1;

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
            vec![NONE; frame.interval as usize * blocks * blocks]
        });
        let areas: Vec<[Area; 3]> = areas.collect();
        let rows = |(plane, area): (usize, &Area)| {
            let unit = 8 * frame.blocks(plane) as usize;
            (area.y.0 < area.y.1).then(|| (area.y.0 / unit) as u32..area.y.1.div_ceil(unit) as u32)
        };
        let rows = areas.iter().flat_map(|planes| planes.iter().enumerate()).filter_map(rows);
        let rows = rows.reduce(|all, each| all.start.min(each.start)..all.end.max(each.end));
        Self {
            frame,
            origin: (0, 0),
            sprites,
            areas,
            rows: rows.unwrap_or_default(),
            near: Vec::new(),
            sizes,
            covered,
            numbers: (0..sprites.len()).collect(),
        }
    }

    /// Turns to an interval and says whether any badge covers a sample of it.
    pub fn move_to(&mut self, interval: usize) -> bool {
        self.origin = self.frame.origin(interval);
        // Most intervals are far from any badge, and come after another of which the same holds.
        if self.near.is_empty() && !self.rows.contains(&self.origin.1) {
            return false;
        }
        self.near.clear();
        for (plane, covered) in self.covered.iter_mut().enumerate() {
            covered.fill(NONE);
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
                    for covered in &mut covered[row * across..][columns.clone()] {
                        *covered = if *covered == NONE { index as u16 } else { SEVERAL };
                    }
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
        self.covered[plane][down * self.frame.interval as usize * blocks + column as usize * blocks + across] != NONE
    }

    /// The badges that may cover samples of a block of the interval.
    #[inline(always)]
    fn over(&self, plane: usize, (left, top): (usize, usize)) -> &[usize] {
        let blocks = self.frame.blocks(plane) as usize;
        let (x, y) = (left / 8 - self.origin.0 as usize * blocks, top / 8 - self.origin.1 as usize * blocks);
        match self.covered[plane][y * self.frame.interval as usize * blocks + x] {
            NONE => &[],
            SEVERAL => &self.near,
            index => &self.numbers[usize::from(index)..=usize::from(index)],
        }
    }

    /// Whether any sample of a block is inside the picture.
    #[inline(always)]
    pub fn is_inside(&self, plane: usize, (x, y): (usize, usize)) -> bool {
        x < self.sizes[plane].0 && y < self.sizes[plane].1
    }

    /// Whether nothing of a block shines through one of the badges.
    #[inline(always)]
    pub fn hides(&self, plane: usize, (left, top): (usize, usize)) -> bool {
        let step = if plane == 0 { 1 } else { self.frame.step };
        for &index in self.over(plane, (left, top)) {
            let (sprite, x, y) = &self.sprites[index];
            let Area { x: columns, y: rows } = &self.areas[index][plane];
            if left < columns.0 || left + 8 > columns.1 || top < rows.0 || top + 8 > rows.1 {
                continue;
            }
            let layer = &sprite.layers[plane];
            let corner = (top - (y / step) as usize) * layer.width + left - (x / step) as usize;
            let part = &layer.through[corner..][..layer.width * 7 + 8];
            let mut through = 0;
            for line in 0..8 {
                through |= part[line * layer.width..].first_chunk().map_or(1, |line| u64::from_le_bytes(*line));
            }
            if through == 0 {
                return true;
            }
        }
        false
    }

    /// Lays on a block what badges have there, and repeats the picture's last samples where it reaches beyond, as encoding
    /// the whole would have done.
    #[inline(always)]
    pub fn draw(&self, plane: usize, (left, top): (usize, usize), samples: &mut [u8; 64]) {
        for &index in self.over(plane, (left, top)) {
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
