//! Which held lines does an address speak of, and what is to become of them? The one type of the page's address.
//!
//! `QualityQuery::parse(&query.print())` gives the same query again. Ticked lines have a name each, so that a plain form can
//! send them.

use std::collections::BTreeSet;

use domain::day::Day;
use domain::quarantine::Reason;

use super::{FilterError, PAGE_MAX, QUERY_BYTES_MAX, decode, encode, refuse, text};

/// A reason or a word of the form.
const NOTE_CHARS_MAX: usize = 500;
/// The parts that say which moment a view describes; they are carried along.
const MOMENT: [&str; 4] = ["as_of", "known_at", "observed_from", "mode"];

/// What an address says about held lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QualityQuery {
    pub reason: Option<Reason>,
    pub source: Option<String>,
    pub import: Option<i64>,
    /// Letters of the line, exactly as they came.
    pub text: Option<String>,
    /// Counted from 0, so that the first is the usual one.
    pub pages_skipped: u32,
    /// Imports from this day on.
    pub from: Option<Day>,
    /// Imports up to this day.
    pub to: Option<Day>,
    /// A decision to tell of.
    pub act: Option<i64>,
    pub choice: Choice,
    /// Moment and mode of the view, as they were written.
    pub moment: Vec<(String, String)>,
}

/// Which lines are chosen, and what for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    pub deed: Option<Deed>,
    /// All that match, and not only those that are ticked.
    pub is_whole: bool,
    pub lines: BTreeSet<i64>,
    /// The field that gets a word.
    pub field: String,
    pub value: String,
    /// The word it holds before; empty where the field is empty.
    pub word: String,
    pub zone: String,
    pub note: String,
}

/// What is to become of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Release,
    Set,
    Zone,
    Low,
    Dismiss,
}

impl Deed {
    pub const ALL: [Self; 5] = [Self::Release, Self::Set, Self::Zone, Self::Low, Self::Dismiss];

    /// The word in the address.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Set => "set",
            Self::Zone => "zone",
            Self::Low => "low",
            Self::Dismiss => "dismiss",
        }
    }
}

impl QualityQuery {
    /// Reads what stands behind `?`.
    ///
    /// # Errors
    /// The first part that cannot be read.
    pub fn parse(query: &str) -> Result<Self, FilterError> {
        let query = query.strip_prefix('?').unwrap_or(query);
        if query.len() > QUERY_BYTES_MAX {
            return Err(refuse("address", &format!("{} bytes", query.len()), "at most 4096 bytes"));
        }
        let mut found = Self::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name), decode(value));
            if !value.trim().is_empty() {
                found.take(&name, value.trim())?;
            }
        }
        Ok(found)
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), FilterError> {
        let day = |value: &str| value.parse().map_err(|_| refuse(name, value, "a day, as in `2026-03-01`"));
        match name {
            "reason" => self.reason = Some(value.parse().map_err(|_| refuse(name, value, "a reason"))?),
            "source" => self.source = Some(text(name, value)?),
            "import" => self.import = Some(number(name, value)?),
            "q" => self.text = Some(text(name, value)?),
            "page" => self.pages_skipped = super::page(name, value)?.saturating_sub(1),
            "from" => self.from = Some(day(value)?),
            "to" => self.to = Some(day(value)?),
            "act" => self.act = Some(number(name, value)?),
            _ if MOMENT.contains(&name) => self.moment.push((name.to_owned(), value.to_owned())),
            _ => self.choice.take(name, value)?,
        }
        Ok(())
    }

    /// What to write behind `?`; empty when nothing is narrowed and nothing chosen.
    #[must_use]
    pub fn print(&self) -> String {
        let mut parts = self.filter_parts();
        let mut put = |name: &str, value: Option<String>| parts.extend(value.map(|value| (name.to_owned(), value)));
        put("page", (self.pages_skipped != 0).then(|| self.pages_skipped.saturating_add(1).min(PAGE_MAX).to_string()));
        put("act", self.act.map(|act| act.to_string()));
        parts.extend(self.choice.parts());
        let encoded = parts.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        encoded.collect::<Vec<_>>().join("&")
    }

    /// The filter and the moment, without page and choice.
    #[must_use]
    pub fn filter_parts(&self) -> Vec<(String, String)> {
        let mut parts = Vec::new();
        let mut put = |name: &str, value: Option<String>| parts.extend(value.map(|value| (name.to_owned(), value)));
        put("reason", self.reason.map(|reason| reason.to_string()));
        put("source", self.source.clone());
        put("import", self.import.map(|import| import.to_string()));
        put("q", self.text.clone());
        put("from", self.from.map(|day| day.to_string()));
        put("to", self.to.map(|day| day.to_string()));
        parts.extend(self.moment.iter().cloned());
        parts
    }

    /// The address of `path` under this query.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        let query = self.print();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// The same lines with nothing chosen and no decision told of, from the first page.
    #[must_use]
    pub fn plain(&self) -> Self {
        Self { choice: Choice::default(), act: None, pages_skipped: 0, ..self.clone() }
    }

    /// Moment and mode alone, for the rest of the site.
    #[must_use]
    pub fn moment_query(&self) -> String {
        let encoded = self.moment.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        encoded.collect::<Vec<_>>().join("&")
    }

    /// Whether any line is left out.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        self.reason.is_some() || self.source.is_some() || self.import.is_some() || self.text.is_some()
    }
}

impl Choice {
    fn take(&mut self, name: &str, value: &str) -> Result<(), FilterError> {
        match name {
            "do" => {
                let deed = Deed::ALL.into_iter().find(|deed| deed.word() == value);
                self.deed = Some(deed.ok_or_else(|| refuse(name, value, "release, set, zone, low or dismiss"))?);
            }
            "whole" => self.is_whole = value == "on",
            "field" => self.field = text(name, value)?,
            "value" => self.value = text(name, value)?,
            "word" => self.word = text(name, value)?,
            "zone" => self.zone = text(name, value)?,
            "note" if value.chars().count() > NOTE_CHARS_MAX => return Err(refuse(name, value, "at most 500 letters")),
            "note" => value.clone_into(&mut self.note),
            _ => {
                if let Some(line) = name.strip_prefix("line-") {
                    self.lines.insert(number(name, line)?);
                }
            }
        }
        Ok(())
    }

    fn parts(&self) -> Vec<(String, String)> {
        let mut parts = Vec::new();
        let mut put = |name: &str, value: &str| {
            if !value.is_empty() {
                parts.push((name.to_owned(), value.to_owned()));
            }
        };
        put("do", self.deed.map_or("", Deed::word));
        put("whole", if self.is_whole { "on" } else { "" });
        put("field", &self.field);
        put("value", &self.value);
        put("word", &self.word);
        put("zone", &self.zone);
        put("note", &self.note);
        parts.extend(self.lines.iter().map(|line| (format!("line-{line}"), "on".to_owned())));
        parts
    }
}

fn number(name: &str, value: &str) -> Result<i64, FilterError> {
    let number = value.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| refuse(name, value, "a number, counted from 1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_reads_back() {
        let all = "reason=naive_time&source=jira%20prod&import=4&q=a%26b&from=2026-03-01&to=2026-04-01\
                   &as_of=2026-07-01T00%3A00%3A00Z&page=3&act=9&do=set&whole=on&field=team&value=Cloud&word=x&zone=Europe%2FMadrid\
                   &note=no&line-3=on&line-17=on";
        let query = QualityQuery::parse(all).unwrap();
        assert_eq!(query.print(), all.replace(' ', ""));
        assert_eq!(QualityQuery::parse(&query.print()), Ok(query.clone()));
        assert_eq!((query.pages_skipped, query.choice.lines.len()), (2, 2));
        assert_eq!(QualityQuery::parse("").unwrap().print(), "");
    }

    #[test]
    fn what_cannot_be_read_is_refused_in_words() {
        for query in ["reason=weather", "do=burn", "page=0", "from=yesterday", "line-x=on", "line-0=on", "act=-1"] {
            assert!(QualityQuery::parse(query).is_err(), "{query}");
        }
        let long = format!("note={}", "x".repeat(501));
        assert!(QualityQuery::parse(&long).is_err());
        assert!(QualityQuery::parse(&"x".repeat(5_000)).is_err());
    }

    #[test]
    fn the_plain_view_forgets_choice_page_and_decision() {
        let query = QualityQuery::parse("reason=future&page=3&act=9&do=low&line-3=on&mode=lenient").unwrap();
        assert_eq!(query.plain().print(), "reason=future&mode=lenient");
        assert_eq!(query.moment_query(), "mode=lenient");
        assert!(query.is_narrowed() && !QualityQuery::parse("mode=lenient").unwrap().is_narrowed());
    }
}
