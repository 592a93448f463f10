//! Badges in JPEG's colours.

use crate::badge::Pixmap;
use crate::paint::rounded;
use crate::settings::Chroma;

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

    /// Bytes of all samples.
    #[must_use]
    pub fn bytes(&self) -> usize {
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
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has been asked.
        return unsafe { with_avx2(pixmap, step, channels) };
    }
    portable(pixmap, step, channels)
}

/// The same loops, eight samples at a time.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn with_avx2<const N: usize>(pixmap: &Pixmap, step: usize, channels: [Channel; N]) -> [Layer; N] {
    portable(pixmap, step, channels)
}

#[inline(always)]
fn portable<const N: usize>(pixmap: &Pixmap, step: usize, channels: [Channel; N]) -> [Layer; N] {
    let (width, height) = (pixmap.width as usize, pixmap.height as usize);
    let (columns, rows) = (width.div_ceil(step), height.div_ceil(step));
    let empty = || vec![0; columns * rows];
    let mut samples = channels.map(|_| empty());
    let mut through = empty();
    let stride = width.max(1) * 4;
    let mut sums = Sums { red_blue: vec![0; columns], green_opacity: vec![0; columns] };
    let share = 1.0 / (step * step) as f32;
    // Badges are flat but for their letters' edges: most of a row equals the one above.
    let mut above: &[u8] = &[];
    for (row, lines) in pixmap.rgba.chunks(stride * step).enumerate() {
        let first = row * columns;
        let (from, to) = different(lines, above, stride, step, columns);
        above = lines;
        if row > 0 {
            for plane in samples.iter_mut().chain([&mut through]) {
                plane.copy_within(first - columns..first, first);
            }
        }
        if from >= to {
            continue;
        }
        sums.of(lines, stride, step, (from, to));
        let (first, end) = (first + from, first + to);
        for (clear, &sum) in through[first..end].iter_mut().zip(&sums.green_opacity[from..to]) {
            *clear = 255 - rounded(share * (sum >> 16) as f32) as u8;
        }
        for (plane, &(weights, offset)) in samples.iter_mut().zip(&channels) {
            let both = sums.red_blue[from..to].iter().zip(&sums.green_opacity[from..to]);
            for (sample, (&first, &second)) in plane[first..end].iter_mut().zip(both) {
                let (red, blue) = ((first & 0xffff) as f32 * share, (first >> 16) as f32 * share);
                let (green, opacity) = ((second & 0xffff) as f32 * share, (second >> 16) as f32 * share);
                let value = red * weights[0] + green * weights[1] + blue * weights[2] + offset * opacity / 255.0;
                *sample = rounded(value.clamp(0.0, 255.0)) as u8;
            }
        }
    }
    samples.map(|samples| Layer { width: columns, samples, through: through.clone() })
}

/// Red and blue, green and opacity.
#[inline(always)]
fn halves(pixel: [u8; 4]) -> (i32, i32) {
    let pixel = i32::from_le_bytes(pixel);
    (pixel & MASK as i32, pixel >> 8 & MASK as i32)
}

/// Every other byte.
const MASK: u64 = 0x00ff_00ff_00ff_00ff;

/// Sums of a few pixels each, two channels in one number.
struct Sums {
    red_blue: Vec<i32>,
    green_opacity: Vec<i32>,
}

impl Sums {
    /// Of squares of `step` pixels of as many rows, in columns from the first to before the last.
    #[inline(always)]
    fn of(&mut self, lines: &[u8], stride: usize, step: usize, (from, to): (usize, usize)) {
        if step == 1 {
            let both = self.red_blue[from..to].iter_mut().zip(&mut self.green_opacity[from..to]);
            for ((one, other), pixel) in both.zip(&lines.as_chunks::<4>().0[from..to]) {
                (*one, *other) = halves(*pixel);
            }
            return;
        }
        let (upper, lower) = lines.split_at(stride.min(lines.len()));
        let whole = to.min(if lower.is_empty() { 0 } else { upper.len() / 8 }).max(from);
        let both = self.red_blue[from..whole].iter_mut().zip(&mut self.green_opacity[from..whole]);
        let squares = upper.as_chunks::<8>().0.iter().zip(lower.as_chunks::<8>().0).skip(from);
        for ((one, other), (upper, lower)) in both.zip(squares) {
            let (a, b) = (u64::from_le_bytes(*upper), u64::from_le_bytes(*lower));
            // Two pixels of two channels each in one number.
            let first = (a & MASK) + (b & MASK);
            let second = (a >> 8 & MASK) + (b >> 8 & MASK);
            *one = first as i32 + (first >> 32) as i32;
            *other = second as i32 + (second >> 32) as i32;
        }
        // Squares of which the badge has no more than a part.
        for at in whole..to {
            let inside = [upper, lower].into_iter().flat_map(|line| line.as_chunks().0.iter().skip(at * 2).take(2));
            let sums = inside.fold((0, 0), |sum, pixel| (sum.0 + halves(*pixel).0, sum.1 + halves(*pixel).1));
            (self.red_blue[at], self.green_opacity[at]) = sums;
        }
    }
}

/// The columns in which a row of squares may differ from the one above, from the first to before the last.
#[inline(always)]
fn different(lines: &[u8], above: &[u8], stride: usize, step: usize, columns: usize) -> (usize, usize) {
    if lines.len() != above.len() {
        return (0, columns);
    }
    let (mut from, mut to) = (columns, 0);
    for (line, above) in lines.chunks(stride).zip(above.chunks(stride)) {
        // Eight bytes are two squares of one pixel or one of four.
        let ((line, rest), (above, rest_above)) = (line.as_chunks::<8>(), above.as_chunks::<8>());
        let mut equal = 0;
        while equal < line.len() && line[equal] == above[equal] {
            equal += 1;
        }
        let mut end = line.len();
        while end > equal && line[end - 1] == above[end - 1] {
            end -= 1;
        }
        if rest != rest_above {
            end = line.len() + 1;
        }
        if equal < end {
            (from, to) = (from.min(equal * 2 / step), to.max((end * 2).div_ceil(step)));
        }
    }
    (from, to.min(columns))
}
