//! How does a drawing get onto a page? Once for each width, with its twin of words.

use render::svg::{Size, Svg};

use crate::components::{ChartView, TableView};

/// The widths a chart is drawn in, in CSS pixels: what its place on the page leaves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Widths {
    wide: u32,
    medium: u32,
    narrow: u32,
}

impl Widths {
    /// The whole width of the page.
    pub const FULL: Self = Self { wide: 1280, medium: 720, narrow: 342 };
    /// Beside the rail.
    pub const BESIDE_RAIL: Self = Self { wide: 952, medium: 720, narrow: 342 };
    /// Two side by side.
    pub const HALF: Self = Self { wide: 624, medium: 344, narrow: 342 };
}

/// Draws one model at every width.
pub fn drawn<M>(model: &M, draw: fn(&M, Size) -> Svg, widths: Widths) -> ChartView {
    let wide = draw(model, Size::of_width(widths.wide));
    let medium = draw(model, Size::of_width(widths.medium));
    let narrow = draw(model, Size::of_width(widths.narrow));
    ChartView {
        table: TableView { caption: wide.title.clone(), header: wide.table.header, rows: wide.table.rows },
        title: wide.title,
        wide: wide.markup,
        medium: medium.markup,
        narrow: narrow.markup,
    }
}
