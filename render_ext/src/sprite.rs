//! Badges ready to be laid on pictures, kept for the next picture: planar for JPEG, premultiplied for PNG.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::badge::{Badge, Part, Pixmap};
use crate::layout::Shape;
pub use crate::planar::{Layer, PlanarSprite};
use crate::settings::{Chroma, Label, Style};
use crate::source::Source;

/// A badge, or a part of one, and its top left corner in pixels.
pub type Placed<T> = (Arc<T>, u32, u32);

/// Everything that decides the pixels of a badge's part.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    written: Written,
    style: Style,
    label: Label,
    grid: u32,
    label_width: u32,
    value_font: u32,
    chroma: Option<Chroma>,
}

/// What is written on a part.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Written {
    /// The icon or the name of a source.
    Name(Source),
    /// A value, where the widest of them is so wide.
    Value(String, u32),
}

impl Key {
    fn new(part: Part, badge: &Badge, shape: &Shape, chroma: Option<Chroma>) -> Self {
        // Vertical badges are as wide as they are, whatever is on them.
        let across = |width: u32| if shape.style == Style::Vertical { 0 } else { width };
        Self {
            written: match part {
                Part::Name => Written::Name(badge.source),
                Part::Value => Written::Value(badge.value.clone(), across(shape.value_width)),
            },
            style: shape.style,
            label: shape.label,
            grid: shape.grid,
            label_width: across(shape.label_width),
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

    /// The parts of a badge at a place, for a JPEG.
    pub fn planar(
        &self,
        badge: &Badge,
        shape: &Shape,
        chroma: Chroma,
        (x, y): (u32, u32),
    ) -> [Placed<PlanarSprite>; 2] {
        Part::ALL.map(|part| {
            let draw = || Sprite::Planar(Arc::new(PlanarSprite::from_pixmap(&part.draw(badge, shape), chroma)));
            let area = part.area(shape);
            match self.get(Key::new(part, badge, shape, Some(chroma)), draw) {
                Sprite::Planar(sprite) => (sprite, x + area.x, y + area.y),
                Sprite::Pixmap(_) => unreachable!("the key names the form"),
            }
        })
    }

    /// The parts of a badge at a place, for a PNG.
    pub fn pixmaps(&self, badge: &Badge, shape: &Shape, (x, y): (u32, u32)) -> [Placed<Pixmap>; 2] {
        Part::ALL.map(|part| {
            let area = part.area(shape);
            let draw = || Sprite::Pixmap(Arc::new(part.draw(badge, shape)));
            match self.get(Key::new(part, badge, shape, None), draw) {
                Sprite::Pixmap(pixmap) => (pixmap, x + area.x, y + area.y),
                Sprite::Planar(_) => unreachable!("the key names the form"),
            }
        })
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
