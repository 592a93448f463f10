//! Two blocks of which badges cover something: made samples, drawn on, and made coefficients again.

use super::block::{Coefficients, Sampled, Samples};
use super::drawing::Drawing;
use super::frame::Place;

/// Draws such blocks, and remembers the last ones of a single value each, of brightness and colour: names stand on many.
#[derive(Default)]
pub struct Covered {
    flat: [(Option<[u8; 2]>, [Coefficients; 2]); 2],
}

/// A pair of blocks of a unit.
pub struct Pair {
    /// Which they are; a block with itself is alone.
    pub places: [Place; 2],
    /// Where each has its first sample.
    pub corners: [(usize, usize); 2],
    /// Which of them badges cover: at least one.
    pub covered: [bool; 2],
    /// Which of them nothing shines through, so that what was found of them does not matter.
    pub hidden: [bool; 2],
}

impl Covered {
    /// Replaces what was found of the covered ones by what is to be seen. `inverse` is also told which two it gets.
    #[inline(always)]
    pub fn draw(
        &mut self,
        drawing: &Drawing<'_>,
        pair: &Pair,
        found: &mut [Coefficients; 2],
        inverse: impl FnOnce([&Coefficients; 2], [usize; 2]) -> Sampled,
        forward: impl FnOnce([Samples<'_>; 2], usize) -> [Coefficients; 2],
    ) {
        let Pair { places, corners, covered, hidden } = pair;
        let colour = usize::from(places[0].0 > 0);
        // Alone, a block goes through the motions twice.
        let both = match covered {
            [true, true] => [0, usize::from(places[0] != places[1])],
            [true, false] => [0, 0],
            _ => [1, 1],
        };
        let mut samples = if hidden[both[0]] && hidden[both[1]] {
            [[0; 64]; 2]
        } else {
            inverse([&found[both[0]], &found[both[1]]], both)
        };
        for (samples, index) in samples.iter_mut().zip(both) {
            drawing.draw(places[index].0, corners[index], samples);
        }
        let values = [samples[0][0], samples[1][0]];
        let is_flat = samples == [[values[0]; 64], [values[1]; 64]];
        let (last, known) = &mut self.flat[colour];
        let drawn = if is_flat && *last == Some(values) {
            *known
        } else {
            let rows = |index: usize| Samples { rows: &samples[index], stride: 8 };
            let drawn = forward([rows(0), rows(1)], colour);
            if is_flat {
                (*last, *known) = (Some(values), drawn);
            }
            drawn
        };
        (found[both[0]], found[both[1]]) = (drawn[0], drawn[1]);
    }
}
