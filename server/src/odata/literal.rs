//! How are numbers, days and moments written in an address?

use super::value::{EdmType, Instant, Value};
use domain::time::Timestamp;

/// Reads a number, a day or a moment that stands without quotes.
pub(super) fn bare(text: &str) -> Option<Value<'static>> {
    if text.contains(['T', 't']) {
        return instant(text).map(Value::Instant);
    }
    if text.len() == 10 && text.get(4..5) == Some("-") {
        return date(text).map(Value::Date);
    }
    number(text)
}

/// Reads the text of a quoted literal as another type, as 4.01 allows.
pub(super) fn cast(text: &str, edm: EdmType) -> Option<Value<'static>> {
    match edm {
        EdmType::Boolean if text.eq_ignore_ascii_case("true") => Some(Value::Boolean(true)),
        EdmType::Boolean if text.eq_ignore_ascii_case("false") => Some(Value::Boolean(false)),
        EdmType::Boolean => None,
        EdmType::Int64 | EdmType::Double => number(text),
        EdmType::Date => date(text).map(Value::Date),
        EdmType::DateTimeOffset => instant(text).map(Value::Instant),
        EdmType::String => Some(Value::Text(text.to_owned().into())),
    }
}

fn number(text: &str) -> Option<Value<'static>> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !digits.starts_with(|first: char| first.is_ascii_digit()) || digits.ends_with('.') {
        return None;
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit())
        && let Ok(whole) = text.parse()
    {
        return Some(Value::Integer(whole));
    }
    let known = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-');
    if !digits.bytes().all(known) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Double)
}

/// `YYYY-MM-DD` as a day number.
fn date(text: &str) -> Option<i64> {
    if text.len() != 10 {
        return None;
    }
    Timestamp::parse(&format!("{text}T00:00:00Z")).ok().map(Timestamp::day)
}

/// `YYYY-MM-DDTHH:MM[:SS[.fraction]]` with `Z` or an offset. The plus of an offset may have become a space on its way.
fn instant(text: &str) -> Option<Instant> {
    let text = text.to_ascii_uppercase().replace(' ', "+");
    let (clock, rest) = text.split_at_checked(16)?;
    let whole = if rest.starts_with(':') { text.clone() } else { format!("{clock}:00{rest}") };
    let moment = Timestamp::parse(&whole).ok()?;
    Some(Instant { seconds: moment.seconds(), nanos: whole.split_once('.').map_or(0, |(_, after)| nanos(after)) })
}

/// The first nine digits of a fraction; finer ones are cut.
fn nanos(after_point: &str) -> u32 {
    let digits = after_point.bytes().map_while(|byte| byte.checked_sub(b'0').filter(|digit| *digit < 10));
    digits.chain(std::iter::repeat(0)).take(9).fold(0, |sum, digit| sum * 10 + u32::from(digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_days_and_moments_are_read() {
        assert_eq!(bare("-12"), Some(Value::Integer(-12)));
        assert_eq!(bare("1.5e3"), Some(Value::Double(1500.0)));
        assert_eq!(bare("99999999999999999999"), Some(Value::Double(1e20)));
        assert_eq!(bare("1970-01-03"), Some(Value::Date(2)));
        let moment = |seconds, nanos| Some(Value::Instant(Instant { seconds, nanos }));
        assert_eq!(bare("1970-01-01T01:00:00.25+01:00"), moment(0, 250_000_000));
        assert_eq!(bare("1970-01-01t00:01z"), moment(60, 0), "seconds may be left out");
        assert_eq!(bare("1970-01-01T01:00:00 01:00"), moment(0, 0), "a plus that became a space");
    }

    #[test]
    fn what_only_looks_like_one_is_refused() {
        for text in [
            "",
            "-",
            "1.",
            ".5",
            "1e",
            "0x10",
            "1970-13-01",
            "1970-1-1",
            "1970-01-01T00:00:00",
            "1_000",
            "1e999",
            "infinity",
        ] {
            assert_eq!(bare(text), None, "{text}");
        }
    }
}
