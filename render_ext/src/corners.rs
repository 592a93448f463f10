//! Rounded corners.

use crate::badge::Area;
use crate::layout::Shape;

/// The area that rounded corners leave of each pixel of a part.
pub struct Corners {
    area: Area,
    size: (u32, u32),
    radius: u32,
    /// Coverage of a corner's square, counted from the corner inwards.
    square: Vec<f32>,
    /// Columns of the part that are in a corner, from the first to before the last.
    pub left: (usize, usize),
    pub right: (usize, usize),
}

impl Corners {
    /// Those of a badge's shape, as far as a part of it has them.
    pub fn new(shape: &Shape, area: Area) -> Self {
        let size = shape.size();
        let radius = shape.dimensions.radius.min(size.0 / 2).min(size.1 / 2);
        let column = |x: u32| x.saturating_sub(area.x).min(area.width) as usize;
        Self {
            area,
            size,
            radius,
            square: quarter_disc(radius),
            left: (column(0), column(radius)),
            right: (column(size.0 - radius), column(size.0)),
        }
    }

    /// Writes how much of each pixel in the badge's row `y` is inside, where corners are; says whether there are any.
    pub fn row(&self, y: u32, inside: &mut [f32]) -> bool {
        let dy = y.min(self.size.1 - 1 - y);
        if dy >= self.radius {
            return false;
        }
        let corner = &self.square[(dy * self.radius) as usize..][..self.radius as usize];
        for (x, area) in (self.area.x as usize..).zip(&mut inside[..self.left.1]) {
            *area = corner[x];
        }
        for (x, area) in inside.iter_mut().enumerate().take(self.right.1).skip(self.right.0) {
            *area = corner[self.size.0 as usize - 1 - self.area.x as usize - x];
        }
        true
    }
}

/// The area of each pixel inside a corner's quarter disc, counted from the corner inwards.
fn quarter_disc(radius: u32) -> Vec<f32> {
    const STEPS: usize = 16;
    let (r, edge) = (radius as f32, radius as usize);
    let top = |x: f32| r - (r * r - (r - x) * (r - x)).max(0.0).sqrt();
    let columns = |i: usize| (0..edge).map(move |dx| top(dx as f32 + (i as f32 + 0.5) / STEPS as f32));
    let tops: Vec<f32> = (0..STEPS).flat_map(columns).collect();
    let mut square = vec![0.0; edge * edge];
    for (dy, line) in square.chunks_exact_mut(edge.max(1)).enumerate() {
        for tops in tops.chunks_exact(edge) {
            line.iter_mut().zip(tops).for_each(|(area, top)| *area += (dy as f32 + 1.0 - top).clamp(0.0, 1.0));
        }
        line.iter_mut().for_each(|area| *area /= STEPS as f32);
    }
    square
}
