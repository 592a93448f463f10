//! What to draw: every choice that changes a pixel.

use crate::error::{RenderError, Result};

/// Declares an enum whose variants have the short names that URLs, cache keys and Python use.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident, $what:literal, { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every variant, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name that people and URLs use.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// Reads the name that people and URLs use.
            pub fn parse(text: &str) -> Result<Self> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(RenderError::bad_settings(format!(
                        concat!($what, " is one of {}"), [$($text),+].join(", ")
                    ))),
                }
            }
        }
    };
}

choice!(
    /// The kind of picture.
    Kind, "kind", {
        /// Tall art, JPEG.
        Poster = "poster",
        /// A title's lettering on transparency, PNG; badges stand below it.
        Logo = "logo",
        /// Wide art, JPEG; badges stand in the top right corner.
        Backdrop = "backdrop",
    }
);

choice!(
    /// How large the output is; the width in pixels depends on the kind.
    Size, "size", {
        /// Backdrops only.
        Small = "small",
        /// The usual size, whose badge scale is 1.
        Medium = "medium",
        /// For large screens.
        Large = "large",
        /// The size of originals.
        VeryLarge = "very-large",
    }
);

choice!(
    /// Where a poster's badges stand.
    Position, "position", {
        /// Left, in the middle of the height.
        Left = "l",
        /// Right, in the middle of the height.
        Right = "r",
        /// Top left.
        TopLeft = "tl",
        /// Top, centred.
        TopCentre = "tc",
        /// Top right.
        TopRight = "tr",
        /// Bottom left.
        BottomLeft = "bl",
        /// Bottom, centred.
        BottomCentre = "bc",
        /// Bottom right.
        BottomRight = "br",
    }
);

choice!(
    /// The shape of one badge.
    Style, "style", {
        /// Label left, value right.
        Horizontal = "h",
        /// Label on top, value below.
        Vertical = "v",
        /// Whatever suits the kind and the direction.
        Default = "d",
    }
);

choice!(
    /// What names the source on a badge.
    Label, "label", {
        /// The source's icon.
        Icon = "i",
        /// The source's short name.
        Text = "t",
    }
);

choice!(
    /// How a poster's badges are arranged.
    Direction, "direction", {
        /// In rows.
        Horizontal = "h",
        /// In one column.
        Vertical = "v",
        /// Rows at top and bottom centre, else a column.
        Default = "d",
    }
);

choice!(
    /// How art meets the output size.
    Fit, "fit", {
        /// Posters and backdrops have exact sizes: art covers the box, centred, and the overhang is cut.
        Cover = "cover",
        /// Only the width is fixed; the height follows the art.
        Native = "native",
    }
);

choice!(
    /// Colour resolution of JPEGs.
    Chroma, "chroma", {
        /// One colour sample for four pixels: smaller and faster.
        Half = "420",
        /// One colour sample per pixel.
        Full = "444",
    }
);

choice!(
    /// How the picture is encoded.
    Encoding, "encoding", {
        /// JPEG for posters and backdrops, PNG for logos.
        Usual = "usual",
        /// Lossless WebP where it is smaller than PNG, which it nearly always is; for logos.
        WebP = "webp",
    }
);

impl Position {
    /// Whether badges start at the top edge.
    #[must_use]
    pub fn is_top(self) -> bool {
        self.as_str().starts_with('t')
    }

    /// Whether badges end at the bottom edge.
    #[must_use]
    pub fn is_bottom(self) -> bool {
        self.as_str().starts_with('b')
    }

    /// Whether badges start at the left edge.
    #[must_use]
    pub fn is_left(self) -> bool {
        self.as_str().ends_with('l')
    }

    /// Whether badges end at the right edge.
    #[must_use]
    pub fn is_right(self) -> bool {
        self.as_str().ends_with('r')
    }
}

impl Kind {
    /// Width in pixels of the output at this size; `small` exists for backdrops alone.
    pub fn width(self, size: Size) -> Result<u32> {
        Ok(match (self, size) {
            (Self::Poster, Size::Medium) => 580,
            (Self::Poster, Size::Large) => 1280,
            (Self::Poster, Size::VeryLarge) => 2000,
            (Self::Logo, Size::Medium) => 780,
            (Self::Logo, Size::Large) => 1722,
            (Self::Logo, Size::VeryLarge) => 2689,
            (Self::Backdrop, Size::Small) => 1280,
            (Self::Backdrop, Size::Medium) => 1920,
            (Self::Backdrop, Size::Large | Size::VeryLarge) => 3840,
            (kind, Size::Small) => {
                return Err(RenderError::bad_settings(format!(
                    "size small is for backdrops, not for a {}",
                    kind.as_str()
                )));
            }
        })
    }

    /// Height in pixels of the output at this size: exact for posters and backdrops, nominal for logos.
    pub fn height(self, size: Size) -> Result<u32> {
        Ok(match (self, self.width(size)?) {
            (Self::Poster, 580) => 859,
            (Self::Poster, 1280) => 1896,
            (Self::Poster, _) => 2962,
            (Self::Logo, 780) => 244,
            (Self::Logo, 1722) => 539,
            (Self::Logo, _) => 841,
            (Self::Backdrop, width) => width / 16 * 9,
        })
    }

    /// Pixels that badges' edges lie on multiples of: JPEGs keep one colour sample for squares of two.
    #[must_use]
    pub const fn grid(self) -> u32 {
        match self {
            Self::Logo => 1,
            Self::Poster | Self::Backdrop => 2,
        }
    }

    /// How much larger than at medium size badges are drawn.
    pub fn badge_scale(self, size: Size) -> Result<f32> {
        Ok(self.width(size)? as f32 / self.width(Size::Medium)? as f32)
    }
}

/// Every choice that changes a pixel, apart from art and badges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Settings {
    /// Output size.
    pub size: Size,
    /// Where a poster's badges stand.
    pub position: Position,
    /// Shape of one badge.
    pub style: Style,
    /// Icons or names.
    pub label: Label,
    /// Rows or a column.
    pub direction: Direction,
    /// Exact size or the art's own height.
    pub fit: Fit,
    /// Colour resolution of JPEGs.
    pub chroma: Chroma,
    /// JPEG quality, 1 to 100; with `max_bytes` the highest that is tried.
    pub quality: u8,
    /// Most bytes of a JPEG, 0 for any number: quality falls until the file fits, but not below a floor.
    pub max_bytes: u32,
    /// The usual encoding of the kind, or another.
    pub encoding: Encoding,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            size: Size::Medium,
            position: Position::BottomCentre,
            style: Style::Default,
            label: Label::Icon,
            direction: Direction::Default,
            fit: Fit::Cover,
            chroma: Chroma::Half,
            quality: 85,
            max_bytes: 0,
            encoding: Encoding::Usual,
        }
    }
}

impl Settings {
    /// Fails for an encoding that the kind does not come in.
    pub fn check(&self, kind: Kind) -> Result<()> {
        if self.encoding == Encoding::WebP && kind != Kind::Logo {
            return Err(RenderError::bad_settings(format!("encoding webp is for logos, not for a {}", kind.as_str())));
        }
        Ok(())
    }

    /// The direction of a poster's badges, with `default` resolved by the position.
    #[must_use]
    pub fn resolved_direction(&self) -> Direction {
        match (self.direction, self.position) {
            (Direction::Default, Position::BottomCentre | Position::TopCentre) => Direction::Horizontal,
            (Direction::Default, _) => Direction::Vertical,
            (given, _) => given,
        }
    }

    /// The shape of a badge, with `default` resolved: a poster's follows the direction.
    #[must_use]
    pub fn resolved_style(&self, kind: Kind) -> Style {
        match (self.style, kind, self.resolved_direction()) {
            (Style::Default, Kind::Logo, _) | (Style::Default, Kind::Poster, Direction::Horizontal) => {
                Style::Horizontal
            }
            (Style::Default, _, _) => Style::Vertical,
            (given, _, _) => given,
        }
    }
}
