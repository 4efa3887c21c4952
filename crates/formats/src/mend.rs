//! Which faults can be put right in many lines at once, without guessing? A word that a person chose, a zone that a
//! person chose, and nothing that is not asked for.
//!
//! Everything else in the line stays to the letter: the digits of its numbers, and the order of its fields.

use crate::{
    canonical::{Outcome, read_line},
    foreign::{Clock, Settings},
    held::Fault,
    json::{FaultKind, Members, Rules, Value, object, write_members},
};
use domain::{quarantine::Reason, time::Timestamp};
use std::borrow::Cow;

/// The fields a word can be set in. None of them says which event of which item it is, or when it was.
pub const SETTABLE: &[&str] = &[
    "actor",
    "actor_type",
    "asset",
    "asset_class",
    "certainty",
    "event",
    "kind",
    "method",
    "owner",
    "reason_code",
    "severity",
    "team",
];

/// The fields that hold a moment.
const MOMENTS: [&str; 4] = ["at", "at_latest", "expires_at", "received_at"];

/// Which lines a word is set in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    /// Where the field is absent, null or empty.
    Empty,
    /// Where it holds this word, to the letter.
    Holds(String),
}

/// What is put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mend {
    /// A field gets a word.
    Set {
        /// One of [`SETTABLE`].
        field: String,
        /// What it holds afterwards.
        value: String,
        /// In which lines.
        when: Where,
    },
    /// Times without an offset are read in this zone, a name as in `Europe/Madrid`.
    Zone(String),
    /// A severity below low becomes low.
    AsLow,
}

/// What became of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mended {
    /// It reads so now.
    Changed(Vec<u8>),
    /// There was nothing of the kind to put right.
    Untouched,
    /// It cannot be put right in this way.
    Not(Box<Fault>),
}

impl Mend {
    /// Whether all of it can be followed.
    ///
    /// # Errors
    /// A sentence for whoever wrote it.
    pub fn check(&self) -> Result<(), String> {
        match self {
            Self::AsLow => Ok(()),
            Self::Zone(zone) => settings(zone).check(),
            Self::Set { field, value, .. } if !SETTABLE.contains(&field.as_str()) => Err(format!(
                "`{field}` is not set in many lines at once (`{value}`), expected one of: {}",
                SETTABLE.join(", ")
            )),
            Self::Set { value, .. } if value.is_empty() => Err("the word to set is empty".to_owned()),
            Self::Set { .. } => Ok(()),
        }
    }

    /// Puts one line right.
    ///
    /// ```
    /// use formats::mend::{Mend, Mended};
    ///
    /// let line = br#"{"item_id":"a@b","event":"detected","at":"2026-03-01 10:00:00"}"#;
    /// let Mended::Changed(mended) = Mend::Zone("Europe/Madrid".to_owned()).apply(line) else { panic!("not mended") };
    /// assert_eq!(mended, br#"{"item_id":"a@b","event":"detected","at":"2026-03-01T09:00:00Z"}"#);
    /// ```
    #[must_use]
    pub fn apply(&self, line: &[u8]) -> Mended {
        if let Outcome::Held(held) = read_line(line)
            && held.reason == Reason::Unreadable
        {
            let fault = held.faults.into_iter().next();
            let fault = fault.unwrap_or_else(|| Fault::whole(Reason::Unreadable, "not a JSON object".to_owned()));
            return Mended::Not(Box::new(fault));
        }
        let Some(members) = str::from_utf8(line).ok().and_then(members_of) else {
            return Mended::Not(Box::new(Fault::whole(Reason::Unreadable, "not a JSON object".to_owned())));
        };
        match self {
            Self::Set { field, value, when } => changed(set(members, field, value, when)),
            Self::AsLow => changed(as_low(line, members)),
            Self::Zone(zone) => match in_zone(members, &Clock::of(&settings(zone))) {
                Ok(members) => changed(members),
                Err(fault) => Mended::Not(fault),
            },
        }
    }
}

fn settings(zone: &str) -> Settings {
    Settings { zone: Some(zone.to_owned()), ..Settings::default() }
}

fn members_of(text: &str) -> Option<Members<'_>> {
    let mut members: Members<'_> = Vec::new();
    object(text, Rules::OUTSIDE, |key, value| {
        if members.iter().any(|(known, _)| *known == key) {
            return Err(FaultKind::RepeatedKey);
        }
        members.push((key, value));
        Ok(())
    })
    .ok()?;
    Some(members)
}

fn changed(members: Option<Members<'_>>) -> Mended {
    let Some(members) = members else { return Mended::Untouched };
    let mut out = String::new();
    write_members(&mut out, &members, |out, digits| out.push_str(digits));
    Mended::Changed(out.into_bytes())
}

/// Null and empty text say nothing, as everywhere in a canonical line.
fn says_nothing(value: &Value<'_>) -> bool {
    match value {
        Value::Null => true,
        Value::Text(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn set<'a>(mut members: Members<'a>, field: &str, value: &str, when: &Where) -> Option<Members<'a>> {
    let word = || Value::Text(Cow::Owned(value.to_owned()));
    let found = members.iter_mut().find(|(name, _)| name == field).map(|(_, found)| found);
    match (found, when) {
        (None, Where::Empty) => members.push((Cow::Owned(field.to_owned()), word())),
        (Some(found), Where::Empty) if says_nothing(found) => *found = word(),
        (Some(found), Where::Holds(wanted)) if found.as_text() == Some(wanted) && wanted != value => *found = word(),
        (None | Some(_), _) => return None,
    }
    Some(members)
}

/// Only a line whose one fault is a severity below low is taken.
fn as_low<'a>(line: &[u8], mut members: Members<'a>) -> Option<Members<'a>> {
    let Outcome::Held(held) = read_line(line) else { return None };
    if held.reason != Reason::BelowScope {
        return None;
    }
    let (_, severity) = members.iter_mut().find(|(name, _)| name == "severity")?;
    *severity = Value::Text(Cow::Borrowed("low"));
    Some(members)
}

/// Whether a text is a day and a time of it, as `2026-03-01 10:00`: anything else is more than a missing zone.
fn is_naive(text: &str) -> bool {
    let day = text.as_bytes().first_chunk::<10>();
    let is_day = day.is_some_and(|day| {
        day.iter()
            .zip(b"dddd-dd-dd")
            .all(|(byte, sign)| if *sign == b'd' { byte.is_ascii_digit() } else { byte == sign })
    });
    is_day && text.get(10..).is_some_and(|clock| clock.len() >= 6) && Timestamp::parse(text).is_err()
}

fn in_zone<'a>(mut members: Members<'a>, clock: &Clock) -> Result<Option<Members<'a>>, Box<Fault>> {
    let mut any = false;
    for (name, value) in &mut members {
        let Some(field) = MOMENTS.iter().find(|field| **field == name.as_ref()) else { continue };
        let Some(text) = value.as_text().filter(|text| is_naive(text)) else { continue };
        let moment = clock.read(field, text)?;
        if moment.latest.is_some() {
            continue;
        }
        *value = Value::Text(Cow::Owned(moment.at.to_string()));
        any = true;
    }
    Ok(any.then_some(members))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(mended: Mended) -> String {
        match mended {
            Mended::Changed(line) => String::from_utf8(line).unwrap(),
            Mended::Untouched => "untouched".to_owned(),
            Mended::Not(fault) => format!("{}: {}", fault.reason, fault.detail),
        }
    }

    fn set_to(field: &str, value: &str, when: Where) -> Mend {
        Mend::Set { field: field.to_owned(), value: value.to_owned(), when }
    }

    #[test]
    fn a_word_is_set_where_the_field_says_nothing_and_nowhere_else() {
        let fix = set_to("team", "Cloud", Where::Empty);
        for (line, wanted) in [
            (r#"{"a":1}"#, r#"{"a":1,"team":"Cloud"}"#),
            (r#"{"team":null,"a":1.50}"#, r#"{"team":"Cloud","a":1.50}"#),
            (r#"{"team":"","a":123456789012345678901}"#, r#"{"team":"Cloud","a":123456789012345678901}"#),
            (r#"{"team":"Network"}"#, "untouched"),
        ] {
            assert_eq!(text(fix.apply(line.as_bytes())), wanted, "{line}");
        }
    }

    #[test]
    fn a_word_is_replaced_where_it_stands_to_the_letter() {
        let fix = set_to("event", "closed", Where::Holds("done".to_owned()));
        assert_eq!(text(fix.apply(br#"{"event":"done"}"#)), r#"{"event":"closed"}"#);
        for line in [r#"{"event":"Done"}"#, r#"{"event":"closed"}"#, r#"{"a":1}"#, r#"{"event":7}"#] {
            assert_eq!(text(fix.apply(line.as_bytes())), "untouched", "{line}");
        }
    }

    #[test]
    fn a_zone_is_given_to_times_that_lack_one_and_to_no_other_text() {
        let fix = Mend::Zone("Europe/Madrid".to_owned());
        for (line, wanted) in [
            (r#"{"at":"2026-03-01 10:00:00"}"#, r#"{"at":"2026-03-01T09:00:00Z"}"#),
            (r#"{"at":"2026-07-01T10:00"}"#, r#"{"at":"2026-07-01T08:00:00Z"}"#),
            (
                r#"{"at":"2026-03-01T10:00:00Z","expires_at":"2026-03-02 00:00:00"}"#,
                r#"{"at":"2026-03-01T10:00:00Z","expires_at":"2026-03-01T23:00:00Z"}"#,
            ),
            (r#"{"at":"2026-03-01"}"#, "untouched"),
            (r#"{"at":"01/03/2026 10:00"}"#, "untouched"),
            (r#"{"reason":"2026-03-01 10:00:00"}"#, "untouched"),
        ] {
            assert_eq!(text(fix.apply(line.as_bytes())), wanted, "{line}");
        }
    }

    /// On 29 March 2026 Madrid went from 02:00 to 03:00, on 25 October 2026 from 03:00 back to 02:00.
    #[test]
    fn an_hour_that_was_skipped_or_came_twice_stays_held() {
        let fix = Mend::Zone("Europe/Madrid".to_owned());
        assert!(text(fix.apply(br#"{"at":"2026-03-29 02:30:00"}"#)).starts_with("dst_gap"));
        assert!(text(fix.apply(br#"{"at":"2026-10-25 02:30:00"}"#)).starts_with("date_ambiguous"));
    }

    #[test]
    fn only_a_severity_below_low_is_taken_as_low() {
        let line = |severity: &str| {
            format!(r#"{{"item_id":"a@b","event":"detected","at":"2026-03-01T10:00:00Z","severity":"{severity}"}}"#)
        };
        assert!(text(Mend::AsLow.apply(line("info").as_bytes())).contains(r#""severity":"low""#));
        assert_eq!(text(Mend::AsLow.apply(line("high").as_bytes())), "untouched");
        assert_eq!(text(Mend::AsLow.apply(br#"{"event":"detected","severity":"info"}"#)), "untouched");
    }

    #[test]
    fn a_line_that_cannot_be_read_is_not_guessed_at() {
        let fix = set_to("team", "Cloud", Where::Empty);
        for line in [
            &b"not json"[..],
            b"",
            b"[1]",
            br#"{"a":1,"a":2}"#,
            b"{\"a\":\"\xff\"}",
            br#"{"item_id":"x","item_id":"y"}"#,
        ] {
            assert!(text(fix.apply(line)).starts_with("unreadable"), "{line:?}");
        }
    }

    #[test]
    fn a_mend_that_cannot_be_followed_is_refused_in_words() {
        assert!(Mend::Zone("Mars/Olympus".to_owned()).check().is_err());
        assert!(set_to("item_id", "x", Where::Empty).check().is_err());
        assert!(set_to("at", "2026-03-01T10:00:00Z", Where::Empty).check().is_err());
        assert!(set_to("team", "", Where::Empty).check().is_err());
        for field in SETTABLE {
            assert_eq!(set_to(field, "x", Where::Empty).check(), Ok(()));
            assert!(crate::field::names().contains(field), "{field}");
        }
    }
}
