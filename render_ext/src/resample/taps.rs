//! Filter weights: which source samples make an output sample, and how much each counts.

use std::cell::RefCell;
use std::f64::consts::PI;
use std::rc::Rc;

use super::WEIGHT_BITS;

/// Lobes of the Lanczos filter.
const LOBES: f64 = 3.0;

/// Tables kept per thread: three planes in two directions, for a few sizes.
const KEPT: usize = 32;

/// How output samples along one axis lie among source samples: output `j` is centred on
/// `origin + (j + 0.5) × step`, counted in source samples whose own centres are at halves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mapping {
    /// Source samples per output sample.
    pub step: f64,
    /// Source position of the first output sample's left edge.
    pub origin: f64,
    /// Source samples that there are.
    pub available: usize,
    /// Output samples.
    pub wanted: usize,
}

impl Mapping {
    /// The first source sample when output samples are source samples, one for one.
    #[must_use]
    pub fn shift(&self) -> Option<usize> {
        let first = self.origin.round();
        let whole = (self.step - 1.0).abs() < 1e-9 && (self.origin - first).abs() < 1e-6 && first >= 0.0;
        (whole && first as usize + self.wanted <= self.available).then_some(first as usize)
    }
}

/// Weights of all output samples along one axis: the same even number for each, from an even source sample.
#[derive(Debug)]
pub struct Taps {
    /// Weights per output sample.
    pub len: usize,
    starts: Vec<usize>,
    weights: Vec<i16>,
}

thread_local! {
    static TABLES: RefCell<Vec<(Mapping, Rc<Taps>)>> = const { RefCell::new(Vec::new()) };
}

impl Taps {
    /// The weights of a mapping, from this thread's recent ones if possible.
    pub fn cached(mapping: &Mapping) -> Rc<Self> {
        TABLES.with_borrow_mut(|tables| {
            if let Some(index) = tables.iter().position(|(known, _)| known == mapping) {
                tables[..=index].rotate_right(1);
            } else {
                tables.truncate(KEPT - 1);
                tables.insert(0, (*mapping, Rc::new(Self::new(mapping))));
            }
            Rc::clone(&tables[0].1)
        })
    }

    /// Works the weights out.
    #[must_use]
    pub fn new(mapping: &Mapping) -> Self {
        let spread = mapping.step.max(1.0);
        let support = LOBES * spread;
        let ranges: Vec<(usize, usize, f64)> = (0..mapping.wanted)
            .map(|j| {
                // Turned pictures may have samples just outside: these are the edge's.
                let centre = (mapping.origin + (j as f64 + 0.5) * mapping.step).clamp(0.0, mapping.available as f64);
                let start = (centre - support).floor().max(0.0) as usize;
                let end = ((centre + support).ceil() as usize).min(mapping.available);
                (start, end, centre)
            })
            .collect();
        let len = ranges.iter().map(|&(start, end, _)| end - start / 2 * 2).max().unwrap_or(2).next_multiple_of(2);
        let mut starts = Vec::with_capacity(mapping.wanted);
        let mut weights = vec![0i16; mapping.wanted * len];
        let mut exact = Vec::with_capacity(len);
        for (&(start, end, centre), weights) in ranges.iter().zip(weights.chunks_exact_mut(len)) {
            exact.clear();
            lanczos((start as f64 + 0.5 - centre) / spread, 1.0 / spread, end - start, &mut exact);
            quantise(&exact, &mut weights[start % 2..]);
            starts.push(start / 2 * 2);
        }
        Self { len, starts, weights }
    }

    /// First source sample and weights of an output sample.
    #[must_use]
    pub fn of(&self, output: usize) -> (usize, &[i16]) {
        (self.starts[output], &self.weights[output * self.len..][..self.len])
    }

    /// Output samples.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.starts.len()
    }

    /// The source samples that any output needs, from an even one to before an even one, which may lie past the last.
    #[must_use]
    pub fn reach(&self) -> (usize, usize) {
        let first = self.starts.iter().copied().min().unwrap_or(0);
        let last = self.starts.iter().copied().max().unwrap_or(0);
        (first, last + self.len)
    }
}

/// Values of the Lanczos filter at `count` points `step` apart. The angles are rotated from point to point: sines cost
/// more than the rest of a small picture.
fn lanczos(first: f64, step: f64, count: usize, values: &mut Vec<f64>) {
    let (mut sin, mut cos) = (PI * first).sin_cos();
    let (turn_sin, turn_cos) = (PI * step).sin_cos();
    let (mut slow_sin, mut slow_cos) = (PI * first / LOBES).sin_cos();
    let (slow_turn_sin, slow_turn_cos) = (PI * step / LOBES).sin_cos();
    for index in 0..count {
        let x = first + index as f64 * step;
        values.push(if x.abs() < 1e-8 {
            1.0
        } else if x.abs() >= LOBES {
            0.0
        } else {
            LOBES * sin * slow_sin / (PI * PI * x * x)
        });
        (sin, cos) = (sin * turn_cos + cos * turn_sin, cos * turn_cos - sin * turn_sin);
        (slow_sin, slow_cos) =
            (slow_sin * slow_turn_cos + slow_cos * slow_turn_sin, slow_cos * slow_turn_cos - slow_sin * slow_turn_sin);
    }
}

/// Whole weights whose sum is exactly 1: each rounding error is carried to the next weight.
fn quantise(exact: &[f64], weights: &mut [i16]) {
    let one = f64::from(1 << WEIGHT_BITS);
    let sum: f64 = exact.iter().sum();
    let scale = if sum.abs() > 1e-9 { one / sum } else { 0.0 };
    let (mut carried, mut total) = (0.0, 0i32);
    let mut largest = 0;
    for (index, (&value, weight)) in exact.iter().zip(weights.iter_mut()).enumerate() {
        let wanted = value * scale + carried;
        let whole = wanted.round();
        carried = wanted - whole;
        *weight = whole as i16;
        total += whole as i32;
        if exact[largest] < value {
            largest = index;
        }
    }
    weights[largest] += ((1 << WEIGHT_BITS) - total) as i16;
}
