//! Where badges stand and how large they are: pure arithmetic, no pixels.

use crate::badge::Badge;
use crate::error::{RenderError, Result};
use crate::settings::{Direction, Kind, Label, Position, Settings, Size, Style};
use crate::source::Source;
use crate::text;

/// More badges than there are sources, and few enough for any sum of their sizes.
const MOST_BADGES: usize = 64;

/// Every length of a badge, in pixels, each scaled and rounded on its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dimensions {
    /// Height of a horizontal badge.
    pub height: u32,
    /// Padding on both sides of the label.
    pub label_padding: u32,
    /// Padding left of the value; right of it stands half of it and 2 pixels.
    pub value_padding: u32,
    /// Corner radius.
    pub radius: u32,
    /// Edge of the icon's square.
    pub icon: u32,
    /// Width of a vertical badge.
    pub vertical_width: u32,
    /// Padding above the label and below the value of a vertical badge.
    pub vertical_padding: u32,
    /// Gap between label and value of a vertical badge.
    pub vertical_gap: u32,
    /// Height of the label's font from ascent to descent, unrounded.
    pub label_font: f32,
    /// Height of the value's font from ascent to descent, unrounded.
    pub value_font: f32,
    /// Gap between badges in a row.
    pub badge_gap: u32,
    /// Gap between rows, and between badges in a column.
    pub row_gap: u32,
    /// Free space above badges at the top of a poster.
    pub top_margin: u32,
    /// Free space below badges at the bottom of a poster.
    pub bottom_margin: u32,
    /// Free space beside badges at the side of a poster.
    pub side_margin: u32,
    /// Gap between a logo and its badges.
    pub logo_gap: u32,
    /// Free space above and right of a backdrop's badges.
    pub backdrop_margin: u32,
}

impl Dimensions {
    /// The lengths for badges `scale` times as large as at medium size.
    #[must_use]
    pub fn at_scale(scale: f32) -> Self {
        let scaled = |base: f32| (base * scale).round() as u32;
        Self {
            height: scaled(50.0),
            label_padding: scaled(14.0),
            value_padding: scaled(10.0),
            radius: scaled(10.0),
            icon: scaled(48.0),
            vertical_width: scaled(76.0),
            vertical_padding: scaled(8.0),
            vertical_gap: scaled(4.0),
            label_font: 21.0 * scale,
            value_font: 28.0 * scale,
            badge_gap: scaled(10.0),
            row_gap: scaled(7.0),
            top_margin: scaled(20.0),
            bottom_margin: scaled(10.0),
            side_margin: scaled(15.0),
            logo_gap: scaled(15.0),
            backdrop_margin: scaled(20.0),
        }
    }

    /// The lengths for a kind of picture at a size.
    pub fn of(kind: Kind, size: Size) -> Result<Self> {
        Ok(Self::at_scale(kind.badge_scale(size)?))
    }

    /// The lengths with gaps rounded up to whole steps of a grid, so that equal gaps stay equal on it.
    fn on_grid(self, grid: u32) -> Self {
        Self { badge_gap: self.badge_gap.next_multiple_of(grid), row_gap: self.row_gap.next_multiple_of(grid), ..self }
    }

    /// Whole pixels of the label's font.
    #[must_use]
    pub fn label_font_floor(&self) -> u32 {
        self.label_font as u32
    }

    /// Whole pixels of the value's font.
    #[must_use]
    pub fn value_font_floor(&self) -> u32 {
        self.value_font as u32
    }
}

/// The shape that all badges of one picture share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// The lengths in use.
    pub dimensions: Dimensions,
    /// `Horizontal` or `Vertical`, never `Default`.
    pub style: Style,
    /// Icons or names.
    pub label: Label,
    /// Width in pixels of the label's box in a horizontal badge.
    pub label_width: u32,
    /// Width in pixels of the value's box in a horizontal badge.
    pub value_width: u32,
    /// Pixels that every edge of a badge, and the joint inside it, lies on multiples of.
    pub grid: u32,
}

impl Shape {
    /// The shape that fits these badges.
    pub fn of(kind: Kind, badges: &[Badge], settings: &Settings) -> Result<Self> {
        let grid = kind.grid();
        let dimensions = Dimensions::of(kind, settings.size)?.on_grid(grid);
        let widest = |width: &dyn Fn(&Badge) -> u32| -> u32 { badges.iter().map(width).max().unwrap_or_default() };
        let label_width = match settings.label {
            Label::Icon => dimensions.icon,
            Label::Text => widest(&|badge| text::width(badge.source.label(), dimensions.label_font)),
        };
        Ok(Self {
            dimensions,
            style: settings.resolved_style(kind),
            label: settings.label,
            label_width: label_width.next_multiple_of(grid),
            value_width: widest(&|badge| text::width(&badge.value, dimensions.value_font)),
            grid,
        })
    }

    /// Width and height in pixels of every badge of this shape.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        let d = &self.dimensions;
        let (width, height) = match self.style {
            Style::Vertical => {
                let label = match self.label {
                    Label::Icon => d.icon,
                    Label::Text => d.label_font_floor(),
                };
                (d.vertical_width, 2 * d.vertical_padding + label + d.vertical_gap + d.value_font_floor())
            }
            _ => {
                let paddings = 2 * d.label_padding + d.value_padding + d.value_padding / 2 + 2;
                (self.label_width + self.value_width + paddings, d.height)
            }
        };
        (width.next_multiple_of(self.grid), height.next_multiple_of(self.grid))
    }

    /// Where the value's part starts: x in a horizontal badge, y in a vertical one.
    #[must_use]
    pub fn joint(&self) -> u32 {
        let d = &self.dimensions;
        let joint = match (self.style, self.label) {
            (Style::Vertical, Label::Icon) => d.vertical_padding + d.icon + d.vertical_gap / 2,
            (Style::Vertical, Label::Text) => d.vertical_padding + d.label_font_floor() + d.vertical_gap / 2,
            _ => self.label_width + 2 * d.label_padding,
        };
        joint.next_multiple_of(self.grid)
    }
}

/// One badge's place on the canvas, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whose badge it is.
    pub source: Source,
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Width, not yet cut off by the canvas.
    pub width: u32,
    /// Height, not yet cut off by the canvas.
    pub height: u32,
}

/// All badges' places, and the canvas they stand on.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Width of the output in pixels; a logo's may grow for wide rows.
    pub width: u32,
    /// Height of the output in pixels; a logo's grows by its strip of badges.
    pub height: u32,
    /// The shape of each badge.
    pub shape: Shape,
    /// One place for each badge, in order.
    pub places: Vec<Place>,
}

/// Places badges on a poster or backdrop of the given size, or below a logo of the given size.
///
/// On posters and backdrops every badge starts and ends at even pixels, so that its edges meet the edges of
/// half-resolution colour samples; sizes and gaps are rounded up for it, and a block's corner is rounded down.
pub fn arrange(kind: Kind, width: u32, height: u32, badges: &[Badge], settings: &Settings) -> Result<Layout> {
    if badges.len() > MOST_BADGES {
        return Err(RenderError::bad_settings(format!("at most {MOST_BADGES} badges are drawn")));
    }
    let shape = Shape::of(kind, badges, settings)?;
    let mut layout = Layout { width, height, shape, places: Vec::with_capacity(badges.len()) };
    if badges.is_empty() {
        return Ok(layout);
    }
    let origins = match kind {
        Kind::Logo => {
            let block = Rows::of(&shape, badges.len());
            layout.width = width.max(block.widest());
            layout.height = height + shape.dimensions.logo_gap + block.height();
            block.origins(height + shape.dimensions.logo_gap, |row| (layout.width - row) / 2)
        }
        Kind::Backdrop => backdrop_column(width, &shape, badges.len()),
        Kind::Poster => match settings.resolved_direction() {
            Direction::Vertical => poster_column(width, height, &shape, badges.len(), settings.position),
            _ => poster_rows(width, height, &shape, badges.len(), settings.position),
        },
    };
    let (badge_width, badge_height) = shape.size();
    layout.places.extend(badges.iter().zip(origins).map(|(badge, (x, y))| Place {
        source: badge.source,
        x: x / shape.grid * shape.grid,
        y: y / shape.grid * shape.grid,
        width: badge_width,
        height: badge_height,
    }));
    Ok(layout)
}

/// Rows of equal badges: at most three wide ones or five narrow ones, the last row may be shorter.
struct Rows {
    badge: (u32, u32),
    badge_gap: u32,
    row_gap: u32,
    per_row: usize,
    count: usize,
}

impl Rows {
    fn of(shape: &Shape, count: usize) -> Self {
        let per_row = if shape.style == Style::Vertical { 5 } else { 3 };
        let Dimensions { badge_gap, row_gap, .. } = shape.dimensions;
        Self { badge: shape.size(), badge_gap, row_gap, per_row, count }
    }

    fn row_width(&self, badges: usize) -> u32 {
        let badges = badges as u32;
        badges * self.badge.0 + badges.saturating_sub(1) * self.badge_gap
    }

    fn widest(&self) -> u32 {
        self.row_width(self.per_row.min(self.count))
    }

    fn height(&self) -> u32 {
        let rows = self.count.div_ceil(self.per_row) as u32;
        rows * self.badge.1 + rows.saturating_sub(1) * self.row_gap
    }

    /// Top left corners, with each row's left edge chosen from its width.
    fn origins(&self, top: u32, left: impl Fn(u32) -> u32) -> Vec<(u32, u32)> {
        (0..self.count)
            .map(|index| {
                let (row, column) = (index / self.per_row, (index % self.per_row) as u32);
                let in_row = self.per_row.min(self.count - row * self.per_row);
                let x = left(self.row_width(in_row)) + column * (self.badge.0 + self.badge_gap);
                (x, top + row as u32 * (self.badge.1 + self.row_gap))
            })
            .collect()
    }
}

fn poster_rows(width: u32, height: u32, shape: &Shape, count: usize, position: Position) -> Vec<(u32, u32)> {
    let rows = Rows::of(shape, count);
    let top = poster_top(height, rows.height(), shape, position);
    rows.origins(top, |row| poster_left(width, row, shape, position))
}

fn poster_column(width: u32, height: u32, shape: &Shape, count: usize, position: Position) -> Vec<(u32, u32)> {
    let (badge_width, badge_height) = shape.size();
    let step = badge_height + shape.dimensions.row_gap;
    let top = poster_top(height, count as u32 * step - shape.dimensions.row_gap, shape, position);
    let left = poster_left(width, badge_width, shape, position);
    (0..count as u32).map(|index| (left, top + index * step)).collect()
}

fn poster_top(height: u32, block: u32, shape: &Shape, position: Position) -> u32 {
    if position.is_top() {
        shape.dimensions.top_margin
    } else if position.is_bottom() {
        height.saturating_sub(block + shape.dimensions.bottom_margin)
    } else {
        height.saturating_sub(block) / 2
    }
}

fn poster_left(width: u32, block: u32, shape: &Shape, position: Position) -> u32 {
    if position.is_left() {
        shape.dimensions.side_margin
    } else if position.is_right() {
        width.saturating_sub(block + shape.dimensions.side_margin)
    } else {
        width.saturating_sub(block) / 2
    }
}

fn backdrop_column(width: u32, shape: &Shape, count: usize) -> Vec<(u32, u32)> {
    let (badge_width, badge_height) = shape.size();
    let Dimensions { backdrop_margin: margin, row_gap, .. } = shape.dimensions;
    let left = width.saturating_sub(badge_width + margin);
    (0..count as u32).map(|index| (left, margin + index * (badge_height + row_gap))).collect()
}
