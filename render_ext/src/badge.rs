//! One badge, drawn: rounded, coloured, with its icon or name and its value in white.

use crate::corners::Corners;
use crate::icon;
use crate::layout::Shape;
use crate::mask::Mask;
use crate::paint::{self, Coat, Row};
use crate::settings::{Label, Style};
use crate::source::Source;
use crate::text::{self, Line};

/// Opacity of the black behind a value.
const VALUE_OPACITY: f32 = 200.0 / 255.0;

/// White letters on dark look thinner than they are when blended in stored values; this exponent gives half-covered
/// pixels back the weight that they lose. Not for icons: it would fill their cut-outs.
const WHITE_ON_DARK: f32 = 0.8;

/// A rating to show.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Badge {
    /// Who rates.
    pub source: Source,
    /// What the font can draw of the rating.
    pub value: String,
}

impl Badge {
    /// A badge for any text: what the font cannot draw is left out, what is too long is cut. None when nothing is left
    /// to read: a box that says nothing is worse than no box.
    #[must_use]
    pub fn new(source: Source, value: &str) -> Option<Self> {
        text::drawable(value).map(|value| Self { source, value })
    }
}

/// Pixels with premultiplied alpha, RGBA, 8 bit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixmap {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Four bytes per pixel, row by row.
    pub rgba: Vec<u8>,
}

/// A badge is drawn as two parts that know nothing of each other: badges of one source have the same name, many badges the
/// same value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Icon or name on the source's colour.
    Name,
    /// The value on see-through black.
    Value,
}

/// A rectangle of a badge, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// First column.
    pub x: u32,
    /// First row.
    pub y: u32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl Part {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Name, Self::Value];

    /// What it has of a badge.
    #[must_use]
    pub fn area(self, shape: &Shape) -> Area {
        let ((width, height), joint) = (shape.size(), shape.joint());
        match (self, shape.style) {
            (Self::Name, Style::Vertical) => Area { x: 0, y: 0, width, height: joint.min(height) },
            (Self::Name, _) => Area { x: 0, y: 0, width: joint.min(width), height },
            (Self::Value, Style::Vertical) => Area { x: 0, y: joint, width, height: height.saturating_sub(joint) },
            (Self::Value, _) => Area { x: joint, y: 0, width: width.saturating_sub(joint), height },
        }
    }

    /// Draws it.
    #[must_use]
    pub fn draw(self, badge: &Badge, shape: &Shape) -> Pixmap {
        let area = self.area(shape);
        let (width, height) = (area.width as usize, area.height as usize);
        let coat = match self {
            Self::Name => Coat { colour: badge.source.colour().map(f32::from), opacity: 1.0 },
            Self::Value => Coat { colour: [0.0; 3], opacity: VALUE_OPACITY },
        };
        let white = match (self, shape.label) {
            (Self::Name, Label::Icon) => icon(badge.source, shape),
            (Self::Name, Label::Text) => letters(&name(badge, shape), area),
            (Self::Value, _) => letters(&value(badge, shape), area),
        };
        let mut bare = [[0; 4]];
        paint::paint(coat, &Row { over: &[0.0], inside: &[1.0] }, &mut bare);
        let mut rgba = bare[0].repeat(width * height);
        // The columns of all that is not flat, from the first to before the last.
        let corners = Corners::new(shape, area);
        let inked = {
            let column = |x: i32| (x - area.x as i32).clamp(0, area.width as i32) as usize;
            (column(white.left), column(white.left + white.width as i32))
        };
        let (mut over, mut inside, whole) = (vec![0.0; width], vec![1.0; width], vec![1.0; width]);
        for (y, line) in (area.y..).zip(rgba.chunks_exact_mut(width.max(1) * 4)) {
            let line = line.as_chunks_mut::<4>().0;
            let row = white.row(y as i32);
            if let Some(row) = row {
                let skipped = (area.x as i32 - white.left).max(0) as usize;
                over[inked.0..inked.1].copy_from_slice(&row[skipped..][..inked.1 - inked.0]);
            } else {
                over[inked.0..inked.1].fill(0.0);
            }
            let round = corners.row(y, &mut inside);
            let inside = if round { &inside } else { &whole };
            let spans = [row.map(|_| inked), round.then_some(corners.left), round.then_some(corners.right)];
            for (from, to) in spans.into_iter().flatten() {
                paint::paint(coat, &Row { over: &over[from..to], inside: &inside[from..to] }, &mut line[from..to]);
            }
        }
        Pixmap { width: area.width, height: area.height, rgba }
    }
}

/// Draws a badge of the given shape.
#[must_use]
pub fn draw(badge: &Badge, shape: &Shape) -> Pixmap {
    let (width, height) = shape.size();
    let mut rgba = vec![0; (width * height * 4) as usize];
    for part in Part::ALL {
        let (area, drawn) = (part.area(shape), part.draw(badge, shape));
        let lines = rgba.chunks_exact_mut(width as usize * 4).skip(area.y as usize);
        for (line, drawn) in lines.zip(drawn.rgba.chunks_exact(area.width.max(1) as usize * 4)) {
            line[area.x as usize * 4..][..drawn.len()].copy_from_slice(drawn);
        }
    }
    Pixmap { width, height, rgba }
}

/// Where something of a width and a height stands in the middle of the name's part.
fn amid_name(shape: &Shape, width: u32, height: u32) -> (u32, u32) {
    let whole = shape.size();
    if shape.style == Style::Vertical {
        (whole.0.saturating_sub(width) / 2, shape.joint().saturating_sub(height) / 2)
    } else {
        (shape.dimensions.label_padding + (shape.label_width - width) / 2, whole.1.saturating_sub(height) / 2)
    }
}

fn icon(source: Source, shape: &Shape) -> Mask {
    let edge = shape.dimensions.icon;
    let (x, y) = amid_name(shape, edge, edge);
    icon::mask(source, edge).at(x as i32, y as i32)
}

fn name(badge: &Badge, shape: &Shape) -> Line {
    let (d, name) = (&shape.dimensions, badge.source.label());
    let (x, y) = amid_name(shape, text::width(name, d.label_font), d.label_font_floor());
    Line::new(name, d.label_font, x as f32, y as f32)
}

fn value(badge: &Badge, shape: &Shape) -> Line {
    let (d, (width, height)) = (&shape.dimensions, shape.size());
    let value_width = text::width(&badge.value, d.value_font);
    let (x, y) = if shape.style == Style::Vertical {
        (width.saturating_sub(value_width) / 2, shape.joint() + d.vertical_padding / 2)
    } else {
        (
            shape.joint() + d.value_padding + (shape.value_width - value_width) / 2,
            height.saturating_sub(d.value_font_floor()) / 2,
        )
    };
    Line::new(&badge.value, d.value_font, x as f32, y as f32)
}

/// The coverage of letters, as far as they lie in an area.
fn letters(line: &Line, Area { x, y, width, height }: Area) -> Mask {
    let mut mask = line.mask((x as i32, y as i32), ((x + width) as i32, (y + height) as i32));
    // Most pixels are empty or full, and stay what they are; of the others many equal the one before.
    let (mut last, mut heavier) = (0.0, 0.0);
    for area in mask.coverage.iter_mut().filter(|area| **area > 0.0 && **area < 1.0) {
        if *area != last {
            (last, heavier) = (*area, area.powf(WHITE_ON_DARK));
        }
        *area = heavier;
    }
    mask
}
