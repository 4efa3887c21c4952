//! How is a chart written as SVG? A drawing backend for plotters that writes classes instead of colours.

mod backend;
mod canvas;
mod classes;
mod look;
mod measure;
mod patterns;
mod table_twin;

pub use classes::{CLASSES, Class, style_sheet, style_sheet_for_print};
pub use look::{Anchor, Halo, Look, TextSize, Tone, Weight};
pub use measure::width_of;
pub use patterns::{for_print, pattern_definitions};
pub use table_twin::TableTwin;

pub(crate) use canvas::Canvas;
pub(crate) use classes::Shape;
pub(crate) use measure::{TextBox, fitted, wrapped};

/// Up to this width a chart is drawn in its narrow form: other places for the same marks.
pub const NARROW_WIDTH_MAX: u32 = 600;

/// How large a chart shall be, in CSS pixels. Charts made of rows take the height their rows need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub width: u32,
    /// Wanted height of a chart with a free vertical scale; `None` lets the chart choose.
    pub height: Option<u32>,
}

impl Size {
    /// This wide, and as high as the chart likes.
    #[must_use]
    pub const fn of_width(width: u32) -> Self {
        Self { width, height: None }
    }

    #[must_use]
    pub const fn is_narrow(self) -> bool {
        self.width <= NARROW_WIDTH_MAX
    }
}

/// A drawn chart with what is needed to read it without seeing it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Svg {
    /// A complete `<svg>` element, without a style and without a colour.
    pub markup: String,
    pub title: String,
    pub description: String,
    pub table: TableTwin,
    pub width: u32,
    pub height: u32,
}
