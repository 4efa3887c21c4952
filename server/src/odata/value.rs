//! What can stand in a cell, and how do two cells compare?

use domain::time::Timestamp;
use std::{borrow::Cow, cmp::Ordering};

/// The types of columns and literals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EdmType {
    Boolean,
    Int64,
    Double,
    String,
    Date,
    DateTimeOffset,
}

impl EdmType {
    /// The name in `$metadata`, without `Edm.`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Boolean => "Boolean",
            Self::Int64 => "Int64",
            Self::Double => "Double",
            Self::String => "String",
            Self::Date => "Date",
            Self::DateTimeOffset => "DateTimeOffset",
        }
    }

    pub(super) const fn is_number(self) -> bool {
        matches!(self, Self::Int64 | Self::Double)
    }
}

/// A moment; stored ones are whole seconds, literals may be finer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub seconds: i64,
    /// Billionths of a second after them.
    pub nanos: u32,
}

impl From<Timestamp> for Instant {
    fn from(moment: Timestamp) -> Self {
        Self { seconds: moment.seconds(), nanos: 0 }
    }
}

/// One cell or literal. Null is unknown, never zero.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    Null,
    Boolean(bool),
    Integer(i64),
    Double(f64),
    Text(Cow<'a, str>),
    /// Days since 1970-01-01.
    Date(i64),
    Instant(Instant),
}

impl<'a> Value<'a> {
    pub(crate) const fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    pub(crate) fn maybe_text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::text)
    }

    pub(crate) fn moment(moment: Option<Timestamp>) -> Self {
        moment.map_or(Self::Null, |moment| Self::Instant(moment.into()))
    }

    /// A count, which stays far below what an Int64 holds.
    pub(crate) fn count(count: usize) -> Self {
        i64::try_from(count).map_or(Self::Null, Self::Integer)
    }

    /// The same value without anything borrowed.
    pub(super) fn into_owned(self) -> Value<'static> {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(it) => Value::Boolean(it),
            Self::Integer(it) => Value::Integer(it),
            Self::Double(it) => Value::Double(it),
            Self::Text(it) => Value::Text(Cow::Owned(it.into_owned())),
            Self::Date(it) => Value::Date(it),
            Self::Instant(it) => Value::Instant(it),
        }
    }

    pub(super) const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The number as a double, if it is one.
    pub(super) fn as_double(&self) -> Option<f64> {
        match self {
            Self::Integer(it) => Some(double(*it)),
            Self::Double(it) => Some(*it),
            Self::Null | Self::Boolean(_) | Self::Text(_) | Self::Date(_) | Self::Instant(_) => None,
        }
    }

    const fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Boolean(_) => 1,
            Self::Integer(_) | Self::Double(_) => 2,
            Self::Text(_) => 3,
            Self::Date(_) => 4,
            Self::Instant(_) => 5,
        }
    }

    /// `eq`: null equals null and nothing else.
    pub(super) fn equals(&self, other: &Self) -> bool {
        if self.is_null() || other.is_null() {
            return self.is_null() && other.is_null();
        }
        self.compare(other) == Some(Ordering::Equal)
    }

    /// How two known values of one family compare; `None` with a null, a not-a-number or two families.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Boolean(left), Self::Boolean(right)) => Some(left.cmp(right)),
            (Self::Integer(left), Self::Integer(right)) | (Self::Date(left), Self::Date(right)) => {
                Some(left.cmp(right))
            }
            (Self::Text(left), Self::Text(right)) => Some(left.cmp(right)),
            (Self::Instant(left), Self::Instant(right)) => Some(left.cmp(right)),
            (left, right) => left.as_double()?.partial_cmp(&right.as_double()?),
        }
    }

    /// One order of all values, nulls first: what `$orderby` and the lists of `in` sort by.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank()).then_with(|| {
            self.compare(other)
                .or_else(|| Some(self.as_double()?.total_cmp(&other.as_double()?)))
                .unwrap_or(Ordering::Equal)
        })
    }
}

/// An integer as a double; beyond 2^53 the last digits go, which only a literal can reach.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts and seconds stay below 2^53; a larger literal compares with doubles, which have no such digits"
)]
pub(super) const fn double(value: i64) -> f64 {
    value as f64
}
