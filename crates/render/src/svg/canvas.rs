//! Marks on a page of CSS pixels: a thin layer over a plotters drawing area.

use std::cell::RefCell;
use std::rc::Rc;

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::{FontDesc, FontFamily, FontStyle, ShapeStyle, TextStyle};

use super::backend::{ClassBackend, Sheet, UNITS_PER_PIXEL, escaped};
use super::classes::Shape;
use super::look::Look;
use super::measure::TextBox;
use super::table_twin::TableTwin;
use super::{Size, Svg};
use crate::printable::printable;

/// A point in CSS pixels from the upper left corner.
pub(crate) type Point = (f64, f64);

pub(crate) struct Canvas {
    area: DrawingArea<ClassBackend, Shift>,
    sheet: Rc<RefCell<Sheet>>,
    pub(crate) width: f64,
    pub(crate) height: f64,
    width_pixels: u32,
    height_pixels: u32,
}

/// `value` as the nearest whole number; beyond what fits it stops at the end.
#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, and what is outside the page is not seen")]
pub(super) fn whole(value: f64) -> i32 {
    value.round() as i32
}

fn unit(pixels: f64) -> i32 {
    whole(pixels * f64::from(UNITS_PER_PIXEL))
}

fn units((x, y): Point) -> (i32, i32) {
    (unit(x), unit(y))
}

fn style(shape: Shape) -> ShapeStyle {
    ShapeStyle { color: shape.as_colour(), filled: true, stroke_width: 1 }
}

/// Writing into memory cannot fail: the backend's error has no value. plotters' own faults (a borrowed backend) would
/// leave out one mark, never a figure, since each figure also stands in the table twin.
fn drawn<E>(result: &Result<(), E>) {
    debug_assert!(result.is_ok(), "a mark was lost");
}

impl Canvas {
    /// An empty page `size.width` wide and `height` high.
    pub(crate) fn new(size: Size, height: f64) -> Self {
        let sheet = Rc::new(RefCell::new(Sheet::default()));
        let height_pixels = whole(height.ceil()).unsigned_abs();
        let backend = ClassBackend { sheet: Rc::clone(&sheet), width: size.width, height: height_pixels };
        Self {
            area: backend.into_drawing_area(),
            sheet,
            width: f64::from(size.width),
            height: f64::from(height_pixels),
            width_pixels: size.width,
            height_pixels,
        }
    }

    pub(crate) fn line(&self, shape: Shape, points: &[Point]) {
        let points: Vec<(i32, i32)> = points.iter().copied().map(units).collect();
        drawn(&self.area.draw(&PathElement::new(points, style(shape))));
    }

    pub(crate) fn polygon(&self, shape: Shape, corners: &[Point]) {
        let corners: Vec<(i32, i32)> = corners.iter().copied().map(units).collect();
        drawn(&self.area.draw(&Polygon::new(corners, style(shape))));
    }

    /// A rectangle from its upper left corner.
    pub(crate) fn rect(&self, shape: Shape, (left, top): Point, width: f64, height: f64) {
        let corners = [units((left, top)), units((left + width, top + height))];
        drawn(&self.area.draw(&Rectangle::new(corners, style(shape))));
    }

    pub(crate) fn circle(&self, shape: Shape, at: Point, radius: f64) {
        drawn(&self.area.draw(&Circle::new(units(at), unit(radius), style(shape))));
    }

    /// The mark of practice.
    pub(crate) fn diamond(&self, shape: Shape, (x, y): Point, radius: f64) {
        self.polygon(shape, &[(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)]);
    }

    /// A horizontal interval with end ticks.
    pub(crate) fn whisker(&self, shape: Shape, from: f64, to: f64, y: f64) {
        self.line(shape, &[(from, y), (to, y)]);
        self.line(shape, &[(from, y - 5.0), (from, y + 5.0)]);
        self.line(shape, &[(to, y - 5.0), (to, y + 5.0)]);
    }

    /// Words whose baseline passes through `at`.
    pub(crate) fn text(&self, look: Look, at: Point, words: &str) {
        if words.is_empty() {
            return;
        }
        let text_style = TextStyle {
            font: FontDesc::new(FontFamily::SansSerif, look.size.pixels(), FontStyle::Normal),
            color: look.as_colour(),
            pos: look.as_position(),
        };
        drawn(&self.area.draw_text(words, &text_style, units(at)));
    }

    /// The room of all texts so far.
    pub(crate) fn texts(&self) -> Vec<TextBox> {
        self.sheet.borrow().texts.clone()
    }

    pub(crate) fn finish(self, title: &str, description: &str, table: TableTwin) -> Svg {
        let (width, height) = (self.width_pixels, self.height_pixels);
        let (title, description) = (printable(title), printable(description));
        let (safe_title, safe_description) = (escaped(&title), escaped(&description));
        let markup = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" role=\"img\" aria-label=\"{safe_title}. {safe_description}\"><title>{safe_title}</title>\
             <desc>{safe_description}</desc>{}</svg>",
            self.sheet.borrow().body
        );
        Svg { markup, title, description, table, width, height }
    }
}
