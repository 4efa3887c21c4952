//! When is that? And if it is no time: what is it instead, and what should stand there?

use crate::{
    field::Field,
    held::{Fault, shown},
    json::Value,
};
use domain::{quarantine::Reason, time::Timestamp};

/// 2000-01-01T00:00:00Z. What lies before is a marker or a mistake.
const EARLIEST_SECONDS: i64 = 946_684_800;

/// The end of 1970: moments up to here, and year 1, are how tools write "missing".
const MARKER_UNTIL_SECONDS: i64 = 31_536_000;

/// Reads a time of that field.
pub(super) fn time(field: Field, value: &Value<'_>) -> Result<Timestamp, Box<Fault>> {
    let Some(text) = value.as_text() else {
        return Err(not_text(field, value).into());
    };
    match Timestamp::parse(text) {
        Ok(moment) => in_range(field, text, moment),
        Err(_) => Err(no_time(field, text).into()),
    }
}

/// Reads a time, or a bare date, which means its last second in UTC.
pub(super) fn time_or_date(field: Field, value: &Value<'_>) -> Result<Timestamp, Box<Fault>> {
    if let Value::Text(text) = value
        && let Some(last_second) = last_second_of(text)
        && let Ok(moment) = Timestamp::parse(&last_second)
    {
        return in_range(field, text, moment);
    }
    time(field, value)
}

/// The last second of a bare date, as text; `None` for anything that is not shaped like one.
pub(super) fn last_second_of(text: &str) -> Option<String> {
    shaped(text, "dddd-dd-dd").then(|| format!("{text}T23:59:59Z"))
}

fn in_range(field: Field, text: &str, moment: Timestamp) -> Result<Timestamp, Box<Fault>> {
    if moment.seconds() >= EARLIEST_SECONDS {
        Ok(moment)
    } else if moment.seconds() < MARKER_UNTIL_SECONDS {
        Err(marker(field, text).into())
    } else {
        Err(out_of_range(field, format!("`{}` lies before 2000", shown(text))).into())
    }
}

fn marker(field: Field, text: &str) -> Fault {
    out_of_range(field, format!("`{}` looks like a missing marker", shown(text)))
}

fn out_of_range(field: Field, what: String) -> Fault {
    let fault = Fault::of(field.as_str(), Reason::TimeRange, what + ", expected a time since 2000");
    fault.hint("leave the event out where its time is not known")
}

fn not_text(field: Field, value: &Value<'_>) -> Fault {
    let what = match value.as_digits() {
        Some(digits @ ("0" | "-1")) => return marker(field, digits),
        Some(digits) => format!("`{}` is a number", shown(digits)),
        None => format!("`{}` holds {}", field.as_str(), value.what()),
    };
    Fault::of(field.as_str(), Reason::BadValue, what + ", expected a time as text").hint(HOW)
}

const HOW: &str = "write RFC 3339 with an offset, as in `2026-03-01T10:00:00Z`";

fn no_time(field: Field, text: &str) -> Fault {
    let (name, shown_text) = (field.as_str(), shown(text));
    if matches!(text, "0" | "-1") {
        return marker(field, text);
    }
    if is_naive(text) {
        let detail = format!("time without offset `{shown_text}`, expected RFC 3339 with one");
        return Fault::of(name, Reason::NaiveTime, detail).hint("add `Z` or an offset such as `+01:00`");
    }
    let fault = Fault::of(name, Reason::BadValue, format!("`{shown_text}` is not a time, expected RFC 3339"));
    if text.starts_with("####") || is_spreadsheet_day(text) {
        return fault.hint(crate::csv::REFORMATTED);
    }
    let tail = text.len().checked_sub(5).and_then(|from| text.get(from..));
    if tail.is_some_and(|tail| shaped(tail, "sdddd")) {
        return fault.hint("write the offset with a colon, as in `+08:00`");
    }
    fault.hint(HOW)
}

/// Whether a text is a date and time of a calendar to which nothing but the offset is missing.
fn is_naive(text: &str) -> bool {
    let date = text.get(..10).unwrap_or(text);
    if !shaped(date, "dddd-dd-dd") || Timestamp::parse(&format!("{date}T00:00:00Z")).is_err() {
        return false;
    }
    let clock = text.get(10..).unwrap_or_default();
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    is_fraction && ["", "tdd:dd", "tdd:dd:dd"].iter().any(|shape| shaped(clock, shape))
}

/// Days since 1899 with a fraction: what a spreadsheet makes of a time.
fn is_spreadsheet_day(text: &str) -> bool {
    let (days, fraction) = text.split_once('.').unwrap_or((text, ""));
    shaped(days, "ddddd") && fraction.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text has this shape: `d` a digit, `s` a sign, `t` what stands between date and time, else itself.
fn shaped(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(byte, sign)| match sign {
            b'd' => byte.is_ascii_digit(),
            b's' => matches!(byte, b'+' | b'-'),
            b't' => matches!(byte, b'T' | b't' | b' '),
            other => byte == other,
        })
}
