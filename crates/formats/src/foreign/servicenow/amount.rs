//! How many is that: counts with signs between thousands, and durations in the three ways the tool writes them?

use crate::foreign::{Decimal, number::Number};
use domain::time::{DAY_SECONDS, Timestamp};

/// A number, and whether signs between its thousands were taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Amount {
    pub(super) value: u64,
    pub(super) had_signs: bool,
}

impl Amount {
    /// A whole number.
    pub(super) fn whole(text: &str, decimal: Option<Decimal>) -> Option<Self> {
        // Without a word of a person the tool writes as in English.
        let number = Number::read(decimal.or(Some(Decimal::Point)), "", text).ok()?;
        Some(Self { value: u64::try_from(number.whole()?).ok()?, had_signs: number.met.is_some() })
    }

    /// A duration in seconds: a number of them, words (`1 Day 2 Hours`), or a moment counted from 1970.
    pub(super) fn seconds(text: &str, decimal: Option<Decimal>) -> Option<Self> {
        let plain = |value| Self { value, had_signs: false };
        Self::whole(text, decimal)
            .or_else(|| since_1970(text).map(plain))
            .or_else(|| in_words(text, decimal).map(plain))
    }
}

fn since_1970(text: &str) -> Option<u64> {
    let moment = Timestamp::parse(&format!("{}Z", text.replacen(' ', "T", 1))).ok()?;
    u64::try_from(moment.seconds()).ok()
}

fn in_words(text: &str, decimal: Option<Decimal>) -> Option<u64> {
    let mut words = text.split_whitespace().peekable();
    let mut total = 0_u64;
    words.peek()?;
    while let Some(count) = words.next() {
        let count = Amount::whole(count, decimal)?.value;
        let unit = words.next()?.to_ascii_lowercase();
        let seconds = match unit.trim_end_matches('s') {
            "day" => DAY_SECONDS.unsigned_abs(),
            "hour" => 3_600,
            "minute" => 60,
            "second" => 1,
            _ => return None,
        };
        total = total.checked_add(count.checked_mul(seconds)?)?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_may_have_signs_between_them() {
        let amount = |text, decimal| Amount::whole(text, decimal).map(|amount| (amount.value, amount.had_signs));
        assert_eq!(amount("12", None), Some((12, false)));
        assert_eq!(amount("1,234,567", None), Some((1_234_567, true)));
        assert_eq!(amount("1.234", Some(Decimal::Comma)), Some((1_234, true)));
        assert_eq!(amount("3.0", None), Some((3, false)));
        for text in ["1.5", "12,34", "", "x", "1,2345", "-1", "1234,567"] {
            assert_eq!(amount(text, None), None, "{text}");
        }
    }

    #[test]
    fn a_duration_is_written_in_three_ways() {
        let seconds = |text| Amount::seconds(text, None).map(|amount| amount.value);
        assert_eq!(seconds("93,784"), Some(93_784));
        assert_eq!(seconds("1 Day 2 Hours 3 Minutes 4 Seconds"), Some(93_784));
        assert_eq!(seconds("1970-01-02 02:03:04"), Some(93_784));
        assert_eq!(seconds("soon"), None);
        assert_eq!(seconds("2 moons"), None);
    }
}
