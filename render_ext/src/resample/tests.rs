use proptest::prelude::*;

use super::*;

fn plane(width: usize, height: usize, seed: u64) -> Plane {
    let mut state = seed | 1;
    let samples = (0..width * height)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        })
        .collect();
    Plane::of_pixels(samples, width as u32, height as u32)
}

fn run(kernel: Kernel, source: &Plane, columns: &Mapping, rows: &Mapping) -> Vec<u8> {
    let mut out = vec![0; columns.wanted * rows.wanted];
    resample(kernel, source, columns, rows, &mut out);
    out
}

/// The definition, in double precision.
fn exact(source: &Plane, columns: &Mapping, rows: &Mapping) -> Vec<f64> {
    let weights = |mapping: &Mapping, j: usize| -> Vec<(usize, f64)> {
        let spread = mapping.step.max(1.0);
        let centre = mapping.origin + (j as f64 + 0.5) * mapping.step;
        let sinc = |x: f64| if x == 0.0 { 1.0 } else { (std::f64::consts::PI * x).sin() / (std::f64::consts::PI * x) };
        let all: Vec<(usize, f64)> = (0..mapping.available)
            .map(|i| (i, (i as f64 + 0.5 - centre) / spread))
            .filter(|&(_, x)| x.abs() < 3.0)
            .map(|(i, x)| (i, sinc(x) * sinc(x / 3.0)))
            .collect();
        let sum: f64 = all.iter().map(|&(_, weight)| weight).sum();
        all.into_iter().map(|(i, weight)| (i, weight / sum)).collect()
    };
    let mut out = Vec::new();
    for y in 0..rows.wanted {
        let down = weights(rows, y);
        for x in 0..columns.wanted {
            let across = weights(columns, x);
            let value: f64 = down
                .iter()
                .map(|&(j, v)| v * across.iter().map(|&(i, h)| h * f64::from(source.row(j)[i])).sum::<f64>())
                .sum();
            out.push(value.clamp(0.0, 255.0));
        }
    }
    out
}

fn whole(available: usize, wanted: usize) -> Mapping {
    Mapping { step: available as f64 / wanted as f64, origin: 0.0, available, wanted }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_kernel_gives_the_same_samples(
        (width, height) in (1usize..150, 1usize..60),
        (wanted_width, wanted_height) in (1usize..150, 1usize..60),
        seed in any::<u64>(),
    ) {
        let source = plane(width, height, seed);
        let (columns, rows) = (whole(width, wanted_width), whole(height, wanted_height));
        prop_assert_eq!(
            run(Kernel::Scalar, &source, &columns, &rows),
            run(Kernel::detect(), &source, &columns, &rows)
        );
    }

    #[test]
    fn samples_are_within_one_of_the_definition(
        (width, height) in (1usize..60, 1usize..40),
        (wanted_width, wanted_height) in (1usize..60, 1usize..40),
        seed in any::<u64>(),
    ) {
        let source = plane(width, height, seed);
        let (columns, rows) = (whole(width, wanted_width), whole(height, wanted_height));
        let got = run(Kernel::detect(), &source, &columns, &rows);
        for (got, wanted) in got.into_iter().zip(exact(&source, &columns, &rows)) {
            prop_assert!((f64::from(got) - wanted).abs() <= 1.0, "{} against {}", got, wanted);
        }
    }

    #[test]
    fn a_flat_picture_stays_flat(
        value in any::<u8>(), available in 1usize..4000, wanted in 1usize..400, origin in -3.0f64..3.0,
    ) {
        let source = Plane::of_pixels(vec![value; available], available as u32, 1);
        let columns = Mapping { origin, ..whole(available, wanted) };
        let got = run(Kernel::detect(), &source, &columns, &whole(1, 1));
        prop_assert!(got.iter().all(|&sample| sample == value));
    }

    #[test]
    fn weights_add_up_to_one(available in 1usize..9000, wanted in 1usize..300, origin in -5.0f64..5.0) {
        let taps = Taps::new(&Mapping { origin, ..whole(available, wanted) });
        for output in 0..wanted {
            let (start, weights) = taps.of(output);
            prop_assert!(start % 2 == 0 && start < available);
            prop_assert_eq!(weights.iter().map(|&weight| i32::from(weight)).sum::<i32>(), 1 << WEIGHT_BITS);
        }
    }
}

#[test]
fn equal_sizes_copy_samples() {
    let source = plane(37, 21, 7);
    assert_eq!(run(Kernel::detect(), &source, &whole(37, 37), &whole(21, 21)), source.samples);
}

#[test]
fn a_cut_at_equal_size_copies_the_middle() {
    let source = plane(40, 30, 9);
    let columns = Mapping { step: 1.0, origin: 5.0, available: 40, wanted: 20 };
    let got = run(Kernel::detect(), &source, &columns, &whole(30, 30));
    let wanted: Vec<u8> = (0..30).flat_map(|y| source.row(y)[5..25].to_vec()).collect();
    assert_eq!(got, wanted);
}
