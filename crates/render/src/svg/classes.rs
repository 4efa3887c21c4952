//! Which classes may a chart write, and what does each mean?
//!
//! plotters only knows colours, so each mark has a number that travels as one and comes out as a class here. The
//! declarations stand beside the names: the page's style sheet and the PDF are both made from this list.

use plotters::style::RGBAColor;
use plotters_backend::BackendColor;

use crate::palette;

/// A class with its declarations (colours as custom properties) and what it says to the reader.
#[derive(Clone, Copy, Debug)]
pub struct Class {
    pub name: &'static str,
    pub css: &'static str,
    pub meaning: &'static str,
}

const fn class(name: &'static str, css: &'static str, meaning: &'static str) -> Class {
    Class { name, css, meaning }
}

/// Every class a chart may write. A test compares this list with what the charts do write.
pub const CLASSES: &[Class] = &[
    class("plot", "", "the chart itself"),
    class("t-muted", "fill:var(--ink-muted)", "text: scale, unit, second line"),
    class("t-paper", "fill:var(--paper)", "text about what documents and the ticket tool claim"),
    class("t-practice", "fill:var(--practice)", "text about what events and drills prove"),
    class("t-strong", "font-weight:600", "text: the number or name itself"),
    class("t-14", "font-size:14px", "text: name of a row"),
    class("t-16", "font-size:16px", "text: number of a part"),
    class("t-19", "font-size:19px", "text: total"),
    class("t-figure-s", "font-size:40px", "text: headline figure"),
    class("t-figure", "font-size:56px", "text: headline figure, wide"),
    class("hollow", "fill:none;stroke:var(--paper);stroke-width:1.25;font-weight:600", "numeral as reported"),
    class("solid", "fill:var(--practice);font-weight:600", "numeral in practice"),
    class("on-paper", "fill:var(--ground)", "text on a paper area"),
    class("on-practice", "fill:var(--ground)", "text on a practice area"),
    class("end", "text-anchor:end", "text that ends at its place"),
    class("mid", "text-anchor:middle", "text centred on its place"),
    class(
        "halo",
        "paint-order:stroke;stroke:var(--ground);stroke-width:5px;stroke-linejoin:round",
        "text with a rim of ground where it crosses a line",
    ),
    class("gridline", "stroke:var(--rule);stroke-width:1;fill:none;shape-rendering:crispEdges", "line of the scale"),
    class("axis", "stroke:var(--rule-strong);stroke-width:1;fill:none;shape-rendering:crispEdges", "zero line"),
    class("leader", "stroke:var(--ink-muted);stroke-width:1;fill:none", "from a mark to its label"),
    class(
        "connector",
        "stroke:var(--ink-muted);stroke-width:1;fill:none;shape-rendering:crispEdges",
        "from one step to the next; dotted: down to the scale",
    ),
    class("bar-paper", "fill:var(--paper-soft);stroke:var(--paper);stroke-width:1.5", "paper as an area"),
    class("bar-practice", "fill:var(--practice)", "practice as an area"),
    class(
        "bar-lenient",
        "fill:none;stroke:var(--practice);stroke-width:1.5;stroke-dasharray:2 2",
        "practice if closures are believed",
    ),
    class("bar-step", "fill:var(--step)", "step of a waterfall"),
    class("bar-step-strong", "fill:var(--step-strong)", "large step of a waterfall"),
    class("bar-back", "fill:none;stroke:var(--step-strong);stroke-width:1.5", "step that runs backwards"),
    class("line-paper", "stroke:var(--paper);stroke-width:1.5;fill:none", "paper over time"),
    class(
        "line-practice",
        "stroke:var(--practice);stroke-width:2.5;fill:none;stroke-linejoin:round",
        "practice, strict",
    ),
    class(
        "edge-lenient",
        "stroke:var(--practice);stroke-width:1.25;fill:none;stroke-linejoin:round",
        "practice, lenient",
    ),
    class("zone-practice", "fill:var(--practice-soft)", "between strict and lenient"),
    class("band-ci", "fill:var(--practice);opacity:.18", "interval of a curve"),
    class("mark-paper", "fill:var(--ground);stroke:var(--paper);stroke-width:2", "paper, hollow circle"),
    class("mark-practice", "fill:var(--practice);stroke:var(--ground);stroke-width:1.5", "practice, filled diamond"),
    class(
        "mark-open",
        "fill:var(--ground);stroke:var(--practice);stroke-width:2",
        "practice, not reached or still open",
    ),
    class(
        "mark-self",
        "fill:var(--ground);stroke:var(--ink-muted);stroke-width:1.5",
        "reported, where groups own the colours",
    ),
    class("whisker", "stroke:var(--practice);stroke-width:2.5;fill:none", "interval in practice"),
    class("whisker-paper", "stroke:var(--paper);stroke-width:1.5;fill:none", "interval on paper"),
    class("unknown", "fill:none;stroke:var(--practice);stroke-width:1.5;stroke-dasharray:5 4", "no evidence"),
    class("bracket", "stroke:var(--ink);stroke-width:1;fill:none;shape-rendering:crispEdges", "size of a gap"),
    class("promise", "stroke:var(--ink);stroke-width:1;fill:var(--ground)", "promised, outlined"),
    class(
        "tick",
        "stroke:var(--ink);stroke-width:1;fill:none;shape-rendering:crispEdges",
        "an event, or one still open",
    ),
    class("lab-stroke-paper", "fill:none;stroke:var(--paper);stroke-width:1.5", "rim of a paper label"),
    class("lab-stroke", "fill:none;stroke:var(--practice);stroke-width:1", "rim of a practice label"),
    class("lab-C", "fill:var(--paper)", "label: on clock"),
    class("lab-F", "fill:var(--practice)", "label: falsely closed"),
    class(
        "lab-U",
        "fill:var(--ground);stroke:var(--practice);stroke-width:1.25;stroke-dasharray:4 3",
        "label: untracked",
    ),
    class("lab-G", "fill:var(--ground);stroke:var(--practice);stroke-width:1", "label: recurrence gap"),
    class("pat-paper", "stroke:var(--paper);fill:none", "hatching of a paper label"),
    class("pat-practice", "stroke:var(--practice);fill:none", "hatching of a practice label"),
    class("pat-dot-paper", "fill:var(--paper)", "dots of a paper label"),
    class("pat-dot-practice", "fill:var(--practice)", "dots of a practice label"),
    class("pat-bg-paper", "fill:var(--paper-soft)", "ground of a paper label"),
    class("pat-bg-soft", "fill:var(--practice-soft)", "ground of a practice label"),
    class("pat-bg-ground", "fill:var(--ground)", "ground of a sparse label"),
    class("line-s1", "stroke:var(--s1);stroke-width:2;fill:none;stroke-linejoin:round", "first group"),
    class("line-s2", "stroke:var(--s2);stroke-width:2;fill:none;stroke-linejoin:round", "second group"),
    class("line-s3", "stroke:var(--s3);stroke-width:2;fill:none;stroke-linejoin:round", "third group"),
    class("line-s4", "stroke:var(--s4);stroke-width:2;fill:none;stroke-linejoin:round", "fourth group"),
    class("line-s5", "stroke:var(--s5);stroke-width:2;fill:none;stroke-linejoin:round", "fifth group"),
    class("mark-s1", "fill:var(--s1);stroke:var(--ground);stroke-width:1.5", "first group, circle"),
    class("mark-s2", "fill:var(--s2);stroke:var(--ground);stroke-width:1.5", "second group, square"),
    class("mark-s3", "fill:var(--s3);stroke:var(--ground);stroke-width:1.5", "third group, triangle"),
    class("mark-s4", "fill:var(--s4);stroke:var(--ground);stroke-width:1.5", "fourth group, diamond"),
    class("mark-s5", "fill:var(--s5);stroke:var(--ground);stroke-width:1.5", "fifth group, cross"),
    class("t-s1", "fill:var(--s1)", "name of the first group"),
    class("t-s2", "fill:var(--s2)", "name of the second group"),
    class("t-s3", "fill:var(--s3)", "name of the third group"),
    class("t-s4", "fill:var(--s4)", "name of the fourth group"),
    class("t-s5", "fill:var(--s5)", "name of the fifth group"),
];

/// A mark: its class and, where a look is geometry, the attribute that says so.
macro_rules! shapes {
    ($($shape:ident => $attributes:literal,)+) => {
        /// What a drawn shape is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Shape { $($shape,)+ }

        impl Shape {
            const ALL: &'static [Self] = &[$(Self::$shape,)+];

            /// The attributes that give this mark its look.
            pub(super) const fn attributes(self) -> &'static str {
                match self { $(Self::$shape => $attributes,)+ }
            }
        }
    };
}

shapes! {
    Gridline => r#"class="gridline""#,
    Axis => r#"class="axis""#,
    Leader => r#"class="leader""#,
    Connector => r#"class="connector""#,
    ConnectorDotted => r#"class="connector" stroke-dasharray="2 3""#,
    BarPaper => r#"class="bar-paper""#,
    BarPractice => r#"class="bar-practice""#,
    BarLenient => r#"class="bar-lenient""#,
    BarStep => r#"class="bar-step""#,
    BarStepStrong => r#"class="bar-step-strong""#,
    BarBack => r#"class="bar-back""#,
    LinePaper => r#"class="line-paper""#,
    LinePractice => r#"class="line-practice""#,
    EdgeLenient => r#"class="edge-lenient""#,
    ZonePractice => r#"class="zone-practice""#,
    BandInterval => r#"class="band-ci""#,
    MarkPaper => r#"class="mark-paper""#,
    MarkPractice => r#"class="mark-practice""#,
    MarkOpen => r#"class="mark-open""#,
    MarkInk => r#"class="mark-self""#,
    Whisker => r#"class="whisker""#,
    Unknown => r#"class="unknown""#,
    Bracket => r#"class="bracket""#,
    Promise => r#"class="promise""#,
    Tick => r#"class="tick""#,
    TickDotted => r#"class="tick" stroke-dasharray="2 2""#,
    LabelRimPaper => r#"class="lab-stroke-paper""#,
    LabelRim => r#"class="lab-stroke""#,
    LabelC => r#"class="lab-C""#,
    LabelF => r#"class="lab-F""#,
    LabelU => r#"class="lab-U""#,
    LabelG => r#"class="lab-G""#,
    LabelR => r#"fill="url(#lab-R)""#,
    LabelN => r#"fill="url(#lab-N)""#,
    LabelP => r#"fill="url(#lab-P)""#,
    LabelE => r#"fill="url(#lab-E)""#,
    LabelV => r#"fill="url(#lab-V)""#,
    LabelX => r#"fill="url(#lab-X)""#,
    LineS1 => r#"class="line-s1""#,
    LineS2 => r#"class="line-s2" stroke-dasharray="8 3""#,
    LineS3 => r#"class="line-s3" stroke-dasharray="3 3""#,
    LineS4 => r#"class="line-s4" stroke-dasharray="10 3 2 3""#,
    LineS5 => r#"class="line-s5" stroke-dasharray="14 4""#,
    MarkS1 => r#"class="mark-s1""#,
    MarkS2 => r#"class="mark-s2""#,
    MarkS3 => r#"class="mark-s3""#,
    MarkS4 => r#"class="mark-s4""#,
    MarkS5 => r#"class="mark-s5""#,
}

impl Shape {
    /// The mark as plotters carries it.
    pub(super) fn as_colour(self) -> RGBAColor {
        let at = Self::ALL.iter().position(|shape| *shape == self).and_then(|at| u8::try_from(at).ok());
        RGBAColor(0, 0, at.unwrap_or(0), 1.0)
    }

    pub(super) fn from_backend(colour: BackendColor) -> Self {
        let (_, _, at) = colour.rgb;
        Self::ALL.get(usize::from(at)).copied().unwrap_or(Self::Leader)
    }
}

/// The style sheet of the charts for a page, with colours as custom properties.
#[must_use]
pub fn style_sheet() -> String {
    let mut css = String::from(
        ":where(.plot) text{font:400 13px var(--face);fill:var(--ink);font-variant-numeric:tabular-nums lining-nums}\n",
    );
    for class in CLASSES.iter().filter(|class| !class.css.is_empty()) {
        css.push_str(&format!(".{}{{{}}}\n", class.name, class.css));
    }
    css
}

/// The same with the light palette written in, for the PDF, which knows no custom properties.
#[must_use]
pub fn style_sheet_for_print() -> String {
    let ink = palette::printed("ink").unwrap_or_default();
    let mut css = format!("text{{font-family:Inter;font-weight:400;font-size:13px;fill:{ink}}}\n");
    for class in CLASSES.iter().filter(|class| !class.css.is_empty()) {
        css.push_str(&format!(".{}{{{}}}\n", class.name, with_values(class.css)));
    }
    css
}

/// Writes the light value of each `var(--name)`.
fn with_values(css: &str) -> String {
    let mut written = String::new();
    let mut parts = css.split("var(--");
    written.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (name, rest) = part.split_once(')').unwrap_or((part, ""));
        written.push_str(palette::printed(name).unwrap_or("none"));
        written.push_str(rest);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_survives_the_way_through_a_plotters_colour() {
        for shape in Shape::ALL {
            let RGBAColor(red, green, blue, alpha) = shape.as_colour();
            assert_eq!(Shape::from_backend(BackendColor { alpha, rgb: (red, green, blue) }), *shape);
        }
    }

    #[test]
    fn the_printed_sheet_has_a_value_for_every_colour_and_the_page_sheet_has_none() {
        let print = style_sheet_for_print();
        assert!(!print.contains("var("));
        assert!(!print.contains("fill:none;stroke:none"));
        assert!(CLASSES.iter().all(|class| !class.css.contains('#')));
    }

    #[test]
    fn no_class_is_listed_twice_and_each_says_what_it_means() {
        for (at, class) in CLASSES.iter().enumerate() {
            assert!(!class.meaning.is_empty(), "{}", class.name);
            assert!(CLASSES.iter().skip(at + 1).all(|other| other.name != class.name), "{}", class.name);
        }
    }

    #[test]
    fn every_colour_a_class_names_exists() {
        for class in CLASSES {
            for part in class.css.split("var(--").skip(1) {
                let (name, _) = part.split_once(')').unwrap();
                assert!(palette::printed(name).is_some(), "{} names the colour {name}", class.name);
            }
        }
    }
}
