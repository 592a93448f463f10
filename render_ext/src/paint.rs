//! White on a colour, pixel by pixel, by loops for which compilers find the processor's wide instructions.

/// What is below the white.
#[derive(Clone, Copy, Debug)]
pub struct Coat {
    /// Red, green and blue, 0 to 255.
    pub colour: [f32; 3],
    /// 0 to 1.
    pub opacity: f32,
}

/// A row of a part of a badge: for each pixel the coverage of what is white, and the area inside the badge.
pub struct Row<'a> {
    /// White, 0 to 1.
    pub over: &'a [f32],
    /// Inside, 0 to 1.
    pub inside: &'a [f32],
}

/// Paints a row of premultiplied pixels.
pub fn paint(coat: Coat, row: &Row<'_>, pixels: &mut [[u8; 4]]) {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has been asked.
        return unsafe { with_avx2(coat, row, pixels) };
    }
    portable(coat, row, pixels);
}

/// The same loop, eight pixels at a time.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn with_avx2(coat: Coat, row: &Row<'_>, pixels: &mut [[u8; 4]]) {
    portable(coat, row, pixels);
}

#[inline(always)]
fn portable(Coat { colour, opacity }: Coat, row: &Row<'_>, pixels: &mut [[u8; 4]]) {
    let [red, green, blue] = colour.map(|channel| channel * opacity);
    for ((pixel, &over), &inside) in pixels.iter_mut().zip(row.over).zip(row.inside) {
        // Spelt out: arrays of closures are calls here.
        let bare = 1.0 - over;
        let red = rounded((red * bare + 255.0 * over) * inside);
        let green = rounded((green * bare + 255.0 * over) * inside);
        let blue = rounded((blue * bare + 255.0 * over) * inside);
        let alpha = rounded(255.0 * (opacity * bare + over) * inside);
        *pixel = (red | green << 8 | blue << 16 | alpha << 24).to_le_bytes();
    }
}

/// The nearest whole number to one of 0 to 255, halves upwards.
#[inline(always)]
pub fn rounded(value: f32) -> u32 {
    /// From here on floating point numbers are whole ones, and the last bits of their mantissa are those of the number.
    const WHOLE: f32 = 8_388_608.0;
    let whole = value + WHOLE;
    let bits = whole.to_bits() & 0xff;
    // Halves have become even.
    bits + u32::from(value - (whole - WHOLE) >= 0.5)
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn numbers_are_rounded_as_the_library_rounds_them() {
        let halves = (0..256u32).flat_map(|whole| {
            let half = (whole as f32 + 0.5).to_bits();
            (half - 3..=half + 3).map(f32::from_bits)
        });
        let all = (0..=255_000u32).map(|value| value as f32 / 1000.0).chain(halves.filter(|&value| value < 255.5));
        for value in all {
            assert_eq!(rounded(value), value.round() as u32, "{value}");
        }
    }
}
