//! What every chart must keep to: room, classes, escaping, and the drawing a person has looked at.

mod support;

use std::collections::BTreeSet;
use std::path::PathBuf;

use domain::label::Label;
use render::chart::{GroupIntervals, LabelPart, LabelSplit, Sparkline, Survival, Trend, label_split};
use render::svg::{Anchor, CLASSES, Look, Size, Svg, TextSize, Tone, Weight, width_of};
use roxmltree::{Document, Node};
use support::drawings;

fn snapshots() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots")
}

/// One element a line, so that a change reads as one.
fn in_lines(markup: &str) -> String {
    markup.replace("><", ">\n<") + "\n"
}

#[test]
#[expect(clippy::disallowed_methods, reason = "snapshots are files, and a person asks for new ones")]
fn every_chart_is_drawn_as_the_one_that_was_looked_at() {
    let update = std::env::var_os("UPDATE_SNAPSHOTS").is_some();
    let mut differing = Vec::new();
    for (name, svg) in drawings() {
        let file = snapshots().join(format!("{name}.svg"));
        let drawn = in_lines(&svg.markup);
        if update {
            std::fs::write(&file, &drawn).unwrap();
        } else if std::fs::read_to_string(&file).unwrap_or_default() != drawn {
            differing.push(name);
        }
    }
    assert!(differing.is_empty(), "look at {differing:?}, then run with UPDATE_SNAPSHOTS=1");
}

#[test]
fn no_snapshot_is_left_without_its_chart() {
    let names: BTreeSet<String> = drawings().into_iter().map(|(name, _)| format!("{name}.svg")).collect();
    for file in std::fs::read_dir(snapshots()).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        assert!(names.contains(&name), "{name} belongs to no chart");
    }
}

#[test]
fn every_class_a_chart_writes_is_listed() {
    for (name, svg) in drawings() {
        let document = Document::parse(&svg.markup).unwrap();
        for node in document.descendants() {
            for class in node.attribute("class").unwrap_or_default().split(' ').filter(|class| !class.is_empty()) {
                assert!(CLASSES.iter().any(|listed| listed.name == class), "{class} in {name}");
            }
        }
    }
}

#[test]
fn no_chart_carries_a_style_or_a_colour() {
    for (name, svg) in drawings() {
        let document = Document::parse(&svg.markup).unwrap();
        for node in document.descendants() {
            assert!(node.attribute("style").is_none() && node.attribute("stroke").is_none(), "{name}");
            assert!(node.attribute("fill").is_none_or(|fill| fill.starts_with("url(#lab-")), "{name}");
        }
        assert!(!svg.markup.contains("NaN") && !svg.markup.contains("inf"), "{name}");
    }
}

#[test]
fn every_chart_can_be_read_without_seeing_it() {
    for (name, svg) in drawings() {
        let document = Document::parse(&svg.markup).unwrap();
        let root = document.root_element();
        assert_eq!(root.attribute("role"), Some("img"), "{name}");
        assert!(root.attribute("aria-label").is_some_and(|label| label.starts_with(&svg.title)), "{name}");
        let of = |tag: &str| root.children().find(|node| node.has_tag_name(tag)).and_then(|node| node.text());
        assert_eq!(of("title"), Some(svg.title.as_str()), "{name}");
        assert_eq!(of("desc"), Some(svg.description.as_str()), "{name}");
        assert!(!svg.table.rows.is_empty(), "{name}");
        assert!(svg.table.rows.iter().all(|row| row.len() == svg.table.header.len()), "{name}");
    }
}

/// Left, top, right, bottom of a text as a browser would draw it.
fn room(node: Node<'_, '_>) -> (f64, f64, f64, f64) {
    let classes: Vec<&str> = node.attribute("class").unwrap_or_default().split(' ').collect();
    let size = [("t-14", TextSize::S14), ("t-16", TextSize::S16), ("t-19", TextSize::S19)];
    let size =
        size.into_iter().find(|(class, _)| classes.contains(class)).map_or((TextSize::S13, 13.0), |(_, size)| {
            (
                size,
                if size == TextSize::S14 {
                    14.0
                } else if size == TextSize::S16 {
                    16.0
                } else {
                    19.0
                },
            )
        });
    let weight = if classes.contains(&"t-strong") { Weight::Strong } else { Weight::Regular };
    let look = Look { size: size.0, weight, ..Look::tone(Tone::Ink).anchored(Anchor::Start) };
    let place = |name: &str| node.attribute(name).and_then(|value| value.parse().ok()).unwrap_or(f64::NAN);
    let (x, y, width) = (place("x"), place("y"), width_of(node.text().unwrap_or_default(), look));
    let left = if classes.contains(&"end") {
        x - width
    } else if classes.contains(&"mid") {
        x - width / 2.0
    } else {
        x
    };
    (left, y - 0.72 * size.1, left + width, y + 0.2 * size.1)
}

fn texts(svg: &Svg) -> Vec<(String, (f64, f64, f64, f64))> {
    let Ok(document) = Document::parse(&svg.markup) else {
        return Vec::new();
    };
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.map(|node| (node.text().unwrap_or_default().to_owned(), room(node))).collect()
}

#[test]
fn no_text_leaves_its_chart() {
    for (name, svg) in drawings() {
        assert!(!texts(&svg).is_empty(), "{name}");
        for (words, (left, top, right, bottom)) in texts(&svg) {
            assert!(left >= -0.6 && top >= -0.6, "`{words}` begins outside {name}: {left} {top}");
            assert!(right <= f64::from(svg.width) + 0.6, "`{words}` ends {right} right of {name}");
            assert!(bottom <= f64::from(svg.height) + 0.6, "`{words}` ends {bottom} below {name}");
        }
    }
}

#[test]
fn no_text_lies_on_another() {
    for (name, svg) in drawings() {
        let texts = texts(&svg);
        for (at, (words, one)) in texts.iter().enumerate() {
            for (others, other) in texts.iter().skip(at + 1) {
                let apart = one.2 <= other.0 || other.2 <= one.0 || one.3 <= other.1 || other.3 <= one.1;
                assert!(apart, "`{words}` lies on `{others}` in {name}");
            }
        }
    }
}

#[test]
fn markup_in_a_name_is_drawn_as_text() {
    let part = LabelPart {
        label: Label::Paused,
        share: 1.0,
        share_text: "<script>alert(1)</script>".to_owned(),
        days_text: "\u{202e}\u{0}\"'&".to_owned(),
    };
    let title = "\"><script>".to_owned();
    let model = LabelSplit { title, description: "a\u{0}b".to_owned(), parts: vec![part] };
    for width in [952, 342] {
        let svg = label_split(&model, Size::of_width(width));
        let document = Document::parse(&svg.markup).unwrap();
        assert!(document.descendants().all(|node| !node.has_tag_name("script")));
    }
}

#[test]
fn a_curve_of_a_million_points_has_at_most_one_a_pixel_column() {
    let mut model = support::survival_model();
    let one = model.curves.first_mut().unwrap();
    one.strict = (1..=200_000)
        .map(|at| {
            let share = 1.0 - f64::from(at) / 300_000.0;
            render::chart::CurvePoint { days: f64::from(at) * 365.0 / 200_000.0, share, low: share, high: share }
        })
        .collect();
    let svg = render::chart::survival(&model, Size::of_width(952));
    assert!(svg.markup.len() < 120_000, "{} bytes", svg.markup.len());
}

#[test]
fn a_label_nobody_spent_time_in_is_in_no_drawing() {
    let empty = LabelSplit { title: "Nothing yet".to_owned(), description: String::new(), parts: Vec::new() };
    for width in [952, 342] {
        let svg = label_split(&empty, Size::of_width(width));
        assert!(!svg.markup.contains("<rect"));
    }
}

#[test]
fn an_empty_model_is_drawn_as_an_empty_chart() {
    let trend = Trend { months: Vec::new(), ..support::trend_model() };
    let groups = GroupIntervals { groups: Vec::new(), ..support::group_intervals_model() };
    let curves = Survival { curves: Vec::new(), at_risk: Vec::new(), ..support::survival_model() };
    let spark = Sparkline { values: Vec::new(), ..support::sparkline_model() };
    for width in [0, 1, 60, 342, 952] {
        let size = Size::of_width(width);
        for svg in [
            render::chart::trend(&trend, size),
            render::chart::group_intervals(&groups, size),
            render::chart::survival(&curves, size),
            render::chart::sparkline(&spark, size),
        ] {
            assert!(Document::parse(&svg.markup).is_ok());
            assert!(!svg.markup.contains("NaN") && !svg.markup.contains("inf"));
        }
    }
}

#[test]
fn numbers_that_are_no_numbers_are_drawn_at_the_start_of_the_scale() {
    let mut model = support::two_clocks_model();
    model.end_days = f64::NAN;
    model.promised = Some((f64::INFINITY, "never".to_owned()));
    for width in [342, 952] {
        let svg = render::chart::two_clocks(&model, Size::of_width(width));
        assert!(!svg.markup.contains("NaN") && !svg.markup.contains("inf"));
    }
}
