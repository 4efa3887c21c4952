//! Which functions may a filter call, on what, and what do they yield?

use super::value::{EdmType, Instant, Value};
use domain::time::{DAY_SECONDS, Timestamp};

/// A function of OData that is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Contains,
    StartsWith,
    EndsWith,
    Length,
    IndexOf,
    Substring,
    ToLower,
    ToUpper,
    Trim,
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Date,
    Now,
    Round,
    Floor,
    Ceiling,
}

/// What an argument may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    Text,
    Number,
    Whole,
    DayOrMoment,
    Moment,
}

impl Takes {
    pub(super) const fn fits(self, edm: EdmType) -> bool {
        match self {
            Self::Text => matches!(edm, EdmType::String),
            Self::Number => edm.is_number(),
            Self::Whole => matches!(edm, EdmType::Int64),
            Self::DayOrMoment => matches!(edm, EdmType::Date | EdmType::DateTimeOffset),
            Self::Moment => matches!(edm, EdmType::DateTimeOffset),
        }
    }

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "a number",
            Self::Whole => "a whole number",
            Self::DayOrMoment => "a date or a moment",
            Self::Moment => "a moment",
        }
    }
}

/// Functions that OData has and this feed has not.
const NOT_SERVED: [&str; 13] = [
    "concat",
    "matchespattern",
    "hassubset",
    "hassubsequence",
    "cast",
    "isof",
    "time",
    "totaloffsetminutes",
    "totalseconds",
    "fractionalseconds",
    "mindatetime",
    "maxdatetime",
    "case",
];

impl Function {
    pub(super) const ALL: [Self; 20] = [
        Self::Contains,
        Self::StartsWith,
        Self::EndsWith,
        Self::Length,
        Self::IndexOf,
        Self::Substring,
        Self::ToLower,
        Self::ToUpper,
        Self::Trim,
        Self::Year,
        Self::Month,
        Self::Day,
        Self::Hour,
        Self::Minute,
        Self::Second,
        Self::Date,
        Self::Now,
        Self::Round,
        Self::Floor,
        Self::Ceiling,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Contains => "contains",
            Self::StartsWith => "startswith",
            Self::EndsWith => "endswith",
            Self::Length => "length",
            Self::IndexOf => "indexof",
            Self::Substring => "substring",
            Self::ToLower => "tolower",
            Self::ToUpper => "toupper",
            Self::Trim => "trim",
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
            Self::Hour => "hour",
            Self::Minute => "minute",
            Self::Second => "second",
            Self::Date => "date",
            Self::Now => "now",
            Self::Round => "round",
            Self::Floor => "floor",
            Self::Ceiling => "ceiling",
        }
    }

    /// The function of that name, whatever its case.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|function| function.name().eq_ignore_ascii_case(name))
    }

    /// Whether OData has a function of that name which is not served.
    pub(super) fn is_known_elsewhere(name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        NOT_SERVED.contains(&name.as_str()) || name.starts_with("geo.")
    }

    /// The fewest and the most arguments, and what they must be.
    pub(super) const fn takes(self) -> (usize, &'static [Takes]) {
        match self {
            Self::Contains | Self::StartsWith | Self::EndsWith | Self::IndexOf => (2, &[Takes::Text, Takes::Text]),
            Self::Length | Self::ToLower | Self::ToUpper | Self::Trim => (1, &[Takes::Text]),
            Self::Substring => (2, &[Takes::Text, Takes::Whole, Takes::Whole]),
            Self::Year | Self::Month | Self::Day => (1, &[Takes::DayOrMoment]),
            Self::Hour | Self::Minute | Self::Second | Self::Date => (1, &[Takes::Moment]),
            Self::Now => (0, &[]),
            Self::Round | Self::Floor | Self::Ceiling => (1, &[Takes::Number]),
        }
    }

    pub(super) const fn yields(self) -> EdmType {
        match self {
            Self::Contains | Self::StartsWith | Self::EndsWith => EdmType::Boolean,
            Self::Substring | Self::ToLower | Self::ToUpper | Self::Trim => EdmType::String,
            Self::Date => EdmType::Date,
            Self::Now => EdmType::DateTimeOffset,
            Self::Round | Self::Floor | Self::Ceiling => EdmType::Double,
            Self::Length
            | Self::IndexOf
            | Self::Year
            | Self::Month
            | Self::Day
            | Self::Hour
            | Self::Minute
            | Self::Second => EdmType::Int64,
        }
    }

    /// The answer for known arguments; null where one of them is null.
    pub(super) fn call<'a>(self, arguments: &[Value<'a>]) -> Value<'a> {
        match (self, arguments) {
            (Self::Contains, [Value::Text(text), Value::Text(other)]) => Value::Boolean(text.contains(other.as_ref())),
            (Self::StartsWith, [Value::Text(text), Value::Text(other)]) => {
                Value::Boolean(text.starts_with(other.as_ref()))
            }
            (Self::EndsWith, [Value::Text(text), Value::Text(other)]) => Value::Boolean(text.ends_with(other.as_ref())),
            (Self::IndexOf, [Value::Text(text), Value::Text(other)]) => text
                .split_once(other.as_ref())
                .map_or(Value::Integer(-1), |(before, _)| Value::count(before.chars().count())),
            (Self::Length, [Value::Text(text)]) => Value::count(text.chars().count()),
            (Self::ToLower, [Value::Text(text)]) => Value::Text(text.to_lowercase().into()),
            (Self::ToUpper, [Value::Text(text)]) => Value::Text(text.to_uppercase().into()),
            (Self::Trim, [Value::Text(text)]) => Value::Text(text.trim().to_owned().into()),
            (Self::Substring, [Value::Text(text), Value::Integer(from)]) => substring(text, *from, None),
            (Self::Substring, [Value::Text(text), Value::Integer(from), Value::Integer(length)]) => {
                substring(text, *from, Some(*length))
            }
            (Self::Round, [number]) => real(number, f64::round),
            (Self::Floor, [number]) => real(number, f64::floor),
            (Self::Ceiling, [number]) => real(number, f64::ceil),
            (_, [Value::Date(day)]) => self.of_moment(Timestamp::start_of_day(*day)),
            (_, [Value::Instant(moment)]) => self.of_moment(Timestamp::from_seconds(moment.seconds)),
            _ => Value::Null,
        }
    }

    fn of_moment<'a>(self, moment: Timestamp) -> Value<'a> {
        let within_day = moment.seconds().rem_euclid(DAY_SECONDS);
        let text = moment.to_string();
        let part = |range: std::ops::Range<usize>| {
            text.get(range).and_then(|digits| digits.parse().ok()).map_or(Value::Null, Value::Integer)
        };
        match (self, within_day) {
            (Self::Date, _) => Value::Date(moment.day()),
            (Self::Year, _) => part(0..4),
            (Self::Month, _) => part(5..7),
            (Self::Day, _) => part(8..10),
            (Self::Hour, seconds) => Value::Integer(seconds / 3_600),
            (Self::Minute, seconds) => Value::Integer(seconds / 60 % 60),
            (Self::Second, seconds) => Value::Integer(seconds % 60),
            _ => Value::Null,
        }
    }
}

fn real<'a>(number: &Value<'a>, rounded: fn(f64) -> f64) -> Value<'a> {
    number.as_double().map_or(Value::Null, |number| Value::Double(rounded(number)))
}

/// The part from a character on, which is empty beyond the end; a negative start or length is unknown.
fn substring<'a>(text: &str, from: i64, length: Option<i64>) -> Value<'a> {
    let Ok(from) = usize::try_from(from) else {
        return Value::Null;
    };
    let Ok(length) = length.map_or(Ok(usize::MAX), usize::try_from) else {
        return Value::Null;
    };
    Value::Text(text.chars().skip(from).take(length).collect::<String>().into())
}

/// What `now()` stands for: the end of the view, so that an answer repeats.
pub(super) fn now(as_of: Timestamp) -> Value<'static> {
    Value::Instant(Instant::from(as_of))
}
