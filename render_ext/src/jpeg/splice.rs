//! Badges on a JPEG that is there already: intervals that no badge touches are copied byte for byte, and in the others
//! only the blocks under badges are decoded, drawn on and encoded again.

use std::ops::Range;
use std::sync::Arc;

use super::block::Transform;
use super::drawing::Drawing;
use super::frame::{Frame, transforms};
use super::{encode, strip};
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
        Self::of_parts(frame, quality, data, starts)
    }

    /// Intervals as they have just been written.
    pub(super) fn of_parts(frame: Frame, quality: u8, data: Vec<u8>, starts: Vec<u32>) -> Self {
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
    pub fn with_sprites(&self, sprites: &Sprites) -> Result<Spliced<'_>> {
        self.drawn_by(sprites, strip::draw)
    }

    /// The same by way of what draws on one interval.
    pub(super) fn drawn_by(&self, sprites: &Sprites, draw: strip::Draw) -> Result<Spliced<'_>> {
        let transforms = transforms(self.quality);
        let mut drawn = Vec::with_capacity(self.data.len() / 8 + 4096);
        self.frame.header(&transforms, &mut drawn);
        let mut spliced = Spliced { kept: &self.data, drawn, cuts: Vec::new() };
        let mut drawing = Drawing::new(self.frame, sprites);
        for interval in 0..self.frame.intervals() {
            if drawing.move_to(interval) {
                let range = self.range(interval);
                spliced.cuts.push(Cut { drawn: spliced.drawn.len(), kept: range.clone() });
                draw(&self.data[range], &drawing, &transforms, &mut spliced.drawn)?;
            }
        }
        spliced.cuts.push(Cut { drawn: spliced.drawn.len(), kept: self.data.len()..self.data.len() });
        self.frame.footer(&mut spliced.drawn);
        Ok(spliced)
    }

    /// The whole picture in samples.
    pub fn decode(&self) -> Result<Canvas> {
        let transforms: [Transform; 2] = transforms(self.quality);
        let frame = &self.frame;
        let mut canvas =
            Canvas { width: frame.width, height: frame.height, chroma_step: frame.step, ..Canvas::default() };
        for plane in 0..3 {
            let (width, height) = frame.plane_size(plane);
            canvas.planes[plane] = vec![0; width * height];
        }
        for interval in 0..frame.intervals() {
            strip::read(&self.data[self.range(interval)], frame, interval, &transforms, &mut canvas)?;
        }
        Ok(canvas)
    }

    /// An interval without the markers around it.
    fn range(&self, interval: usize) -> Range<usize> {
        let end = self.starts.get(interval + 1).map_or(self.data.len(), |&next| next as usize - 2);
        self.starts[interval] as usize..end
    }
}

/// A JPEG with badges as what is kept of the one without, and what is drawn: large pictures are copied once, to where they
/// are wanted.
#[derive(Debug)]
pub struct Spliced<'a> {
    kept: &'a [u8],
    /// The header, the intervals that badges touch, the footer.
    drawn: Vec<u8>,
    cuts: Vec<Cut>,
}

/// A place where what is kept is interrupted.
#[derive(Debug)]
struct Cut {
    /// Where what is drawn goes on.
    drawn: usize,
    /// What it stands for.
    kept: Range<usize>,
}

impl Spliced<'_> {
    /// The parts in their order.
    fn parts(&self) -> impl Iterator<Item = &[u8]> {
        let starts = [(0, 0)].into_iter().chain(self.cuts.iter().map(|cut| (cut.drawn, cut.kept.end)));
        let ends = self.cuts.iter().map(|cut| (cut.drawn, cut.kept.start));
        starts.zip(ends.chain([(self.drawn.len(), self.kept.len())])).flat_map(|((drawn, kept), (to, until))| {
            // What is drawn comes before what is kept behind it.
            [&self.drawn[drawn..to], &self.kept[kept..until]]
        })
    }

    /// Bytes of the file.
    #[must_use]
    pub fn size(&self) -> usize {
        self.parts().map(<[u8]>::len).sum()
    }

    /// Writes the file to exactly as much room as it needs.
    pub fn write(&self, mut target: &mut [u8]) {
        for part in self.parts() {
            let (here, rest) = target.split_at_mut(part.len());
            here.copy_from_slice(part);
            target = rest;
        }
    }

    /// The file.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        let mut file = Vec::with_capacity(self.size());
        self.parts().for_each(|part| file.extend_from_slice(part));
        file
    }
}
