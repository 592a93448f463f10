//! Coverage: how much of each pixel a shape fills, by exact area.

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use kurbo::{Affine, BezPath, PathEl, Shape as _};

/// Coverage of a rectangle of pixels, row by row, 0.0 to 1.0.
#[derive(Clone, Debug, PartialEq)]
pub struct Mask {
    /// Where the rectangle's first column is.
    pub left: i32,
    /// Where its first row is.
    pub top: i32,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Coverage of each pixel.
    pub coverage: Vec<f32>,
}

impl Mask {
    /// A mask that covers nothing, from (0, 0) on.
    #[must_use]
    pub fn empty(width: u32, height: u32) -> Self {
        Self { left: 0, top: 0, width, height, coverage: vec![0.0; width as usize * height as usize] }
    }

    /// The same mask somewhere else.
    #[must_use]
    pub fn at(self, left: i32, top: i32) -> Self {
        Self { left, top, ..self }
    }

    /// The area that a path fills after a transformation. Contours of opposite direction cut holes. What lies
    /// outside the mask is cut off.
    #[must_use]
    pub fn of_path(width: u32, height: u32, path: &BezPath, transform: Affine) -> Self {
        let mut mask = Self::empty(width, height);
        mask.add_path(path, transform);
        mask
    }

    /// Adds the area that a path fills after a transformation.
    fn add_path(&mut self, path: &BezPath, transform: Affine) {
        let path = transform * path;
        let bounds = path.bounding_box();
        let (left, top) = (bounds.x0.floor(), bounds.y0.floor());
        let (columns, rows) = (bounds.x1.ceil() - left, bounds.y1.ceil() - top);
        if !(columns >= 1.0 && rows >= 1.0) {
            return;
        }
        let mut rasterizer = Rasterizer::new(columns as usize + 1, rows as usize + 1);
        fill(&mut rasterizer, &(Affine::translate((-left, -top)) * path));
        self.add(&rasterizer, left as i32, top as i32);
    }

    /// Adds what has been drawn, with its top left corner at a place; what lies outside the mask is cut off.
    pub fn add(&mut self, drawn: &Rasterizer, left: i32, top: i32) {
        let (columns, rows) = drawn.dimensions();
        let (columns, rows) = (columns as i32, rows as i32);
        let (from, to) = (left.max(self.left), (left + columns).min(self.left + self.width as i32));
        let (first, last) = (top.max(self.top), (top + rows).min(self.top + self.height as i32));
        if from >= to || first >= last {
            return;
        }
        let mut areas = vec![0.0; (columns * rows) as usize];
        let mut next = areas.iter_mut();
        drawn.for_each_pixel(|_, area| {
            if let Some(place) = next.next() {
                *place = area;
            }
        });
        for y in first..last {
            let areas = &areas[((y - top) * columns + from - left) as usize..][..(to - from) as usize];
            let start = (y - self.top) as usize * self.width as usize + (from - self.left) as usize;
            for (pixel, area) in self.coverage[start..].iter_mut().zip(areas) {
                *pixel = (*pixel + area).clamp(0.0, 1.0);
            }
        }
    }

    /// Coverage of the row at `y` and where it begins; none outside the mask.
    #[must_use]
    pub fn row(&self, y: i32) -> Option<&[f32]> {
        let row = usize::try_from(y - self.top).ok().filter(|&row| row < self.height as usize)?;
        Some(&self.coverage[row * self.width as usize..][..self.width as usize])
    }
}

fn fill(rasterizer: &mut Rasterizer, path: &BezPath) {
    let convert = |p: kurbo::Point| -> Point { point(p.x as f32, p.y as f32) };
    let (mut start, mut pen) = (point(0.0, 0.0), point(0.0, 0.0));
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(to) => {
                if pen != start {
                    rasterizer.draw_line(pen, start);
                }
                start = convert(to);
                pen = start;
            }
            PathEl::LineTo(to) => {
                rasterizer.draw_line(pen, convert(to));
                pen = convert(to);
            }
            PathEl::QuadTo(control, to) => {
                rasterizer.draw_quad(pen, convert(control), convert(to));
                pen = convert(to);
            }
            PathEl::CurveTo(first, second, to) => {
                rasterizer.draw_cubic(pen, convert(first), convert(second), convert(to));
                pen = convert(to);
            }
            PathEl::ClosePath => {
                if pen != start {
                    rasterizer.draw_line(pen, start);
                }
                pen = start;
            }
        }
    }
    if pen != start {
        rasterizer.draw_line(pen, start);
    }
}
