//! Badges ready to be laid on pictures, kept for the next picture: planar for JPEG, premultiplied for PNG.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::badge::{self, Badge, Pixmap};
use crate::layout::Shape;
use crate::settings::{Chroma, Label, Style};

/// One premultiplied channel and what shines through, at one resolution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Width in samples.
    pub width: usize,
    /// Samples, already multiplied by their opacity.
    pub samples: Vec<u8>,
    /// 255 minus the opacity of each sample.
    pub through: Vec<u8>,
}

/// A badge as luma and two colour layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanarSprite {
    /// Y, Cb, Cr.
    pub layers: [Layer; 3],
}

impl Layer {
    /// Height in samples.
    #[must_use]
    pub fn height(&self) -> usize {
        self.samples.len() / self.width.max(1)
    }
}

impl PlanarSprite {
    /// Converts a badge to JPEG's colours; half-resolution colour averages squares of four pixels, counted from
    /// the badge's corner: badges must start at even pixels.
    #[must_use]
    pub fn from_pixmap(pixmap: &Pixmap, chroma: Chroma) -> Self {
        let step = match chroma {
            Chroma::Half => 2,
            Chroma::Full => 1,
        };
        let [luma] = layers(pixmap, 1, [LUMA]);
        let [blue, red] = layers(pixmap, step, [BLUE, RED]);
        Self { layers: [luma, blue, red] }
    }

    fn bytes(&self) -> usize {
        self.layers.iter().map(|layer| layer.samples.len() + layer.through.len()).sum()
    }
}

/// A channel of JPEG's colours: what red, green and blue weigh in it, and what it adds.
type Channel = ([f32; 3], f32);

const LUMA: Channel = ([0.299, 0.587, 0.114], 0.0);
const BLUE: Channel = ([-0.168_735_9, -0.331_264_1, 0.5], 128.0);
const RED: Channel = ([0.5, -0.418_687_6, -0.081_312_4], 128.0);

/// Weighted sums of red, green and blue, averaged over squares of `step` pixels. What lies outside the badge is
/// transparent.
fn layers<const N: usize>(pixmap: &Pixmap, step: usize, channels: [Channel; N]) -> [Layer; N] {
    let (width, height) = (pixmap.width as usize, pixmap.height as usize);
    let (columns, rows) = (width.div_ceil(step), height.div_ceil(step));
    let empty = || vec![0; columns * rows];
    let mut samples = channels.map(|_| empty());
    let mut through = empty();
    let stride = width.max(1) * 4;
    // Badges are flat but for their letters' edges: most rows equal the one above, most squares the one to their left.
    let mut above: &[u8] = &[];
    let mut last = [0u16; 4];
    let (mut values, mut clear) = converted(last, step, channels);
    for (row, lines) in pixmap.rgba.chunks(stride * step).enumerate() {
        let first = row * columns;
        if lines == above {
            for plane in samples.iter_mut().chain([&mut through]) {
                plane.copy_within(first - columns..first, first);
            }
            continue;
        }
        above = lines;
        let (upper, lower) = lines.split_at(stride.min(lines.len()));
        for at in 0..columns {
            let square = at * step * 4..((at + 1) * step * 4).min(stride);
            let mut sum = [0u16; 4];
            for line in [upper, lower] {
                for pixel in line.get(square.clone()).unwrap_or_default().as_chunks::<4>().0 {
                    sum.iter_mut().zip(pixel).for_each(|(sum, &byte)| *sum += u16::from(byte));
                }
            }
            if sum != last {
                last = sum;
                (values, clear) = converted(sum, step, channels);
            }
            for (samples, value) in samples.iter_mut().zip(values) {
                samples[first + at] = value;
            }
            through[first + at] = clear;
        }
    }
    samples.map(|samples| Layer { width: columns, samples, through: through.clone() })
}

/// The channels of a square from the sums of its pixels, and what shines through it.
fn converted<const N: usize>(sum: [u16; 4], step: usize, channels: [Channel; N]) -> ([u8; N], u8) {
    let area = (step * step) as f32;
    let [red, green, blue, opacity] = sum.map(|sum| f32::from(sum) / area);
    let values = channels.map(|(weights, offset)| {
        let value = red * weights[0] + green * weights[1] + blue * weights[2] + offset * opacity / 255.0;
        value.round().clamp(0.0, 255.0) as u8
    });
    (values, 255 - opacity.round() as u8)
}

/// Everything that decides a badge's pixels.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    badge: Badge,
    style: Style,
    label: Label,
    grid: u32,
    label_width: u32,
    value_width: u32,
    value_font: u32,
    chroma: Option<Chroma>,
}

impl Key {
    fn new(badge: &Badge, shape: &Shape, chroma: Option<Chroma>) -> Self {
        Self {
            badge: badge.clone(),
            style: shape.style,
            label: shape.label,
            grid: shape.grid,
            label_width: shape.label_width,
            value_width: shape.value_width,
            // All lengths follow from the scale, and the scale from this one.
            value_font: shape.dimensions.value_font.to_bits(),
            chroma,
        }
    }
}

#[derive(Clone)]
enum Sprite {
    Planar(Arc<PlanarSprite>),
    Pixmap(Arc<Pixmap>),
}

impl Sprite {
    fn bytes(&self) -> usize {
        match self {
            Self::Planar(sprite) => sprite.bytes(),
            Self::Pixmap(pixmap) => pixmap.rgba.len(),
        }
    }
}

/// Drawn badges, the least recently used of which go when there are too many bytes.
pub struct SpriteCache {
    state: Mutex<State>,
}

struct State {
    sprites: HashMap<Key, (Sprite, u64)>,
    bytes: usize,
    max_bytes: usize,
    clock: u64,
}

/// What a kept badge costs beside its samples.
const OVERHEAD: usize = 256;

impl SpriteCache {
    /// A cache of at most so many bytes; 0 keeps nothing.
    #[must_use]
    pub fn new(max_bytes: usize) -> Self {
        Self { state: Mutex::new(State { sprites: HashMap::new(), bytes: 0, max_bytes, clock: 0 }) }
    }

    /// Changes the bound, and drops what no longer fits.
    pub fn resize(&self, max_bytes: usize) {
        let mut state = self.lock();
        state.max_bytes = max_bytes;
        state.shrink();
    }

    /// Bytes in use.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.lock().bytes
    }

    /// The badge for a JPEG.
    pub fn planar(&self, badge: &Badge, shape: &Shape, chroma: Chroma) -> Arc<PlanarSprite> {
        let draw = || {
            let pixmap = badge::draw(badge, shape);
            Sprite::Planar(Arc::new(PlanarSprite::from_pixmap(&pixmap, chroma)))
        };
        match self.get(Key::new(badge, shape, Some(chroma)), draw) {
            Sprite::Planar(sprite) => sprite,
            Sprite::Pixmap(_) => unreachable!("the key names the form"),
        }
    }

    /// The badge for a PNG.
    pub fn pixmap(&self, badge: &Badge, shape: &Shape) -> Arc<Pixmap> {
        match self.get(Key::new(badge, shape, None), || Sprite::Pixmap(Arc::new(badge::draw(badge, shape)))) {
            Sprite::Pixmap(pixmap) => pixmap,
            Sprite::Planar(_) => unreachable!("the key names the form"),
        }
    }

    /// Two threads that miss the same badge both draw it: cheaper than waiting for each other.
    fn get(&self, key: Key, draw: impl FnOnce() -> Sprite) -> Sprite {
        if let Some(sprite) = self.lock().touch(&key) {
            return sprite;
        }
        let sprite = draw();
        self.lock().insert(key, sprite.clone());
        sprite
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        // No code that can panic runs under the lock, so a poisoned state is still whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn touch(&mut self, key: &Key) -> Option<Sprite> {
        self.clock += 1;
        let (sprite, used) = self.sprites.get_mut(key)?;
        *used = self.clock;
        Some(sprite.clone())
    }

    fn insert(&mut self, key: Key, sprite: Sprite) {
        self.bytes += sprite.bytes() + OVERHEAD;
        if let Some((old, _)) = self.sprites.insert(key, (sprite, self.clock)) {
            self.bytes -= old.bytes() + OVERHEAD;
        }
        self.shrink();
    }

    /// Drops the older half at once, so that the search for the oldest is paid once for many badges.
    fn shrink(&mut self) {
        while self.bytes > self.max_bytes && !self.sprites.is_empty() {
            let mut used: Vec<u64> = self.sprites.values().map(|&(_, used)| used).collect();
            let middle = used.len() / 2;
            let (_, &mut median, _) = used.select_nth_unstable(middle);
            self.sprites.retain(|_, (sprite, used)| {
                let stays = *used > median;
                if !stays {
                    self.bytes -= sprite.bytes() + OVERHEAD;
                }
                stays
            });
        }
    }
}
