//! Which number is that? People write fractions after a point or a comma, and put signs between thousands.

use super::{Decimal, Rule};
use crate::held::{Fault, shown};
use domain::quarantine::Reason;

/// Signs that only ever stand between thousands: blanks, narrow and unbreakable ones too, and apostrophes.
const GROUPING: [char; 5] = [' ', '\u{a0}', '\u{202f}', '\'', '’'];

/// A number of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    /// As every program writes it: digits, and a point before the fraction.
    plain: String,
    /// The rule that was met by the way it is written.
    pub(crate) met: Option<Rule>,
}

impl Number {
    /// Reads the number of a field by the decimal sign of its source.
    pub(crate) fn read(decimal: Option<Decimal>, field: &str, text: &str) -> Result<Self, Fault> {
        let unsigned = text.trim().trim_start_matches(['-', '−', '+']);
        let sign = text.trim().strip_suffix(unsigned).unwrap_or_default();
        let none = || Fault::of(field, Reason::BadValue, format!("`{}` in `{field}` is not a number", shown(text)));
        if sign.chars().count() > 1 {
            return Err(none());
        }
        let Some(decimal) = decimal.or_else(|| Written::of(unsigned).decimal()) else {
            let fault =
                Fault::of(field, Reason::BadValue, format!("`{}` in `{field}` can be read in two ways", shown(text)));
            return Err(fault.hint("say whether fractions follow a point or a comma"));
        };
        let (whole, fraction, met) = parts(unsigned, decimal).ok_or_else(none)?;
        let minus = if sign.is_empty() || sign == "+" { "" } else { "-" };
        let plain = if fraction.is_empty() { format!("{minus}{whole}") } else { format!("{minus}{whole}.{fraction}") };
        Ok(Self { plain, met })
    }

    /// The number as every program writes it.
    pub(crate) fn plain(&self) -> &str {
        &self.plain
    }

    /// The number with its fraction.
    pub(crate) fn real(&self) -> Option<f64> {
        self.plain.parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// The number, where it is a whole one: a fraction of zeros is none.
    pub(crate) fn whole(&self) -> Option<i64> {
        let (whole, fraction) = self.plain.split_once('.').unwrap_or((&self.plain, ""));
        if fraction.bytes().all(|byte| byte == b'0') { whole.parse().ok() } else { None }
    }
}

/// Which signs a number holds.
struct Written<'a> {
    text: &'a str,
    points: usize,
    commas: usize,
}

impl<'a> Written<'a> {
    fn of(text: &'a str) -> Self {
        Self { text, points: text.matches('.').count(), commas: text.matches(',').count() }
    }

    /// The decimal sign it must have, whoever wrote it; `None` where it can be either.
    fn decimal(&self) -> Option<Decimal> {
        match (self.points, self.commas) {
            (0, 0) => Some(Decimal::Point),
            // Of two kinds of sign the last one is before the fraction.
            (1.., 1..) if self.text.rfind('.') > self.text.rfind(',') => Some(Decimal::Point),
            (1.., 1..) => Some(Decimal::Comma),
            // One sign that comes again and again stands between thousands.
            (2.., 0) => Some(Decimal::Comma),
            (0, 2..) => Some(Decimal::Point),
            (1, 0) => (!self.could_group('.')).then_some(Decimal::Point),
            (0, 1) => (!self.could_group(',')).then_some(Decimal::Comma),
        }
    }

    /// Whether the one sign could stand between thousands, as in `1,234`; in `0.123` and `12,5` it cannot.
    fn could_group(&self, sign: char) -> bool {
        let Some((before, after)) = self.text.split_once(sign) else { return false };
        let is_grouped = before.contains(GROUPING);
        after.len() == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0') && !is_grouped
    }
}

/// The digits before and after the decimal sign, and whether there were signs between thousands.
fn parts(text: &str, decimal: Decimal) -> Option<(String, &str, Option<Rule>)> {
    let (point, thousands) = match decimal {
        Decimal::Point => ('.', ','),
        Decimal::Comma => (',', '.'),
    };
    let (whole, fraction) = text.split_once(point).unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_sign = |sign: char| sign == thousands || GROUPING.contains(&sign);
    let mut signs = whole.chars().filter(|sign| is_sign(*sign));
    let met = match signs.next() {
        None => None,
        // Thousands are set apart by one kind of sign, and in threes.
        Some(first) if signs.all(|sign| sign == first) => Some(Rule::ThousandsInNumber),
        Some(_) => return None,
    };
    let mut groups = whole.split(is_sign);
    let first = groups.next()?;
    let in_threes = met.is_none() || ((1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3));
    let whole: String = whole.chars().filter(|sign| !is_sign(*sign)).collect();
    (in_threes && !whole.is_empty() && digits(&whole) && digits(fraction)).then_some((whole, fraction, met))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(decimal: Option<Decimal>, text: &str) -> Result<(f64, bool), Option<String>> {
        let number = Number::read(decimal, "score", text).map_err(|fault| fault.hint)?;
        Ok((number.real().unwrap(), number.met == Some(Rule::ThousandsInNumber)))
    }

    #[test]
    fn a_number_that_can_be_read_in_one_way_is_read() {
        for (text, expected, grouped) in [
            ("7", 7.0, false),
            ("-7.5", -7.5, false),
            ("7,5", 7.5, false),
            ("0.123", 0.123, false),
            ("0,123", 0.123, false),
            ("1234.567", 1234.567, false),
            ("1,234.5", 1234.5, true),
            ("1.234,5", 1234.5, true),
            ("1,234,567", 1_234_567.0, true),
            ("1.234.567", 1_234_567.0, true),
            ("1 234 567,25", 1_234_567.25, true),
            ("1\u{202f}234", 1234.0, true),
            ("1'234.5", 1234.5, true),
            (" +12 ", 12.0, false),
            ("−3", -3.0, false),
        ] {
            assert_eq!(read(None, text), Ok((expected, grouped)), "{text}");
        }
    }

    #[test]
    fn one_that_can_be_read_in_two_ways_is_asked_about_and_the_answer_counts() {
        for text in ["1,234", "12.345", "999.000"] {
            let hint = read(None, text).unwrap_err();
            assert!(hint.is_some_and(|hint| hint.contains("point or a comma")), "{text}");
        }
        assert_eq!(read(Some(Decimal::Point), "1,234"), Ok((1234.0, true)));
        assert_eq!(read(Some(Decimal::Comma), "1,234"), Ok((1.234, false)));
        assert_eq!(read(Some(Decimal::Point), "12.345"), Ok((12.345, false)));
        assert_eq!(read(Some(Decimal::Comma), "12.345"), Ok((12345.0, true)));
    }

    #[test]
    fn what_contradicts_the_source_or_is_no_number_is_refused() {
        for (decimal, text) in [
            (Some(Decimal::Point), "12,5"),
            (Some(Decimal::Comma), "12.5"),
            (None, "1,23,456"),
            (None, "1,234 567"),
            (None, "1234,567.8"),
            (None, "1.2.3"),
            (None, "--1"),
            (None, ""),
            (None, "."),
            (None, ",5"),
            (None, "1e5"),
            (None, "7 %"),
            (None, "NaN"),
            (None, "１２"),
        ] {
            assert_eq!(read(decimal, text), Err(None), "{text}");
        }
    }

    #[test]
    fn a_whole_number_has_no_fraction_but_zeros() {
        let whole = |text: &str| Number::read(None, "n", text).unwrap().whole();
        assert_eq!((whole("1,234,567"), whole("5.00"), whole("5.5")), (Some(1_234_567), Some(5), None));
        assert_eq!(whole("99999999999999999999"), None);
    }
}
