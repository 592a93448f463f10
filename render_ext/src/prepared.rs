//! Pictures that wait for their badges: everything of a render that does not depend on ratings, done once.
//!
//! A poster or backdrop waits as a JPEG with restart intervals, a logo as the compressed rows of a PNG. Laying badges on
//! it costs a tenth of drawing it anew, and two renders of one prepared picture differ in nothing but badges.

use crate::badge::Badge;
use crate::error::{RenderError, Result};
use crate::jpeg::{Frame, Scan, Spliced, budget};
use crate::layout::{self, Layout};
use crate::limits::Limits;
use crate::picture::Rgba;
use crate::png::Head;
use crate::render::sprites;
use crate::settings::{Chroma, Encoding, Fit, Kind, Settings, Size};
use crate::{RENDERER_EPOCH, blend, decode};

/// A picture without badges, at its final size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    kind: Kind,
    terms: Terms,
    content: Content,
}

/// The settings that a prepared picture has been made for; the others are free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Terms {
    size: Size,
    fit: Fit,
    chroma: Chroma,
    quality: u8,
    max_bytes: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Content {
    Jpeg(Scan),
    Png(Head),
}

impl Terms {
    /// What matters of some settings: nothing of JPEG for a logo.
    fn of(kind: Kind, settings: &Settings) -> Self {
        let &Settings { size, fit, chroma, quality, max_bytes, .. } = settings;
        let Settings { chroma: any_chroma, quality: any_quality, .. } = Settings::default();
        match kind {
            Kind::Logo => Self { size, fit, chroma: any_chroma, quality: any_quality, max_bytes: 0 },
            _ => Self { size, fit, chroma, quality, max_bytes },
        }
    }
}

impl Prepared {
    pub(crate) fn of_scan(kind: Kind, settings: &Settings, scan: Scan) -> Self {
        Self { kind, terms: Terms::of(kind, settings), content: Content::Jpeg(scan) }
    }

    pub(crate) fn of_logo(settings: &Settings, logo: &Rgba) -> Self {
        Self { kind: Kind::Logo, terms: Terms::of(Kind::Logo, settings), content: Content::Png(Head::new(logo)) }
    }

    /// The kind of picture.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Width and height in pixels; a logo's without the strip for badges.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        match &self.content {
            Content::Jpeg(scan) => (scan.frame.width, scan.frame.height),
            Content::Png(head) => (head.width, head.height),
        }
    }

    /// Bytes in memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match &self.content {
            Content::Jpeg(scan) => scan.bytes(),
            Content::Png(head) => head.deflated.len(),
        }
    }

    /// Whether pictures with these settings can be made of this one.
    #[must_use]
    pub fn fits(&self, settings: &Settings) -> bool {
        self.terms == Terms::of(self.kind, settings)
    }

    /// The picture with badges; fails for settings that it does not fit.
    pub fn render(&self, badges: &[Badge], settings: &Settings) -> Result<Vec<u8>> {
        Ok(match self.draw(badges, settings)? {
            Drawn::Spliced(picture) => picture.to_vec(),
            Drawn::Whole(picture) => picture,
        })
    }

    /// The same, perhaps still in parts.
    pub fn draw(&self, badges: &[Badge], settings: &Settings) -> Result<Drawn<'_>> {
        if !self.fits(settings) {
            return Err(RenderError::bad_settings("the picture was prepared for other settings"));
        }
        settings.check(self.kind)?;
        let (width, height) = self.size();
        let layout = layout::arrange(self.kind, width, height, badges, settings)?;
        Limits::current().check_size(u64::from(layout.width), u64::from(layout.height))?;
        match &self.content {
            Content::Jpeg(scan) => on_jpeg(self.kind, scan, &layout, badges, settings),
            Content::Png(head) => on_png(head, &layout, badges, settings).map(Drawn::Whole),
        }
    }
}

/// A finished picture.
#[derive(Debug)]
pub enum Drawn<'a> {
    /// Parts, most of them of the prepared picture.
    Spliced(Spliced<'a>),
    /// In one piece.
    Whole(Vec<u8>),
}

impl Drawn<'_> {
    /// Bytes of the file.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::Spliced(picture) => picture.size(),
            Self::Whole(picture) => picture.len(),
        }
    }

    /// Writes the file to exactly as much room as it needs.
    pub fn write(&self, target: &mut [u8]) {
        match self {
            Self::Spliced(picture) => picture.write(target),
            Self::Whole(picture) => target.copy_from_slice(picture),
        }
    }
}

fn on_jpeg<'a>(
    kind: Kind,
    scan: &'a Scan,
    layout: &Layout,
    badges: &[Badge],
    settings: &Settings,
) -> Result<Drawn<'a>> {
    let sprites = crate::render::planar(badges, layout, settings);
    let drawn = scan.with_sprites(&sprites)?;
    let Settings { max_bytes, .. } = *settings;
    if max_bytes == 0 || drawn.size() <= max_bytes as usize || scan.quality <= budget::LOWEST_QUALITY {
        return Ok(Drawn::Spliced(drawn));
    }
    // Badges took more room than was left for them.
    let mut canvas = scan.decode()?;
    sprites.iter().for_each(|(sprite, x, y)| blend::onto_canvas(&mut canvas, sprite, *x, *y));
    crate::render::encode(kind, &canvas, &Settings { quality: scan.quality - 1, ..*settings }).map(Drawn::Whole)
}

fn on_png(head: &Head, layout: &Layout, badges: &[Badge], settings: &Settings) -> Result<Vec<u8>> {
    let (width, below) = (layout.width as usize, layout.height - head.height);
    let mut pixels = vec![0; width * below as usize * 4];
    for (badge, place) in badges.iter().zip(&layout.places) {
        for (pixmap, x, y) in sprites().pixmaps(badge, &layout.shape, (place.x, place.y - head.height)) {
            blend::onto_rgba(&mut pixels, width, &pixmap, x, y);
        }
    }
    if layout.width == head.width {
        let png = head.with_rows(&pixels);
        if settings.encoding == Encoding::Usual {
            return Ok(png);
        }
        // WebP has no rows that can be kept.
        let whole = decode::to_rgba(decode::decode(&png)?);
        return Ok(crate::render::smaller(crate::webp::encode(&whole)?, png));
    }
    // A row of badges is wider than the logo: its rows become longer, which is rare.
    let logo = decode::to_rgba(decode::decode(&head.with_rows(&[]))?);
    let mut whole = crate::render::centred(&logo, layout.width, head.height);
    whole.extend(pixels);
    crate::render::encode_logo(&Rgba { width: layout.width, height: layout.height, pixels: whole }, settings)
}

const MAGIC: &[u8; 4] = b"OPDR";
const FIELDS: usize = 32;

impl Prepared {
    /// Bytes that `from_bytes` reads, of this version of the renderer alone.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let (width, height) = self.size();
        let Terms { size, fit, chroma, quality, max_bytes } = self.terms;
        let (used, extra, data) = match &self.content {
            Content::Jpeg(scan) => (scan.quality, 0, scan.data()),
            Content::Png(head) => (quality, head.adler, head.deflated.as_slice()),
        };
        let mut out = Vec::with_capacity(FIELDS + data.len() + 4);
        out.extend(MAGIC);
        out.extend((RENDERER_EPOCH as u16).to_le_bytes());
        out.extend([index(Kind::ALL, self.kind), index(Size::ALL, size), index(Fit::ALL, fit)]);
        out.extend([index(Chroma::ALL, chroma), quality, used]);
        for number in [max_bytes, width, height, extra] {
            out.extend(number.to_le_bytes());
        }
        out.extend([0; 4]);
        out.extend_from_slice(data);
        sealed(out)
    }

    /// Settings that this picture fits.
    #[must_use]
    pub fn settings(&self) -> Settings {
        let Terms { size, fit, chroma, quality, max_bytes } = self.terms;
        Settings { size, fit, chroma, quality, max_bytes, ..Settings::default() }
    }

    /// The same bytes with the right checksum at their end; none when they are too few.
    #[doc(hidden)]
    #[must_use]
    pub fn seal(data: &[u8]) -> Option<Vec<u8>> {
        data.split_last_chunk::<4>().map(|(data, _)| sealed(data.to_vec()))
    }

    /// Reads what `to_bytes` wrote. The bytes may come from anywhere: every field is checked here, intervals when badges
    /// are laid on them.
    pub fn from_bytes(kind: Kind, data: &[u8]) -> Result<Self> {
        let broken = |what: &str| RenderError::corrupt(format!("not a prepared {}: {what}", kind.as_str()));
        let limits = Limits::current();
        // No compressed picture is larger than its pixels.
        if data.len() as u64 > limits.pixels.saturating_mul(5) {
            return Err(RenderError::too_large("a prepared picture of too many bytes"));
        }
        let (data, sum) = data.split_last_chunk::<4>().ok_or_else(|| broken("too short"))?;
        let (fields, content) = data.split_first_chunk::<FIELDS>().ok_or_else(|| broken("too short"))?;
        if !fields.starts_with(MAGIC) || u16::from_le_bytes([fields[4], fields[5]]) != RENDERER_EPOCH as u16 {
            return Err(broken("made by something else"));
        }
        if crc32fast::hash(data) != u32::from_le_bytes(*sum) {
            return Err(broken("the checksum is wrong"));
        }
        let number = |at: usize| u32::from_le_bytes([fields[at], fields[at + 1], fields[at + 2], fields[at + 3]]);
        let [quality, used] = [fields[10], fields[11]];
        let found = (
            item(Kind::ALL, fields[6]).filter(|&found| found == kind),
            item(Size::ALL, fields[7]).filter(|&size| kind.width(size).is_ok()),
            item(Fit::ALL, fields[8]),
            item(Chroma::ALL, fields[9]),
        );
        let (Some(_), Some(size), Some(fit), Some(chroma)) = found else { return Err(broken("unknown settings")) };
        let (max_bytes, width, height, extra) = (number(12), number(16), number(20), number(24));
        if !(1..=100).contains(&quality) || !(1..=quality).contains(&used) {
            return Err(broken("an impossible quality"));
        }
        limits.check_size(u64::from(width), u64::from(height))?;
        let exact = fit == Fit::Cover && kind != Kind::Logo;
        if width != kind.width(size)? || (exact && height != kind.height(size)?) {
            return Err(broken("an impossible size"));
        }
        let settings = Settings { size, fit, chroma, quality, max_bytes, ..Settings::default() };
        let content = match kind {
            Kind::Logo => Content::Png(Head { width, height, adler: extra, deflated: content.to_vec() }),
            _ => Content::Jpeg(Scan::read(Frame::of(kind, width, height, chroma), used, content.to_vec())?),
        };
        Ok(Self { kind, terms: Terms::of(kind, &settings), content })
    }
}

fn sealed(mut data: Vec<u8>) -> Vec<u8> {
    let sum = crc32fast::hash(&data);
    data.extend(sum.to_le_bytes());
    data
}

fn index<T: PartialEq>(all: &[T], item: T) -> u8 {
    all.iter().position(|each| *each == item).unwrap_or_default() as u8
}

fn item<T: Copy>(all: &[T], index: u8) -> Option<T> {
    all.get(usize::from(index)).copied()
}
