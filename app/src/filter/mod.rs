//! Which items does a view speak of? Everything that narrows a view lives in its address, and this is its one type.
//!
//! `Filter::parse(&filter.print())` gives the same filter again. What a form leaves empty is absent; what cannot be
//! read is refused in words, since a view of something else than was asked for would be worse than none.

mod choice;
mod percent;
mod quality;

use domain::kind::Kind;
use domain::label::Label;
use domain::severity::Severity;
use domain::time::Timestamp;
use domain::view::Verification;

pub use choice::{AgeBand, ClosedBy, Direction, Grouping, ItemSet, ItemState, Sort, SortColumn};
pub use percent::{decode, encode};
pub use quality::{Choice, Deed, QualityQuery};

/// Longer than any address a form can make; what is longer is not read.
pub const QUERY_BYTES_MAX: usize = 4_096;
/// Longer than any name of a team, source or class, and than any text a person searches for.
pub const TEXT_CHARS_MAX: usize = 200;
/// Deep enough for any list a person reads; further in lies an export.
pub const PAGE_MAX: u32 = 1_000_000;

/// What an address says about the items it wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub team: Option<String>,
    pub severity: Option<Severity>,
    pub kind: Option<Kind>,
    pub source: Option<String>,
    pub asset_class: Option<String>,
    /// A technique of attackers, by its id; its sub-techniques too.
    pub technique: Option<String>,
    /// The playbook it is handled by.
    pub playbook: Option<String>,
    /// Who applied the fix or closed it.
    pub actor: Option<ClosedBy>,
    pub state: Option<ItemState>,
    /// Items with at least one second under this label.
    pub label: Option<Label>,
    /// Items that have been there for this long.
    pub age: Option<AgeBand>,
    /// The items behind one figure.
    pub set: Option<ItemSet>,
    /// Items first seen from this moment on.
    pub detected_from: Option<Timestamp>,
    /// Items first seen before this moment.
    pub detected_before: Option<Timestamp>,
    /// Text in the id, the team, the kind or the class.
    pub text: Option<String>,
    pub mode: Verification,
    pub as_of: Option<Timestamp>,
    pub known_at: Option<Timestamp>,
    pub observed_from: Option<Timestamp>,
    /// What the clocks are compared by.
    pub group: Option<Grouping>,
    pub sort: Sort,
    /// Counted from 1.
    pub page: u32,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            team: None,
            severity: None,
            kind: None,
            source: None,
            asset_class: None,
            technique: None,
            playbook: None,
            actor: None,
            state: None,
            label: None,
            age: None,
            set: None,
            detected_from: None,
            detected_before: None,
            text: None,
            mode: Verification::Strict,
            as_of: None,
            known_at: None,
            observed_from: None,
            group: None,
            sort: Sort::default(),
            page: 1,
        }
    }
}

/// Why an address cannot be read as a filter; the words may be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the address says `{name}={value}`, expected {expected}")]
pub struct FilterError {
    name: String,
    value: String,
    expected: String,
}

impl Filter {
    /// Reads what stands behind `?`. Names that no filter has belong to the page and are passed over.
    ///
    /// # Errors
    /// The first name whose value cannot be read.
    pub fn parse(query: &str) -> Result<Self, FilterError> {
        let mut filter = Self::default();
        if query.len() > QUERY_BYTES_MAX {
            return Err(refuse("…", "…", "at most 4096 bytes behind the question mark"));
        }
        for pair in query.trim_start_matches('?').split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name), decode(value));
            let value = value.trim();
            if !value.is_empty() {
                filter.take(&name, value)?;
            }
        }
        Ok(filter)
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), FilterError> {
        let of = |expected: String| move |_| refuse(name, value, &expected);
        match name {
            "team" => self.team = Some(text(name, value)?),
            "source" => self.source = Some(text(name, value)?),
            "asset_class" => self.asset_class = Some(text(name, value)?),
            "technique" => self.technique = Some(text(name, value)?),
            "playbook" => self.playbook = Some(text(name, value)?),
            "q" => self.text = Some(text(name, value)?),
            "severity" => self.severity = Some(value.parse().map_err(|_| refuse(name, value, SEVERITIES))?),
            "kind" => self.kind = Some(value.parse().map_err(|_| refuse(name, value, KINDS))?),
            "actor" => self.actor = Some(choice::find(value).map_err(of(choice::words::<ClosedBy>()))?),
            "state" => self.state = Some(choice::find(value).map_err(of(choice::words::<ItemState>()))?),
            "label" => self.label = Some(label(name, value)?),
            "age" => self.age = Some(choice::find(value).map_err(of(choice::words::<AgeBand>()))?),
            "set" => self.set = Some(choice::find(value).map_err(of(choice::words::<ItemSet>()))?),
            "group" => self.group = Some(choice::find(value).map_err(of(choice::words::<Grouping>()))?),
            "mode" => self.mode = mode(name, value)?,
            "detected_from" => self.detected_from = Some(moment(name, value)?),
            "detected_before" => self.detected_before = Some(moment(name, value)?),
            "as_of" => self.as_of = Some(moment(name, value)?),
            "known_at" => self.known_at = Some(moment(name, value)?),
            "observed_from" => self.observed_from = Some(moment(name, value)?),
            "sort" => self.sort = Sort::parse(value).map_err(of(Sort::words()))?,
            "page" => self.page = page(name, value)?,
            _ => {}
        }
        Ok(())
    }

    /// What to write behind `?`; empty when nothing is narrowed.
    #[must_use]
    pub fn print(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut put = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                parts.push(format!("{name}={}", encode(&value)));
            }
        };
        put("team", self.team.clone());
        put("severity", self.severity.map(|severity| severity.to_string()));
        put("kind", self.kind.map(|kind| kind.to_string()));
        put("source", self.source.clone());
        put("asset_class", self.asset_class.clone());
        put("technique", self.technique.clone());
        put("playbook", self.playbook.clone());
        put("actor", self.actor.map(|actor| choice::word(actor).to_owned()));
        put("state", self.state.map(|state| choice::word(state).to_owned()));
        put("label", self.label.map(|label| label.as_str().to_owned()));
        put("age", self.age.map(|age| choice::word(age).to_owned()));
        put("set", self.set.map(|set| choice::word(set).to_owned()));
        put("detected_from", self.detected_from.map(|moment| moment.to_string()));
        put("detected_before", self.detected_before.map(|moment| moment.to_string()));
        put("q", self.text.clone());
        put("mode", (self.mode == Verification::Lenient).then(|| "lenient".to_owned()));
        put("as_of", self.as_of.map(|moment| moment.to_string()));
        put("known_at", self.known_at.map(|moment| moment.to_string()));
        put("observed_from", self.observed_from.map(|moment| moment.to_string()));
        put("group", self.group.map(|group| choice::word(group).to_owned()));
        put("sort", (self.sort != Sort::default()).then(|| self.sort.print()));
        put("page", (self.page != 1).then(|| self.page.to_string()));
        parts.join("&")
    }

    /// The address of `path` under this filter.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        let query = self.print();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// Only the moment and the mode of this filter: what stays when a reader goes to another question.
    #[must_use]
    pub fn moment_only(&self) -> Self {
        Self {
            mode: self.mode,
            as_of: self.as_of,
            known_at: self.known_at,
            observed_from: self.observed_from,
            ..Self::default()
        }
    }

    /// The address of the list of items behind one figure, seen at the same moment.
    #[must_use]
    pub fn items_of(&self, set: ItemSet) -> String {
        Self { set: Some(set), page: 1, sort: Sort::default(), group: None, ..self.clone() }.address("/items")
    }

    /// The same view, one page of its list further or back.
    #[must_use]
    pub fn at_page(&self, page: u32) -> Self {
        Self { page, ..self.clone() }
    }

    /// The same items in another order, from their first page.
    #[must_use]
    pub fn sorted_by(&self, sort: Sort) -> Self {
        Self { sort, page: 1, ..self.clone() }
    }

    /// Whether anything but the moment, the mode, the order and the page is narrowed.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        let kept = Self { sort: self.sort, page: self.page, group: self.group, ..self.moment_only() };
        *self != kept
    }
}

const SEVERITIES: &str = "critical, high, medium or low";
const KINDS: &str = "vulnerability, identity, misconfiguration, posture, incident, audit_finding or drill_finding";

fn refuse(name: &str, value: &str, expected: &str) -> FilterError {
    let cut = |text: &str| crate::format::visible(&text.chars().take(80).collect::<String>());
    FilterError { name: cut(name), value: cut(value), expected: expected.to_owned() }
}

fn text(name: &str, value: &str) -> Result<String, FilterError> {
    if value.chars().count() > TEXT_CHARS_MAX {
        return Err(refuse(name, value, "at most 200 letters"));
    }
    Ok(value.to_owned())
}

fn label(name: &str, value: &str) -> Result<Label, FilterError> {
    let found = Label::ALL.into_iter().find(|label| label.as_str() == value);
    found.ok_or_else(|| refuse(name, value, "the name of a label, as in `untracked` or `paused`"))
}

fn mode(name: &str, value: &str) -> Result<Verification, FilterError> {
    match value {
        "strict" => Ok(Verification::Strict),
        "lenient" => Ok(Verification::Lenient),
        _ => Err(refuse(name, value, "strict or lenient")),
    }
}

fn moment(name: &str, value: &str) -> Result<Timestamp, FilterError> {
    Timestamp::parse(value).map_err(|_| refuse(name, value, "a time with its zone, as in `2026-03-01T10:00:00Z`"))
}

fn page(name: &str, value: &str) -> Result<u32, FilterError> {
    let page = value.parse().ok().filter(|page| (1..=PAGE_MAX).contains(page));
    page.ok_or_else(|| refuse(name, value, "a page, counted from 1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_field_of_a_form_narrows_nothing() {
        assert_eq!(Filter::parse("team=&severity=&q=+"), Ok(Filter::default()));
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_what_was_expected() {
        let error = Filter::parse("severity=urgent").unwrap_err().to_string();
        assert_eq!(error, "the address says `severity=urgent`, expected critical, high, medium or low");
        for query in ["page=0", "page=x", "mode=loose", "as_of=2026-03-01", "age=old", "sort=colour", "label=on"] {
            assert!(Filter::parse(query).is_err(), "{query}");
        }
    }

    #[test]
    fn a_hostile_value_comes_back_visible_and_cut() {
        let query = format!("severity={}", encode(&"\u{202e}".repeat(300)));
        let words = Filter::parse(&query).unwrap_err().to_string();
        assert!(!words.contains('\u{202e}') && words.chars().count() < 900, "{words}");
    }

    #[test]
    fn names_of_the_page_itself_are_passed_over() {
        assert_eq!(Filter::parse("import=12&error=wrong"), Ok(Filter::default()));
    }

    #[test]
    fn the_link_of_a_figure_keeps_the_moment_and_forgets_the_page() {
        let filter = Filter::parse("as_of=2026-07-01T00:00:00Z&page=4&team=network").unwrap();
        let address = "/items?team=network&set=overdue&as_of=2026-07-01T00%3A00%3A00Z";
        assert_eq!(filter.items_of(ItemSet::Overdue), address);
    }

    #[test]
    fn a_filter_of_only_a_moment_narrows_nothing() {
        assert!(!Filter::parse("as_of=2026-07-01T00:00:00Z&mode=lenient&page=2").unwrap().is_narrowed());
        assert!(Filter::parse("team=network").unwrap().is_narrowed());
    }
}
