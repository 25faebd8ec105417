//! Pictures are well formed and all their places are finite, whatever the numbers and names.

use proptest::prelude::*;

use super::*;

const TITLES: Titles = Titles { title: "a < b & \"c\"", x: "to the right", y: "upwards" };

/// Elements are closed in the order they were opened, attributes are quoted, text is escaped. Answers attributes by name.
fn attributes(svg: &str) -> Vec<(String, String)> {
    let (mut open, mut all, mut rest) = (Vec::new(), Vec::new(), svg);
    while let Some((text, after)) = rest.split_once('<') {
        assert!(!text.contains('>'), "text is escaped: {text:?}");
        let (tag, after) = after.split_once('>').expect("a tag ends");
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "elements are closed in order");
            continue;
        }
        let closed = tag.ends_with('/');
        let tag = tag.trim_end_matches('/');
        let (name, mut fields) = tag.split_once(' ').unwrap_or((tag, ""));
        while let Some((attribute, after)) = fields.split_once("=\"") {
            let (value, after) = after.split_once('"').expect("a value ends");
            all.push((attribute.trim().to_owned(), value.to_owned()));
            fields = after;
        }
        assert!(fields.trim().is_empty(), "nothing stands between attributes: {fields:?}");
        if !closed {
            open.push(name);
        }
    }
    assert!(open.is_empty() && rest.trim().is_empty(), "everything is closed: {open:?}");
    all
}

/// Every number of every attribute that holds places.
fn places(svg: &str) -> Vec<f64> {
    let held = ["x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height", "points"];
    attributes(svg)
        .iter()
        .filter(|(name, _)| held.contains(&name.as_str()))
        .flat_map(|(_, value)| value.split([' ', ',']).map(|number| number.parse::<f64>().expect("a number")))
        .collect()
}

fn assert_sound(svg: &str) {
    let on_page = |place: f64| (-1.0..=frame::SIZE.0 + 1.0).contains(&place);
    assert!(places(svg).into_iter().all(on_page), "{svg}");
}

#[test]
fn a_line_goes_where_its_numbers_say() {
    let svg =
        lines(TITLES, &[Line::new("found", vec![(0.0, 0.0), (1.0, 1.0)]), Line::ideal("ideal", vec![(0.5, 0.5)])]);
    let (left, top, right, bottom) = frame::FIELD;
    assert!(svg.contains(&format!("points=\"{left:.2},{bottom:.2} {right:.2},{top:.2}\"")), "{svg}");
    let middle = format!("cx=\"{:.2}\" cy=\"{:.2}\"", (left + right) / 2.0, (top + bottom) / 2.0);
    assert!(svg.contains(&middle), "{svg}");
    assert!(svg.contains("a &lt; b &amp; &quot;c&quot;") && svg.contains(">found</text>"), "{svg}");
    assert_sound(&svg);
}

#[test]
fn bars_stand_on_zero_and_one_without_a_number_is_left_out() {
    let groups = ["a".to_owned(), "b".to_owned()];
    let svg = bars(TITLES, &groups, &[("one".to_owned(), vec![10.0, f64::NAN]), ("two".to_owned(), vec![-5.0])]);
    // Two bars beside the page and the two names of the legend.
    assert_eq!(svg.matches("<rect").count(), 1 + 2 + 2, "{svg}");
    assert_sound(&svg);
}

#[test]
fn ticks_are_round_numbers_told_apart() {
    let ticks = |most: f64| bars(TITLES, &["a".to_owned()], &[("one".to_owned(), vec![most])]);
    assert!(ticks(415_458.0).contains(">400k</text>") && ticks(0.27).contains(">0.25</text>"));
    assert!(ticks(9e9).contains(">8 bn</text>") && ticks(-4.0).contains(">-4</text>"));
}

#[test]
fn nothing_and_no_numbers_are_drawn_as_empty_fields() {
    for svg in [
        lines(TITLES, &[]),
        lines(TITLES, &[Line::new("none", vec![(f64::NAN, 1.0), (1.0, f64::INFINITY), (f64::MAX, 1.0)])]),
        bars(TITLES, &[], &[]),
        bars(TITLES, &["a".to_owned()], &[("none".to_owned(), vec![f64::NAN])]),
    ] {
        assert_sound(&svg);
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
}

#[test]
fn a_long_line_is_thinned_where_nobody_sees_it_and_keeps_its_corners_and_its_end() {
    // A corner among the first few of very many points.
    let mut points = vec![(0.0, 1.0), (50_000.0, 0.9), (50_001.0, 0.5)];
    points.extend((50_002..=100_000).map(|place| (f64::from(place), 0.5)));
    let svg = lines(TITLES, &[Line::new("long", points)]);
    assert!(svg.len() < 20_000, "{} bytes", svg.len());
    let (left, top, right, bottom) = frame::FIELD;
    let corner = format!("{:.2},{:.2} ", (left + right) / 2.0, top + 0.2 * (bottom - top));
    assert!(svg.contains(&corner) && svg.contains(&format!(" {right:.2},{bottom:.2}\"")), "{svg}");
    // One that runs to and fro is drawn in part.
    let wild = (0..100_000).map(|place| (f64::from(place), f64::from(place % 2))).collect();
    let svg = lines(TITLES, &[Line::new("wild", wild)]);
    assert!(svg.len() < 100_000, "{} bytes", svg.len());
    assert_sound(&svg);
}

proptest! {
    #[test]
    fn whatever_is_drawn_is_well_formed_and_on_the_page(
        points in prop::collection::vec((any::<f64>(), any::<f64>()), 0..20),
        near in prop::collection::vec((-1e6..1e6_f64, -1e-6..1e-6_f64), 0..20),
        names in prop::collection::vec("\\PC{0,40}", 0..9),
    ) {
        assert_sound(&lines(TITLES, &[Line::new("any", points.clone()), Line::ideal("near", near)]));
        let values: Vec<f64> = points.iter().map(|point| point.0).collect();
        let series: Vec<(String, Vec<f64>)> = names.iter().map(|name| (name.clone(), values.clone())).collect();
        assert_sound(&bars(TITLES, &names, &series));
    }
}
