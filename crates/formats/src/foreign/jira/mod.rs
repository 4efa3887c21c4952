//! Issues as Jira tells of them: with their history, as one change sent by webhook, or as a table without history.

mod bulk;
mod head;
mod history;
mod meaning;
mod row;
mod settings;
mod severity;
mod story;
mod telling;
pub(super) mod words;

pub use settings::JiraSettings;

use super::{
    Adapter, Given, Rule, Settings, Translate, Understood,
    clock::{Clock, Moment, Unit},
};
use crate::{
    file_fault::FileFault,
    held::{Fault, Reach, Told},
    json::Value,
};
use bulk::Bulk;
use domain::quarantine::Reason;
use history::{Change, Timeline, changes};
use meaning::Meanings;
use row::Columns;
use std::collections::BTreeSet;
use story::{Extent, Story};

pub(super) const ADAPTER: Adapter = Adapter {
    name: "jira",
    title: "Jira issues",
    recognise: head::recognise,
    begin: |settings| Box::new(Jira::of(settings)),
};

/// The last update of an issue is the time of the change a webhook tells, if it lies at most so far back.
const UPDATED_SECONDS_MAX: i64 = 60;

struct Jira {
    settings: Settings,
    clock: Clock,
    meanings: Meanings,
    bulk: Bulk,
    /// Issues that webhooks of this file told to be looked at.
    triaged: BTreeSet<u64>,
    columns: Columns,
}

impl Jira {
    fn of(settings: &Settings) -> Self {
        Self {
            settings: settings.clone(),
            clock: Clock::of(settings),
            meanings: Meanings::of(settings),
            bulk: Bulk::default(),
            triaged: BTreeSet::new(),
            columns: Columns::default(),
        }
    }
}

impl Translate for Jira {
    fn ready(&self) -> Result<(), String> {
        self.settings.jira.check().and_then(|()| self.meanings.check())
    }

    fn repeats_columns(&self) -> bool {
        true
    }

    fn columns(&mut self, columns: &[String]) -> Result<(), FileFault> {
        self.columns = Columns::of(columns)?;
        Ok(())
    }

    fn stands_alone(&self, _: &Given<'_>) -> bool {
        true
    }

    fn record(&mut self, record: &Given<'_>, understood: &mut Understood) {
        match record {
            Given::Row(row) => {
                row::tell(row, &self.columns, (&self.settings, &self.meanings), understood);
            }
            Given::Json(page) if !page.list_at(&["issues"]).is_empty() => {
                for issue in page.list_at(&["issues"]) {
                    self.issue(issue, understood);
                }
            }
            Given::Json(value) if value.at(&["webhookEvent"]).is_some() => self.webhook(value, understood),
            Given::Json(value) if value.at(&["fields"]).or(value.at(&["changelog"])).is_some() => {
                self.issue(value, understood);
            }
            Given::Json(value) if value.at(&["values"]).is_some() => self.page(value, understood),
            Given::Json(_) | Given::Xml(_) => {}
        }
    }
}

impl Jira {
    /// An issue with its history.
    fn issue(&mut self, issue: &Value<'_>, understood: &mut Understood) {
        let Some(key) = issue.text_at(&["key"]) else { return understood.hold(no_key()) };
        let histories = issue.list_at(&["changelog", "histories"]);
        let told = issue.word_at(&["changelog", "total"]).and_then(|total| total.parse::<usize>().ok());
        let missing = match (issue.at(&["changelog", "histories"]), told) {
            (None, _) => Some(format!("`{key}` has no `changelog.histories`")),
            (Some(_), Some(total)) if total > histories.len() => {
                Some(format!("`{key}` has {} of {total} histories", histories.len()))
            }
            (Some(_), _) => None,
        };
        let (changes, faults) = changes(histories, &self.clock);
        let reach = self.reach_of(issue, &changes);
        let timeline = Timeline::of((issue.word_at(&["id"]), key), issue.at(&["fields"]), changes, &self.settings.jira);
        self.learn(&timeline, understood);
        let mut story = Story::of((&self.settings, &self.clock, &self.meanings), &timeline, understood);
        story.opening(if missing.is_none() { Extent::Whole } else { Extent::Part });
        match missing {
            // What is told of a part of a history would be told otherwise of the whole.
            Some(missing) => {
                understood.meet(Rule::ChangelogTruncated, key);
                let fault = Fault::of("changelog", Reason::ChangelogTruncated, missing).awaits(history_of(key, reach));
                understood
                    .hold(fault.hint("export the issue with its whole history: `expand=changelog`, page by page"));
            }
            None => {
                story.changes();
                story.end();
                let before = timeline.key_before(0);
                understood.arrived.extend((before != key).then(|| history_of(&before, reach)));
                understood.arrived.push(history_of(key, reach));
            }
        }
        for fault in faults {
            understood.hold(fault);
        }
    }

    /// One change as it happens.
    fn webhook(&mut self, payload: &Value<'_>, understood: &mut Understood) {
        let what = payload.text_at(&["webhookEvent"]).unwrap_or_default();
        let created = what == "jira:issue_created";
        if !created && what != "jira:issue_updated" {
            return understood.quiet(what);
        }
        let Some(key) = payload.text_at(&["issue", "key"]) else { return understood.hold(no_key()) };
        let changelog = payload.at(&["changelog"]).filter(|log| !log.list_at(&["items"]).is_empty());
        let change = changelog.map(|log| Ok(Change::of(log, self.moment_of(payload)?, payload.at(&["user"]))));
        let changes = match change {
            Some(Ok(change)) => vec![change],
            Some(Err(fault)) => {
                understood.hold(fault);
                Vec::new()
            }
            None => {
                if !created {
                    understood.quiet("jira:issue_updated without a change");
                }
                Vec::new()
            }
        };
        let id = payload.word_at(&["issue", "id"]);
        let timeline = Timeline::of((id, key), payload.at(&["issue", "fields"]), changes, &self.settings.jira);
        self.learn(&timeline, understood);
        let number = timeline.id.as_deref().and_then(|id| id.parse::<u64>().ok());
        let mut story = Story::of((&self.settings, &self.clock, &self.meanings), &timeline, understood);
        story.triaged = number.is_some_and(|number| self.triaged.contains(&number));
        if created {
            story.opening(Extent::Whole);
        }
        story.changes();
        if story.triaged {
            self.triaged.extend(number);
        }
        story.end();
    }

    /// A page of the history of one issue, which is named in its address alone.
    fn page(&mut self, page: &Value<'_>, understood: &mut Understood) {
        let address = page.text_at(&["self"]).unwrap_or_default();
        let key =
            address.split_once("/issue/").and_then(|(_, rest)| rest.split('/').next()).filter(|key| !key.is_empty());
        let Some(key) = key else { return understood.hold(no_key()) };
        let (changes, faults) = changes(page.list_at(&["values"]), &self.clock);
        let reach = self.reach_of(page, &changes);
        let timeline = Timeline::of((None, key), None, changes, &self.settings.jira);
        self.learn(&timeline, understood);
        let mut story = Story::of((&self.settings, &self.clock, &self.meanings), &timeline, understood);
        // Only the first page can hold the first look at it.
        story.triaged = page.word_at(&["startAt"]).is_some_and(|start| start != "0");
        story.changes();
        story.end();
        if is_whole(page) {
            understood.arrived.push(history_of(key, reach));
        }
        for fault in faults {
            understood.hold(fault);
        }
    }

    /// What an issue teaches of others: the category of its status, and who changes many at once.
    fn learn(&mut self, timeline: &Timeline<'_>, understood: &mut Understood) {
        if let Some(fields) = timeline.fields {
            self.meanings.learn(fields);
        }
        let actors: Vec<_> =
            timeline.changes.iter().filter_map(|change| Some((change.actor()?, change.at.at))).collect();
        for edit in self.bulk.count(actors.iter().map(|(actor, at)| (actor.as_str(), *at))) {
            understood.meet(Rule::BulkEdit, edit);
        }
    }

    /// How far the history of an issue goes, of which all or a part is told: so many changes, where that is said, and up to the
    /// last moment it speaks of.
    fn reach_of(&self, told: &Value<'_>, changes: &[Change<'_>]) -> Reach {
        let (log, list) = match told.at(&["changelog"]) {
            Some(log) => (log, "histories"),
            None => (told, "values"),
        };
        let total = log.word_at(&["total"]).and_then(|total| total.parse::<u64>().ok());
        let listed = log.at(&[list]).map(|_| log.list_at(&[list]).len() as u64);
        let updated = told.text_at(&["fields", "updated"]).and_then(|text| self.clock.read("updated", text).ok());
        let moments = changes.iter().map(|change| change.at.at).chain(updated.map(|moment| moment.at));
        Reach { changes: total.max(listed), until: moments.max() }
    }

    /// When a webhook's change happened: the issue was updated then, and told of a moment later.
    fn moment_of(&self, payload: &Value<'_>) -> Result<Moment, Fault> {
        let sent =
            payload.word_at(&["timestamp"]).map(|digits| self.clock.epoch("timestamp", &digits, Unit::Milliseconds));
        let updated = payload.text_at(&["issue", "fields", "updated"]).map(|text| self.clock.read("updated", text));
        match (sent, updated) {
            (Some(Ok(sent)), Some(Ok(updated))) if (0..=UPDATED_SECONDS_MAX).contains(&sent.at.since(updated.at)) => {
                Ok(updated)
            }
            (Some(sent), _) => sent,
            (None, Some(updated)) => updated,
            (None, None) => {
                Err(Fault::of("timestamp", Reason::MissingField, "the webhook has no `timestamp`".to_owned()))
            }
        }
    }
}

/// What the part of a history waits for.
fn history_of(key: &str, reach: Reach) -> Told {
    Told { what: format!("history of {key}").into(), reach }
}

/// Whether one page holds all changes of an issue.
fn is_whole(page: &Value<'_>) -> bool {
    let number = |name: &str| page.word_at(&[name]).and_then(|number| number.parse::<usize>().ok());
    let is_first = number("startAt") == Some(0);
    is_first && number("total").is_some_and(|total| total <= page.list_at(&["values"]).len())
}

fn no_key() -> Fault {
    Fault::of("key", Reason::MissingField, "the issue has no `key`".to_owned())
}
