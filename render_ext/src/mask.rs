//! Coverage: how much of each pixel a shape fills, by exact area.

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use kurbo::{Affine, BezPath, PathEl, Shape as _};

/// Coverage of a rectangle of pixels, row by row, 0.0 to 1.0.
#[derive(Clone, Debug, PartialEq)]
pub struct Mask {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Coverage of each pixel.
    pub coverage: Vec<f32>,
}

impl Mask {
    /// A mask that covers nothing.
    #[must_use]
    pub fn empty(width: u32, height: u32) -> Self {
        Self { width, height, coverage: vec![0.0; width as usize * height as usize] }
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
    pub fn add_path(&mut self, path: &BezPath, transform: Affine) {
        let path = transform * path;
        let bounds = path.bounding_box();
        let (left, top) = (bounds.x0.floor(), bounds.y0.floor());
        let (columns, rows) = (bounds.x1.ceil() - left, bounds.y1.ceil() - top);
        if !(columns >= 1.0 && rows >= 1.0) {
            return;
        }
        let mut rasterizer = Rasterizer::new(columns as usize + 1, rows as usize + 1);
        fill(&mut rasterizer, &(Affine::translate((-left, -top)) * path));
        rasterizer.for_each_pixel_2d(|x, y, area| self.add(left as i32 + x as i32, top as i32 + y as i32, area));
    }

    /// Adds coverage to one pixel; outside the mask nothing happens.
    pub fn add(&mut self, x: i32, y: i32, area: f32) {
        if (0..self.width as i32).contains(&x) && (0..self.height as i32).contains(&y) {
            let pixel = &mut self.coverage[y as usize * self.width as usize + x as usize];
            *pixel = (*pixel + area).clamp(0.0, 1.0);
        }
    }

    /// Adds another mask whose top left corner is at (x, y).
    pub fn add_mask(&mut self, other: &Self, x: i32, y: i32) {
        for (row, line) in other.coverage.chunks_exact(other.width.max(1) as usize).enumerate() {
            for (column, &area) in line.iter().enumerate() {
                self.add(x + column as i32, y + row as i32, area);
            }
        }
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
