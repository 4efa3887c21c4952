//! The drawing backend: what plotters asks for, written as SVG elements with classes.
//!
//! plotters counts whole pixels. This backend tells it that the chart is ten times as large and writes tenths, so
//! that a bar ends where its number says and not up to half a pixel beside it.

use std::cell::RefCell;
use std::convert::Infallible;
use std::fmt::Write;
use std::rc::Rc;

use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};

use super::classes::Shape;
use super::look::Look;
use super::measure::{TextBox, width_of};
use crate::printable::printable;

/// Units of the backend in one CSS pixel.
pub(super) const UNITS_PER_PIXEL: u32 = 10;

/// What has been written so far. Shared between the backend, which plotters owns, and the canvas that reads it.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) body: String,
    pub(super) texts: Vec<TextBox>,
}

pub(super) struct ClassBackend {
    pub(super) sheet: Rc<RefCell<Sheet>>,
    pub(super) width: u32,
    pub(super) height: u32,
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl ClassBackend {
    fn write(&self, element: &str) -> Drawn {
        self.sheet.borrow_mut().body.push_str(element);
        Ok(())
    }

    fn write_path(&self, points: impl IntoIterator<Item = BackendCoord>, close: &str, colour: BackendColor) -> Drawn {
        let path = path_of(points);
        self.write(&format!("<path {} d=\"{path}{close}\"/>", Shape::from_backend(colour).attributes()))
    }
}

impl DrawingBackend for ClassBackend {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (self.width * UNITS_PER_PIXEL, self.height * UNITS_PER_PIXEL)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    /// A single pixel has no class and no meaning in a drawing made of marks.
    fn draw_pixel(&mut self, _point: BackendCoord, _colour: BackendColor) -> Drawn {
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.write_path([from, to], "", style.color())
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, _fill: bool) -> Drawn {
        let (left, right) = (from.0.min(to.0), from.0.max(to.0));
        let (top, bottom) = (from.1.min(to.1), from.1.max(to.1));
        self.write(&format!(
            "<rect {} x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
            Shape::from_backend(style.color()).attributes(),
            Tenths(left),
            Tenths(top),
            Tenths(right.saturating_sub(left)),
            Tenths(bottom.saturating_sub(top)),
        ))
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.write_path(path, "", style.color())
    }

    fn draw_circle<S: BackendStyle>(&mut self, at: BackendCoord, radius: u32, style: &S, _fill: bool) -> Drawn {
        self.write(&format!(
            "<circle {} cx=\"{}\" cy=\"{}\" r=\"{}\"/>",
            Shape::from_backend(style.color()).attributes(),
            Tenths(at.0),
            Tenths(at.1),
            Tenths(i32::try_from(radius).unwrap_or(0)),
        ))
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, corners: I, style: &S) -> Drawn {
        self.write_path(corners, "Z", style.color())
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, at: BackendCoord) -> Drawn {
        let look = Look::from_backend(style.color(), style.anchor());
        let words = printable(text);
        let mut classes = String::new();
        for class in look.classes() {
            let gap = if classes.is_empty() { "" } else { " " };
            classes.push_str(gap);
            classes.push_str(class);
        }
        let attribute = if classes.is_empty() { String::new() } else { format!(" class=\"{classes}\"") };
        let place = (f64::from(at.0) / f64::from(UNITS_PER_PIXEL), f64::from(at.1) / f64::from(UNITS_PER_PIXEL));
        self.sheet.borrow_mut().texts.push(TextBox::of(&words, look, place.0, place.1));
        self.write(&format!(
            "<text{attribute} x=\"{}\" y=\"{}\">{}</text>",
            Tenths(at.0),
            Tenths(at.1),
            escaped(&words)
        ))
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let look = Look::from_backend(style.color(), style.anchor());
        let units = f64::from(UNITS_PER_PIXEL);
        let size = (width_of(text, look) * units, look.size.pixels() * units);
        Ok((super::canvas::whole(size.0).unsigned_abs(), super::canvas::whole(size.1).unsigned_abs()))
    }
}

/// A path as its shortest words: moves along one axis are `H` and `V`, and no point is written twice.
fn path_of(points: impl IntoIterator<Item = BackendCoord>) -> String {
    let mut path = String::new();
    let mut last: Option<BackendCoord> = None;
    for (x, y) in points {
        let word = match last {
            None => format!("M{} {}", Tenths(x), Tenths(y)),
            Some(before) if before == (x, y) => continue,
            Some((_, before)) if before == y => format!("H{}", Tenths(x)),
            Some((before, _)) if before == x => format!("V{}", Tenths(y)),
            Some(_) => format!("L{} {}", Tenths(x), Tenths(y)),
        };
        path.push_str(&word);
        last = Some((x, y));
    }
    path
}

/// Tenths of a pixel as a decimal without a useless zero.
struct Tenths(i32);

impl std::fmt::Display for Tenths {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, tenth) = (self.0 / 10, (self.0 % 10).abs());
        if self.0 < 0 && whole == 0 {
            out.write_char('-')?;
        }
        write!(out, "{whole}")?;
        if tenth == 0 { Ok(()) } else { write!(out, ".{tenth}") }
    }
}

/// Text as it may stand between tags and inside a quoted attribute.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenths_are_written_without_a_useless_zero_and_keep_their_sign() {
        let written = [0, 5, -5, 10, 123, -123].map(|tenths| Tenths(tenths).to_string());
        assert_eq!(written, ["0", "0.5", "-0.5", "1", "12.3", "-12.3"]);
    }

    #[test]
    fn a_step_is_written_as_moves_along_one_axis() {
        assert_eq!(path_of([(0, 0), (10, 0), (10, 25), (10, 25), (20, 30)]), "M0 0H1V2.5L2 3");
    }

    #[test]
    fn markup_in_a_name_comes_out_as_text() {
        assert_eq!(escaped(r#"<b a="1">&'"#), "&lt;b a=&quot;1&quot;&gt;&amp;&#39;");
    }
}
