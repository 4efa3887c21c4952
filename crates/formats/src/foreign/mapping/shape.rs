//! What does a column hold, judged by its cells?

use crate::foreign::{Settings, clock::Clock, number::Number, severity::Meant, severity::WORDS};
use domain::quarantine::Reason;
use std::collections::BTreeSet;

/// Cells of a column that look like something; cells that say nothing count nowhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) rows: usize,
    pub(super) filled: usize,
    pub(super) distinct: usize,
    pub(super) times: usize,
    pub(super) severities: usize,
    pub(super) scores: usize,
    pub(super) cves: usize,
    pub(super) hosts: usize,
    pub(super) statuses: usize,
}

/// What a status word tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Open,
    Over,
    FalsePositive,
    Accepted,
}

/// Reads the cells of a column.
pub(super) struct Judge {
    clock: Clock,
}

impl Judge {
    pub(super) fn new() -> Self {
        let settings = Settings { zone: Some("UTC".to_owned()), ..Settings::default() };
        Self { clock: Clock::of(&settings) }
    }

    pub(super) fn shape<'a>(&self, cells: impl Iterator<Item = &'a str>) -> Shape {
        let (mut shape, mut distinct) = (Shape::default(), BTreeSet::new());
        let add = |count: &mut usize, is_it: bool| *count = count.saturating_add(usize::from(is_it));
        for cell in cells.map(str::trim) {
            add(&mut shape.rows, true);
            if cell.is_empty() || matches!(cell, "-" | "N/A" | "null" | "NULL") {
                continue;
            }
            add(&mut shape.filled, true);
            distinct.insert(cell);
            add(&mut shape.times, self.is_time(cell));
            add(&mut shape.severities, severity_in(cell).is_some());
            let score = Number::read(None, "", cell).ok().and_then(|score| score.real());
            add(&mut shape.scores, score.is_some_and(|score| (0.0..=10.0).contains(&score)));
            add(&mut shape.cves, cell.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("CVE-")));
            add(&mut shape.hosts, is_host(cell));
            add(&mut shape.statuses, status(cell).is_some());
        }
        shape.distinct = distinct.len();
        shape
    }

    fn is_time(&self, cell: &str) -> bool {
        if cell.bytes().all(|byte| byte.is_ascii_digit()) {
            return matches!(cell.len(), 10 | 13) && cell.starts_with('1');
        }
        match self.clock.read("", cell) {
            Ok(_) => true,
            Err(fault) => {
                matches!(fault.reason, Reason::DateAmbiguous | Reason::DstGap) && cell.contains(['/', ':', '-'])
            }
        }
    }
}

impl Shape {
    /// Whether at least four of five filled cells look so.
    pub(super) const fn mostly(&self, count: usize) -> bool {
        self.filled > 0 && count.saturating_mul(5) >= self.filled.saturating_mul(4)
    }

    /// Whether nearly every row says something.
    pub(super) const fn is_full(&self) -> bool {
        self.rows > 0 && self.filled.saturating_mul(10) >= self.rows.saturating_mul(9)
    }

    /// Whether every row says something else.
    pub(super) const fn is_unique(&self) -> bool {
        self.rows > 1 && self.filled == self.rows && self.distinct == self.rows
    }

    /// Whether a few words come again and again.
    pub(super) const fn is_words(&self) -> bool {
        self.filled > 0 && self.distinct <= 20 && (self.distinct.saturating_mul(2) <= self.filled || self.distinct <= 4)
    }
}

/// The severity a cell speaks of, in our words: of `1 - Critical` and `P2 (High)` the one word that is known.
pub(super) fn severity_in(cell: &str) -> Option<&'static str> {
    let settings = Settings::default();
    let words = cell.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    let meant: Vec<Meant> =
        words.map(|word| Meant::on(WORDS, &settings, word)).filter(|meant| *meant != Meant::Unknown).collect();
    match meant.as_slice() {
        [Meant::Of(severity)] if cell.len() <= 24 => Some(severity.as_str()),
        [Meant::Below] if cell.len() <= 24 => Some("below"),
        _ => None,
    }
}

/// An address of the network, or a name with dots or a number at its end.
fn is_host(cell: &str) -> bool {
    let is_address = cell.parse::<std::net::IpAddr>().is_ok();
    let plain = cell.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
    let labels: Vec<&str> = cell.split('.').collect();
    let is_domain =
        labels.len() >= 3 && labels.iter().all(|label| label.bytes().any(|byte| byte.is_ascii_alphabetic()));
    let is_numbered = cell.contains('-')
        && cell.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && cell.bytes().last().is_some_and(|byte| byte.is_ascii_digit())
        && !cell.starts_with("CVE-");
    is_address || (plain && (is_domain || is_numbered))
}

/// What a status word tells, by the words most tools share.
pub(super) fn status(word: &str) -> Option<Status> {
    let word = word.to_lowercase().replace(['_', '-'], " ");
    let holds = |words: &[&str]| words.iter().any(|known| word.contains(known));
    if holds(&["false positive", "not a vulnerability", "not applicable"]) {
        Some(Status::FalsePositive)
    } else if holds(&["accept", "exception", "suppress", "ignore", "mute", "waive", "dismiss", "won't fix", "wont fix"])
    {
        Some(Status::Accepted)
    } else if holds(&[
        "unresolved",
        "not fixed",
        "reopen",
        "open",
        "active",
        "new",
        "progress",
        "to do",
        "todo",
        "pending",
    ]) && !holds(&["inactive"])
    {
        Some(Status::Open)
    } else if holds(&[
        "fixed",
        "closed",
        "resolved",
        "remediated",
        "done",
        "complete",
        "mitigated",
        "patched",
        "inactive",
    ]) {
        Some(Status::Over)
    } else {
        holds(&["vulnerable", "confirmed", "existing", "assigned", "triage", "detected"]).then_some(Status::Open)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_judged_by_their_cells() {
        let shape = |cells: &[&str]| Judge::new().shape(cells.iter().copied());
        let times = shape(&["2026-03-01 10:00", "03/04/2026", "", "1772359200"]);
        assert_eq!((times.rows, times.filled, times.times), (4, 3, 3));
        assert_eq!(shape(&["1.2.3", "10.0.0.1", "soon"]).times, 0);
        assert_eq!(shape(&["10.0.0.1", "web-01", "db.prod.example.com", "Tuesday"]).hosts, 3);
        assert!(shape(&["a", "b", "c"]).is_unique() && !shape(&["a", "a"]).is_unique());
    }

    #[test]
    fn a_severity_is_found_between_numbers_and_signs() {
        let found = ["1 - Critical", "P2 (High)", "moderate", "Info", "High or low", "Schwer", "2"].map(severity_in);
        assert_eq!(found, [Some("critical"), Some("high"), Some("medium"), Some("below"), None, None, None]);
    }

    #[test]
    fn status_words_of_many_tools_are_understood() {
        for (word, meant) in [
            ("OPEN", Some(Status::Open)),
            ("In Progress", Some(Status::Open)),
            ("Closed - Fixed", Some(Status::Over)),
            ("Unresolved", Some(Status::Open)),
            ("Resolved", Some(Status::Over)),
            ("Risk Accepted", Some(Status::Accepted)),
            ("FALSE_POSITIVE", Some(Status::FalsePositive)),
            ("Inactive", Some(Status::Over)),
            ("Offen", None),
        ] {
            assert_eq!(status(word), meant, "{word}");
        }
    }
}
