//! The catalogue of weaknesses that are known to be exploited, as it is published: never events, kept beside them.

use super::{Adapter, Given, Rule, Shape, Translate, Understood, head::Head, table::Row};
use crate::{
    drill::hold,
    held::{Fault, Held, shown},
    json::{self, Rules, Value},
};
use domain::{
    day::Day,
    enrichment::{Enriched, Feed, FeedKind, KevEntry},
    quarantine::Reason,
    time::Timestamp,
};

pub(super) const JSON: Adapter = Adapter {
    name: "kev-json",
    title: "the KEV catalogue as JSON",
    recognise: |head| {
        let is_it = head.is_object() && head.mentions(&["catalogVersion", "vulnerabilities"]);
        is_it.then_some(Shape::Under("vulnerabilities"))
    },
    begin: |_| Box::new(Kev::default()),
};

pub(super) const CSV: Adapter =
    Adapter { name: "kev-csv", title: "the KEV catalogue as CSV", recognise, begin: |_| Box::new(Kev::default()) };

fn recognise(head: &Head<'_>) -> Option<Shape> {
    let row = head.header_with(&["cveID", "dateAdded", "dueDate"])?;
    Some(Shape::Table { delimiter: row.delimiter, preamble: row.preamble })
}

/// Whether a copy of the catalogue was too old on a day, as a rule with what met it.
#[must_use]
pub fn kev_copy_old(feed: &Feed, day: Day) -> Option<(Rule, String)> {
    feed.is_old_on(day).then(|| (Rule::KevCopyOld, format!("published on {}", feed.published_on)))
}

#[derive(Default)]
struct Kev {
    version: Option<String>,
    released_on: Option<Day>,
    /// The table says nothing of itself: it is as new as what was added last.
    last_added: Option<Day>,
}

impl Translate for Kev {
    fn beside(&mut self, name: &str, text: &str) {
        let value = json::value(text, Rules::ANALYSIS).ok();
        let text = value.as_ref().and_then(Value::as_text);
        if name == "catalogVersion" {
            self.version = text.map(str::to_owned);
        } else if name == "dateReleased" {
            let day = |text: &str| text.get(..10).and_then(|day| day.parse().ok());
            self.released_on = text.and_then(|text| Timestamp::parse(text).ok().map(Day::of).or_else(|| day(text)));
        }
    }

    fn record(&mut self, record: &Given<'_>, understood: &mut Understood) {
        match entry(record) {
            Ok(entry) => {
                self.last_added = self.last_added.max(Some(entry.added_on));
                understood.enriched.push(Enriched::Kev(entry));
            }
            Err(fault) => {
                if fault.reason == Reason::DueBeforeAdded {
                    understood.meet(Rule::DueBeforeAdded, fault.detail.as_str());
                }
                hold(Held::because(fault), understood);
            }
        }
    }

    fn finish(&mut self, understood: &mut Understood) {
        let (kind, version) = (FeedKind::Kev, self.version.take());
        understood.feed = self.released_on.or(self.last_added).map(|published_on| Feed { kind, version, published_on });
    }
}

fn entry(record: &Given<'_>) -> Result<KevEntry, Fault> {
    let text = |name: &str| match record {
        Given::Json(value) => value.text_at(&[name]),
        Given::Row(row) => Row::get(row, name),
        Given::Xml(_) => None,
    };
    let day = |name: &str| {
        let wrong =
            |text: &str| Fault::of(name, Reason::BadValue, format!("`{}` in `{name}`, expected a day", shown(text)));
        text(name).map(|text| text.parse::<Day>().map_err(|_| wrong(text))).transpose()
    };
    let missing = |name: &str| Fault::of(name, Reason::MissingField, format!("no `{name}`"));
    let cve = cve(text("cveID").ok_or_else(|| missing("cveID"))?)?;
    let added_on = day("dateAdded")?.ok_or_else(|| missing("dateAdded"))?;
    let due_on = day("dueDate")?;
    if let Some(due_on) = due_on.filter(|due_on| *due_on < added_on) {
        let detail = format!("`{cve}` is due on {due_on} and was added on {added_on}");
        return Err(Fault::of("dueDate", Reason::DueBeforeAdded, detail).hint("look at the two dates"));
    }
    let ransomware = text("knownRansomwareCampaignUse").filter(|word| word.eq_ignore_ascii_case("known")).map(|_| true);
    Ok(KevEntry { cve, added_on, due_on, ransomware })
}

/// The id of a weakness, in capitals.
pub(super) fn cve(text: &str) -> Result<String, Fault> {
    let cve = text.trim().to_ascii_uppercase();
    let is_cve = cve.strip_prefix("CVE-").and_then(|rest| rest.split_once('-')).is_some_and(|(year, number)| {
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        year.len() == 4 && (4..=19).contains(&number.len()) && digits(year) && digits(number)
    });
    if is_cve {
        return Ok(cve);
    }
    Err(Fault::of("cve", Reason::BadIdentifier, format!("`{}` is no CVE id", shown(text))))
}
