//! Badges on a JPEG that is there already: intervals that no badge touches are copied byte for byte, and in the others
//! only the blocks under badges are decoded, drawn on and encoded again.

use std::sync::Arc;

use super::block::{Block, Transform};
use super::encode;
use super::frame::{Frame, transforms};
use super::huffman::{Reader, Tables, Writer};
use crate::blend;
use crate::error::{RenderError, Result};
use crate::picture::Canvas;
use crate::sprite::PlanarSprite;

/// Badges and their top left corners, in pixels.
pub type Sprites = [(Arc<PlanarSprite>, u32, u32)];

/// A JPEG as its intervals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// The division.
    pub frame: Frame,
    /// The quality of the standard tables, 1 to 100.
    pub quality: u8,
    /// The intervals and the markers between them.
    data: Vec<u8>,
    /// Where each interval begins.
    starts: Vec<u32>,
}

impl Scan {
    /// Encodes a canvas of the frame's size.
    #[must_use]
    pub fn encode(canvas: &Canvas, frame: Frame, quality: u8) -> Self {
        let (data, starts) = encode::intervals(canvas, &frame, quality);
        Self { frame, quality, data, starts }
    }

    /// Takes intervals from outside; fails unless there are exactly those that the frame has. What is in an interval is
    /// checked when it is read.
    pub fn read(frame: Frame, quality: u8, data: Vec<u8>) -> Result<Self> {
        let broken = || RenderError::corrupt("a prepared picture's intervals are broken");
        let mut starts = Vec::with_capacity(frame.intervals().min(data.len()));
        starts.push(0);
        for found in memchr::memchr_iter(0xff, &data) {
            let marker = *data.get(found + 1).ok_or_else(broken)?;
            match marker {
                0 => {}
                _ if marker == 0xd0 + ((starts.len() - 1) % 8) as u8 => {
                    starts.push(u32::try_from(found + 2).map_err(|_| broken())?);
                }
                _ => return Err(broken()),
            }
        }
        if starts.len() == frame.intervals() { Ok(Self { frame, quality, data, starts }) } else { Err(broken()) }
    }

    /// The intervals and the markers between them.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// Bytes in memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.data.len() + self.starts.len() * 4
    }

    /// Bytes of the JPEG as it is.
    #[must_use]
    pub fn file_size(&self) -> usize {
        let mut header = Vec::new();
        self.frame.header(&transforms(self.quality), &mut header);
        header.len() + self.data.len() + 2
    }

    /// The JPEG as it is.
    #[must_use]
    pub fn file(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.data.len() + 1024);
        self.frame.header(&transforms(self.quality), &mut out);
        out.extend_from_slice(&self.data);
        self.frame.footer(&mut out);
        out
    }

    /// The JPEG with badges.
    pub fn with_sprites(&self, sprites: &Sprites) -> Result<Vec<u8>> {
        let transforms = transforms(self.quality);
        let mut out = Vec::with_capacity(self.data.len() + self.data.len() / 8 + 4096);
        self.frame.header(&transforms, &mut out);
        let mut strip = Strip::new(self.frame);
        let mut copied = 0;
        for interval in 0..self.frame.intervals() {
            strip.move_to(interval);
            if !strip.is_touched(sprites) {
                continue;
            }
            let (start, end) = self.range(interval);
            out.extend_from_slice(&self.data[copied..start]);
            strip.read(&self.data[start..end])?;
            strip.draw(sprites, &transforms);
            strip.write(&mut out);
            copied = end;
        }
        out.extend_from_slice(&self.data[copied..]);
        self.frame.footer(&mut out);
        Ok(out)
    }

    /// The whole picture in samples.
    pub fn decode(&self) -> Result<Canvas> {
        let transforms = transforms(self.quality);
        let frame = &self.frame;
        let mut canvas =
            Canvas { width: frame.width, height: frame.height, chroma_step: frame.step, ..Canvas::default() };
        for plane in 0..3 {
            let (width, height) = frame.plane_size(plane);
            canvas.planes[plane] = vec![0; width * height];
        }
        let mut strip = Strip::new(self.frame);
        for interval in 0..frame.intervals() {
            strip.move_to(interval);
            let (start, end) = self.range(interval);
            strip.read(&self.data[start..end])?;
            strip.copy_to(&mut canvas, &transforms);
        }
        Ok(canvas)
    }

    /// An interval without the markers around it.
    fn range(&self, interval: usize) -> (usize, usize) {
        let end = self.starts.get(interval + 1).map_or(self.data.len(), |&next| next as usize - 2);
        (self.starts[interval] as usize, end)
    }
}

/// One interval: its coefficients, and samples where they are needed. Each plane's part is a rectangle of blocks.
struct Strip {
    frame: Frame,
    parts: [Part; 3],
}

#[derive(Default)]
struct Part {
    /// Blocks across and down.
    blocks: (usize, usize),
    /// Place of the first sample in the plane.
    corner: (usize, usize),
    /// Samples of the plane from the corner on, fewer than the blocks' at the picture's edges.
    inside: (usize, usize),
    coefficients: Vec<Block>,
    /// `blocks.0 × 8` samples in a row; only those under badges mean anything.
    samples: Vec<u8>,
}

impl Strip {
    fn new(frame: Frame) -> Self {
        let parts = [0, 1, 2].map(|plane| {
            let blocks = frame.blocks(plane) as usize;
            let (across, down) = (frame.interval as usize * blocks, blocks);
            Part {
                blocks: (across, down),
                coefficients: vec![Block::default(); across * down],
                samples: vec![0; across * down * 64],
                ..Part::default()
            }
        });
        Self { frame, parts }
    }

    fn move_to(&mut self, interval: usize) {
        let (column, row) = self.frame.origin(interval);
        for (plane, part) in self.parts.iter_mut().enumerate() {
            let edge = self.frame.blocks(plane) as usize * 8;
            let (width, height) = self.frame.plane_size(plane);
            part.corner = (column as usize * edge, row as usize * edge);
            let inside = |extent: usize, corner: usize, blocks: usize| extent.saturating_sub(corner).min(blocks * 8);
            part.inside = (inside(width, part.corner.0, part.blocks.0), inside(height, part.corner.1, part.blocks.1));
        }
    }

    /// Whether any badge covers a sample of this interval.
    fn is_touched(&self, sprites: &Sprites) -> bool {
        sprites.iter().any(|sprite| (0..3).any(|plane| !self.covered(plane, sprite).is_empty()))
    }

    /// The samples of a part, counted from its corner, that a badge covers.
    fn covered(&self, plane: usize, (sprite, x, y): &(Arc<PlanarSprite>, u32, u32)) -> Area {
        let step = if plane == 0 { 1 } else { self.frame.step };
        let (layer, part) = (&sprite.layers[plane], &self.parts[plane]);
        let (left, top) = ((x / step) as usize, (y / step) as usize);
        let along = |start: usize, length: usize, corner: usize, inside: usize| {
            (start.saturating_sub(corner).min(inside), (start + length).saturating_sub(corner).min(inside))
        };
        Area {
            x: along(left, layer.width, part.corner.0, part.inside.0),
            y: along(top, layer.height(), part.corner.1, part.inside.1),
        }
    }

    /// The interval's units in the order of the file: plane and block.
    fn order(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let frame = self.frame;
        (0..frame.interval).flat_map(move |column| {
            (0..3).flat_map(move |plane| {
                let blocks = frame.blocks(plane) as usize;
                (0..blocks * blocks).map(move |index| {
                    let (down, across) = (index / blocks, index % blocks);
                    (plane, (down * frame.interval as usize + column as usize) * blocks + across)
                })
            })
        })
    }

    fn read(&mut self, data: &[u8]) -> Result<()> {
        let mut reader = Reader::new(data);
        let mut previous = [0; 3];
        for (plane, index) in self.order() {
            self.parts[plane].coefficients[index] = reader.block(&mut previous[plane], Tables::standard(plane > 0))?;
        }
        reader.finish()
    }

    fn write(&self, out: &mut Vec<u8>) {
        let mut writer = Writer::new(out);
        let mut previous = [0; 3];
        for (plane, index) in self.order() {
            let part = &self.parts[plane];
            let previous = &mut previous[plane];
            let (x, y) = (index % part.blocks.0 * 8, index / part.blocks.0 * 8);
            let outside = x >= part.inside.0 || y >= part.inside.1;
            let block = if outside { Block::plain(*previous) } else { part.coefficients[index] };
            writer.block(&block, previous, Tables::standard(plane > 0));
        }
        writer.finish();
    }

    fn draw(&mut self, sprites: &Sprites, transforms: &[Transform; 2]) {
        for plane in 0..3 {
            let areas: Vec<Area> = sprites.iter().map(|sprite| self.covered(plane, sprite)).collect();
            let (step, part) = (if plane == 0 { 1 } else { self.frame.step }, &mut self.parts[plane]);
            let transform = &transforms[usize::from(plane > 0)];
            let mut touched: Vec<usize> = areas.iter().flat_map(|area| area.blocks(part.blocks.0)).collect();
            touched.sort_unstable();
            touched.dedup();
            touched.iter().for_each(|&block| part.unpack(block, transform));
            for ((sprite, x, y), area) in sprites.iter().zip(&areas) {
                if !area.is_empty() {
                    let layer = &sprite.layers[plane];
                    let skip = |corner: usize, start: u32, first: usize| corner + first - (start / step) as usize;
                    let from = (skip(part.corner.0, *x, area.x.0), skip(part.corner.1, *y, area.y.0));
                    blend::onto_part(&mut part.samples, part.blocks.0 * 8, area.x, area.y, layer, from);
                }
            }
            for block in touched {
                part.repeat_edge(block);
                part.pack(block, transform);
            }
        }
    }

    fn copy_to(&mut self, canvas: &mut Canvas, transforms: &[Transform; 2]) {
        for (plane, part) in self.parts.iter_mut().enumerate() {
            let width = canvas.plane_size(plane).0;
            (0..part.coefficients.len()).for_each(|block| part.unpack(block, &transforms[usize::from(plane > 0)]));
            for y in 0..part.inside.1 {
                let line = &part.samples[y * part.blocks.0 * 8..][..part.inside.0];
                canvas.planes[plane][(part.corner.1 + y) * width + part.corner.0..][..line.len()].copy_from_slice(line);
            }
        }
    }
}

impl Part {
    /// Where a block's first sample stands.
    fn start(&self, block: usize) -> usize {
        let across = self.blocks.0;
        (block / across * across * 8 + block % across) * 8
    }

    fn lines(&mut self, block: usize) -> impl Iterator<Item = &mut [u8; 8]> {
        let (start, stride) = (self.start(block), self.blocks.0 * 8);
        self.samples[start..].chunks_mut(stride).take(8).filter_map(|row| row.first_chunk_mut::<8>())
    }

    fn unpack(&mut self, block: usize, transform: &Transform) {
        let samples = transform.inverse(&self.coefficients[block]);
        self.lines(block).zip(samples.as_chunks::<8>().0).for_each(|(line, samples)| *line = *samples);
    }

    fn pack(&mut self, block: usize, transform: &Transform) {
        self.coefficients[block] = transform.forward(&self.samples[self.start(block)..], self.blocks.0 * 8);
    }

    /// Repeats the picture's last samples where a block reaches beyond it, as encoding the whole would have done.
    fn repeat_edge(&mut self, block: usize) {
        let (x, y) = (block % self.blocks.0 * 8, block / self.blocks.0 * 8);
        let (columns, rows) = ((self.inside.0 - x).min(8), (self.inside.1 - y).min(8));
        let mut last = [0; 8];
        for (row, line) in self.lines(block).enumerate() {
            if row < rows {
                let edge = line[columns - 1];
                line[columns..].fill(edge);
                last = *line;
            } else {
                *line = last;
            }
        }
    }
}

/// A rectangle of samples: first and one past the last.
struct Area {
    x: (usize, usize),
    y: (usize, usize),
}

impl Area {
    fn is_empty(&self) -> bool {
        self.x.0 >= self.x.1 || self.y.0 >= self.y.1
    }

    /// The blocks that it touches, of rows of so many.
    fn blocks(&self, across: usize) -> impl Iterator<Item = usize> + use<> {
        let (x, y) = if self.is_empty() { ((0, 0), (0, 0)) } else { (self.x, self.y) };
        (y.0 / 8..y.1.div_ceil(8))
            .flat_map(move |row| (x.0 / 8..x.1.div_ceil(8)).map(move |column| row * across + column))
    }
}
