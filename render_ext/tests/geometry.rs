//! Sizes and places of badges, against the control values of the specification.

use openposterdb_render::badge::Badge;
use openposterdb_render::layout::{Dimensions, Layout, Place, Shape, arrange};
use openposterdb_render::render::window;
use openposterdb_render::settings::{Direction, Fit, Kind, Label, Position, Settings, Size, Style};
use openposterdb_render::source::Source;
use openposterdb_render::text;
use proptest::prelude::*;
use proptest::sample::select;

const SAMPLES: [&str; 8] = ["8.5", "85%", "92%", "87%", "78", "80%", "4.2", "8.50"];

fn samples(count: usize) -> Vec<Badge> {
    Source::ALL.into_iter().zip(SAMPLES).take(count).map(|(source, value)| Badge::new(source, value).unwrap()).collect()
}

fn three() -> Vec<Badge> {
    vec![
        Badge::new(Source::MyAnimeList, "8.70").unwrap(),
        Badge::new(Source::Imdb, "8.2").unwrap(),
        Badge::new(Source::Letterboxd, "3.8").unwrap(),
    ]
}

fn settings(size: Size, style: Style, label: Label) -> Settings {
    Settings { size, style, label, ..Settings::default() }
}

fn badge_size(kind: Kind, size: Size, style: Style, label: Label, badges: &[Badge]) -> (u32, u32) {
    Shape::of(kind, badges, &settings(size, style, label)).unwrap().size()
}

#[test]
fn advances_are_inter_bolds() {
    let units = [
        ('0', 1381),
        ('1', 883),
        ('2', 1290),
        ('3', 1322),
        ('4', 1385),
        ('5', 1274),
        ('6', 1330),
        ('7', 1191),
        ('8', 1333),
        ('9', 1330),
        ('.', 684),
        ('%', 2080),
        ('/', 795),
        ('A', 1529),
        ('B', 1355),
        ('C', 1515),
        ('D', 1479),
        ('I', 575),
        ('K', 1473),
        ('L', 1158),
        ('M', 1908),
        ('N', 1561),
        ('R', 1345),
        ('T', 1367),
        ('a', 1189),
        ('b', 1291),
        ('k', 1188),
        ('r', 834),
        ('t', 750),
    ];
    for (character, units) in units {
        assert_eq!(text::advance(character), units as f32, "{character}");
    }
}

#[test]
fn text_widths_match_the_control_values() {
    let labels =
        [("IMDb", 45), ("TMDB", 52), ("RTC", 36), ("RTA", 36), ("MC", 30), ("Trakt", 46), ("LB", 22), ("MAL", 39)];
    for (label, width) in labels {
        assert_eq!(text::width(label, 21.0), width, "{label}");
    }
    let values = [("8.5", 38), ("85%", 53), ("92%", 54), ("80%", 55), ("100%", 65), ("78", 29), ("8.50", 53)];
    for (value, width) in values {
        assert_eq!(text::width(value, 28.0), width, "{value}");
    }
}

#[test]
fn dimensions_match_the_table() {
    let row = |kind, size| {
        let d = Dimensions::of(kind, size).unwrap();
        [
            d.height,
            d.label_padding,
            d.value_padding,
            d.radius,
            d.icon,
            d.vertical_width,
            d.vertical_padding,
            d.vertical_gap,
            d.label_font_floor(),
            d.value_font_floor(),
        ]
    };
    let medium = [50, 14, 10, 10, 48, 76, 8, 4, 21, 28];
    for kind in Kind::ALL {
        assert_eq!(row(*kind, Size::Medium), medium);
    }
    assert_eq!(row(Kind::Poster, Size::Large), [110, 31, 22, 22, 106, 168, 18, 9, 46, 61]);
    assert_eq!(row(Kind::Poster, Size::VeryLarge), [172, 48, 34, 34, 166, 262, 28, 14, 72, 96]);
    assert_eq!(row(Kind::Logo, Size::Large), [110, 31, 22, 22, 106, 168, 18, 9, 46, 61]);
    assert_eq!(row(Kind::Logo, Size::VeryLarge), [172, 48, 34, 34, 165, 262, 28, 14, 72, 96]);
    assert_eq!(row(Kind::Backdrop, Size::Small), [33, 9, 7, 7, 32, 51, 5, 3, 14, 18]);
    assert_eq!(row(Kind::Backdrop, Size::Large), [100, 28, 20, 20, 96, 152, 16, 8, 42, 56]);
    assert_eq!(row(Kind::Backdrop, Size::VeryLarge), row(Kind::Backdrop, Size::Large));
}

#[test]
fn gaps_and_margins_match_the_table() {
    let poster = |size| {
        let d = Dimensions::of(Kind::Poster, size).unwrap();
        [d.badge_gap, d.row_gap, d.top_margin, d.bottom_margin, d.side_margin]
    };
    assert_eq!(poster(Size::Medium), [10, 7, 20, 10, 15]);
    assert_eq!(poster(Size::Large), [22, 15, 44, 22, 33]);
    assert_eq!(poster(Size::VeryLarge), [34, 24, 69, 34, 52]);
    let logo = |size| {
        let d = Dimensions::of(Kind::Logo, size).unwrap();
        [d.badge_gap, d.row_gap, d.logo_gap]
    };
    assert_eq!(
        [logo(Size::Medium), logo(Size::Large), logo(Size::VeryLarge)],
        [[10, 7, 15], [22, 15, 33], [34, 24, 52]]
    );
    let backdrop = |size| {
        let d = Dimensions::of(Kind::Backdrop, size).unwrap();
        [d.backdrop_margin, d.row_gap]
    };
    assert_eq!([backdrop(Size::Small), backdrop(Size::Medium), backdrop(Size::Large)], [[13, 5], [20, 7], [40, 14]]);
}

#[test]
/// The control values, rounded up to even numbers on JPEGs.
fn horizontal_badges_are_as_wide_as_the_control_values() {
    let width = |size, label, badges: &[Badge]| badge_size(Kind::Poster, size, Style::Horizontal, label, badges).0;
    assert_eq!(width(Size::Medium, Label::Text, &samples(8)), 152);
    assert_eq!(width(Size::Medium, Label::Icon, &samples(8)), 148);
    let sizes = [Size::Medium, Size::Large, Size::VeryLarge];
    assert_eq!(sizes.map(|size| width(size, Label::Icon, &three())), [146, 318, 494]);
    assert_eq!(sizes.map(|size| width(size, Label::Text, &three())), [144, 312, 482]);
}

#[test]
fn vertical_badges_match_the_table() {
    let row = |kind, size, label| {
        let shape = Shape::of(kind, &samples(3), &settings(size, Style::Vertical, label)).unwrap();
        let (width, height) = shape.size();
        (width, height, shape.joint())
    };
    assert_eq!(row(Kind::Poster, Size::Medium, Label::Icon), (76, 96, 58));
    assert_eq!(row(Kind::Poster, Size::Large, Label::Icon), (168, 212, 128));
    assert_eq!(row(Kind::Poster, Size::VeryLarge, Label::Icon), (262, 332, 202));
    assert_eq!(row(Kind::Logo, Size::VeryLarge, Label::Icon), (262, 331, 200));
    assert_eq!(row(Kind::Backdrop, Size::Small, Label::Icon), (52, 64, 38));
    assert_eq!(row(Kind::Backdrop, Size::Large, Label::Icon), (152, 192, 116));
    assert_eq!(row(Kind::Poster, Size::Medium, Label::Text), (76, 70, 32));
    assert_eq!(row(Kind::Poster, Size::Large, Label::Text), (168, 152, 68));
    assert_eq!(row(Kind::Poster, Size::VeryLarge, Label::Text), (262, 238, 108));
    assert_eq!(row(Kind::Backdrop, Size::Small, Label::Text), (52, 46, 20));
    assert_eq!(row(Kind::Backdrop, Size::Large, Label::Text), (152, 138, 62));
}

#[test]
fn a_logos_strip_has_the_control_sizes() {
    for (size, art, whole) in [
        (Size::Medium, (780, 234), (780, 345)),
        (Size::Large, (1722, 517), (1722, 762)),
        (Size::VeryLarge, (2689, 807), (2689, 1190)),
    ] {
        let settings = settings(size, Style::Vertical, Label::Icon);
        assert_eq!(window(Kind::Logo, (400, 120), &settings).unwrap().size, art);
        let layout = arrange(Kind::Logo, art.0, art.1, &samples(5), &settings).unwrap();
        assert_eq!((layout.width, layout.height), whole);
    }
}

#[test]
fn styles_and_directions_resolve_as_documented() {
    for &position in Position::ALL {
        let settings = Settings { position, ..Settings::default() };
        let centred = matches!(position, Position::TopCentre | Position::BottomCentre);
        let wanted =
            if centred { (Direction::Horizontal, Style::Horizontal) } else { (Direction::Vertical, Style::Vertical) };
        assert_eq!((settings.resolved_direction(), settings.resolved_style(Kind::Poster)), wanted, "{position:?}");
        assert_eq!(settings.resolved_style(Kind::Logo), Style::Horizontal);
        assert_eq!(settings.resolved_style(Kind::Backdrop), Style::Vertical);
        let rows = Settings { direction: Direction::Horizontal, ..settings };
        assert_eq!(rows.resolved_style(Kind::Poster), Style::Horizontal);
    }
}

#[test]
fn covering_art_is_scaled_evenly_and_cut_in_the_middle() {
    let found = window(Kind::Poster, (1000, 1500), &Settings::default()).unwrap();
    assert_eq!((found.scaled, found.offset, found.size), ((580, 870), (0, 5), (580, 859)));
    let wide = window(Kind::Poster, (2000, 1000), &Settings::default()).unwrap();
    assert_eq!((wide.scaled, wide.offset, wide.size), ((1718, 859), (569, 0), (580, 859)));
}

#[test]
fn native_art_keeps_its_shape() {
    let native = Settings { fit: Fit::Native, ..Settings::default() };
    assert_eq!(window(Kind::Poster, (1000, 1426), &native).unwrap().size, (580, 827));
    assert_eq!(window(Kind::Poster, (500, 750), &native).unwrap().size, (580, 870));
    assert_eq!(window(Kind::Logo, (100, 200), &native).unwrap().size, (780, 1560));
}

#[test]
fn tall_logos_are_fitted_into_a_square() {
    let found = window(Kind::Logo, (300, 600), &Settings::default()).unwrap();
    assert_eq!((found.scaled, found.size), ((390, 780), (780, 780)));
}

#[test]
fn small_is_for_backdrops_alone() {
    assert!(Kind::Poster.width(Size::Small).is_err());
    assert!(Kind::Logo.width(Size::Small).is_err());
    assert_eq!(Kind::Backdrop.width(Size::Small), Ok(1280));
}

#[test]
fn values_that_the_font_cannot_write_are_bounded() {
    assert_eq!(Badge::new(Source::Imdb, "八.二 8.2\n").unwrap().value, ". 8.2");
    assert_eq!(Badge::new(Source::Imdb, "一二三"), None);
    assert_eq!(Badge::new(Source::Imdb, " \u{a0}\t"), None);
    let long = Badge::new(Source::Imdb, &"9".repeat(100_000)).unwrap();
    assert_eq!(long.value, "999999999…");
}

fn any_settings() -> impl Strategy<Value = Settings> {
    (
        select(&[Size::Medium, Size::Large, Size::VeryLarge][..]),
        select(Position::ALL),
        select(Style::ALL),
        select(Label::ALL),
        select(Direction::ALL),
    )
        .prop_map(|(size, position, style, label, direction)| Settings {
            size,
            position,
            style,
            label,
            direction,
            ..Settings::default()
        })
}

fn arranged(kind: Kind, count: usize, settings: &Settings) -> Layout {
    let (width, height) = (kind.width(settings.size).unwrap(), kind.height(settings.size).unwrap());
    arrange(kind, width, height, &samples(count), settings).unwrap()
}

proptest! {
    #[test]
    fn badges_never_overlap(kind in select(Kind::ALL), count in 0usize..=8, settings in any_settings()) {
        let places = arranged(kind, count, &settings).places;
        prop_assert_eq!(places.len(), count);
        for (index, a) in places.iter().enumerate() {
            for b in &places[index + 1..] {
                let apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
                prop_assert!(apart, "{:?} and {:?}", a, b);
            }
        }
    }

    #[test]
    fn badges_stand_inside_what_is_large_enough(count in 0usize..=8, settings in any_settings()) {
        for kind in [Kind::Logo, Kind::Poster] {
            // Five badges in a column are the most that the product puts on a poster's side.
            let count = if kind == Kind::Poster { count.min(5) } else { count };
            let layout = arranged(kind, count, &settings);
            for place in &layout.places {
                prop_assert!(place.x + place.width <= layout.width && place.y + place.height <= layout.height, "{:?}", place);
            }
        }
    }

    #[test]
    fn badges_on_jpegs_have_even_edges_and_equal_gaps(count in 1usize..=8, settings in any_settings()) {
        for kind in [Kind::Poster, Kind::Backdrop] {
            let layout = arranged(kind, count, &settings);
            let places = layout.places;
            prop_assert!(places.iter().all(|place| (place.x | place.y | place.width | place.height) % 2 == 0));
            prop_assert!(layout.shape.joint().is_multiple_of(2));
            for along in [|a: &Place| (a.y, a.x), |a: &Place| (a.x, a.y)] {
                let lined = places.windows(2).filter(|pair| along(&pair[0]).0 == along(&pair[1]).0);
                let mut steps: Vec<u32> = lined.map(|pair| along(&pair[1]).1 - along(&pair[0]).1).collect();
                steps.dedup();
                prop_assert!(steps.len() <= 1, "{:?}", steps);
            }
        }
    }

    #[test]
    fn any_canvas_and_any_text_can_be_arranged(
        kind in select(Kind::ALL), width in 1u32..5000, height in 1u32..5000, values in prop::collection::vec(".*", 0..8),
        settings in any_settings(),
    ) {
        let badges: Vec<Badge> = values.iter().filter_map(|value| Badge::new(Source::Imdb, value)).collect();
        prop_assert_eq!(arrange(kind, width, height, &badges, &settings).unwrap().places.len(), badges.len());
    }

    #[test]
    fn cover_always_fills_the_exact_size(
        kind in select(&[Kind::Poster, Kind::Backdrop][..]), width in 1u32..9000, height in 1u32..9000, settings in any_settings(),
    ) {
        let found = window(kind, (width, height), &settings).unwrap();
        prop_assert_eq!(found.size, (kind.width(settings.size).unwrap(), kind.height(settings.size).unwrap()));
        prop_assert!(found.offset.0 + found.size.0 <= found.scaled.0);
        prop_assert!(found.offset.1 + found.size.1 <= found.scaled.1);
    }
}
