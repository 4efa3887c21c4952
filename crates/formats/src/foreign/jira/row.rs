//! What does a row of Jira's table tell? Where the issue began and how it ended; the table keeps no history.

use super::{
    ADAPTER,
    history::Word,
    meaning::{Known, Meanings, Stage, Verdict},
    severity::meant,
    telling::{DESCRIBING, names_in},
};
use crate::{
    field::Field,
    file_fault::FileFault,
    foreign::{
        Rule, Settings, Shape, Understood,
        clock::{Clock, Moment},
        event::Event,
        head::Head,
        table::Row,
    },
    held::{Fault, shown},
};
use domain::{event_name::EventName, quarantine::Reason, time::Timestamp};

/// A time without seconds is some moment of its minute.
const MINUTE_REST_SECONDS: i64 = 59;

/// The columns a table of issues is known by.
const NEEDED: [&str; 2] = ["Issue key", "Created"];

/// The columns that are read; each may stand once.
const READ: [&str; 10] = [
    "Issue key",
    "Issue id",
    "Created",
    "Creator",
    "Updated",
    "Resolved",
    "Resolution",
    "Status",
    "Status Category",
    "Priority",
];

/// The links by which an issue is a duplicate of another; Jira writes one column for each.
const ORIGINAL: &str = "Outward issue link (Duplicate)";

/// The names of the columns as this table writes them.
#[derive(Debug, Default)]
pub(super) struct Columns(Vec<(&'static str, String)>);

impl Columns {
    pub(super) fn of(columns: &[String]) -> Result<Self, FileFault> {
        let mut found = Vec::new();
        for ours in READ {
            let mut named = columns.iter().filter(|column| column.eq_ignore_ascii_case(ours));
            match (named.next(), named.next()) {
                (Some(_), Some(twice)) => return Err(FileFault::DuplicateHeader(shown(twice))),
                (Some(column), None) => found.push((ours, column.clone())),
                (None, _) => {}
            }
        }
        Ok(Self(found))
    }

    fn get<'r>(&self, row: &'r Row<'_>, ours: &str) -> Option<&'r str> {
        let (_, column) = self.0.iter().find(|(known, _)| *known == ours)?;
        row.get(column)
    }
}

/// The header of such a table.
pub(super) fn header(head: &Head<'_>) -> Option<Shape> {
    let has = |names: &[String], wanted: &str| names.iter().any(|name| name.eq_ignore_ascii_case(wanted));
    let row = head.header_rows().find(|row| NEEDED.iter().all(|wanted| has(&row.names, wanted)))?;
    Some(Shape::Table { delimiter: row.delimiter, preamble: row.preamble })
}

/// Tells one row.
pub(super) fn tell(
    row: &Row<'_>,
    columns: &Columns,
    (settings, meanings): (&Settings, &Meanings),
    understood: &mut Understood,
) {
    let Some(key) = columns.get(row, "Issue key") else {
        let fault = Fault::of("Issue key", Reason::MissingField, "the row has no `Issue key`".to_owned());
        return understood.hold(fault);
    };
    let clock = Clock::of(settings).with_short_years();
    Issue { row, columns, settings, meanings, clock, key }.tell(understood);
}

struct Issue<'a> {
    row: &'a Row<'a>,
    columns: &'a Columns,
    settings: &'a Settings,
    meanings: &'a Meanings,
    clock: Clock,
    key: &'a str,
}

impl Issue<'_> {
    fn tell(&self, understood: &mut Understood) {
        understood.quiet("history that the table does not keep");
        let Some(text) = self.get("Created") else {
            let fault = Fault::of("Created", Reason::MissingField, format!("`{}` has no `Created`", self.key));
            return understood.hold(fault);
        };
        let created = self.read("Created", text, understood);
        let updated = self.get("Updated").and_then(|text| self.clock.read("Updated", text).ok());
        let updated = updated.map(|updated| updated.end());
        if let Some(created) = &created {
            let opening = self.described(EventName::Ticketed, created).maybe(Field::Actor, self.get("Creator"));
            understood.outcomes.push(opening.standing(updated).outcome());
        }
        if let Some(column) = self.settings.jira.field("detected_at")
            && let Some(text) = self.row.get(column)
            && let Some(found) = self.read(column, text, understood)
        {
            understood.outcomes.push(self.described(EventName::Detected, &found).standing(updated).outcome());
        }
        let Some(resolved) = self.get("Resolved") else { return self.unresolved(created, understood) };
        match (self.read("Resolved", resolved, understood), created) {
            (Some(resolved), Some(created)) if resolved.end() < created.at => {
                understood.meet(Rule::EndsBeforeStart, self.key);
                let detail = format!("resolved at {} and created at {}", resolved.at, created.at);
                let fault = Fault::of("Resolved", Reason::EndsBeforeStart, detail);
                understood.hold(fault);
            }
            (Some(resolved), _) => self.resolved(&resolved, understood),
            (None, _) => {}
        }
    }

    /// How it ended: its resolution says.
    fn resolved(&self, at: &Moment, understood: &mut Understood) {
        let name = self.get("Resolution");
        let resolution = Word { id: None, text: name.map(str::to_owned) };
        let said = if let Some(Stage::Done(said)) = self.stage(understood) { said } else { None };
        let verdict = said.or_else(|| self.meanings.verdict(&resolution));
        match (name, verdict) {
            (None, None) => understood.meet(Rule::DoneWithoutResolution, self.key),
            (Some(name), None) => understood.meet(Rule::StatusUnknown, format!("resolution `{name}`")),
            (_, Some(_)) => {}
        }
        let event = |event: EventName| self.event(event, at).maybe(Field::RawStatus, self.get("Status"));
        let original = self.row.all(ORIGINAL).first().map(|key| (*key).to_owned());
        let end = match (verdict, original) {
            (Some(Verdict::NotAnIssue), _) => event(EventName::FalsePositive),
            (Some(Verdict::Duplicate), Some(original)) => event(EventName::Merged).text(Field::To, &original),
            (Some(Verdict::Accepted), _) => event(EventName::ExceptionGranted)
                .maybe(Field::Reason, name)
                .maybe(Field::ExpiresAt, self.expiry(understood).as_deref()),
            (Some(Verdict::Fixed), _) => {
                understood.outcomes.push(event(EventName::FixApplied).outcome());
                event(EventName::Closed).maybe(Field::Reason, name)
            }
            (Some(Verdict::Duplicate), None) => {
                event(EventName::Closed).maybe(Field::Reason, name).text(Field::ReasonCode, "duplicate")
            }
            (Some(Verdict::Closed) | None, _) => event(EventName::Closed).maybe(Field::Reason, name),
        };
        understood.outcomes.push(end.outcome());
    }

    /// Done, and no date says when: some time between its creation and its last change.
    fn unresolved(&self, created: Option<Moment>, understood: &mut Understood) {
        if !self.stage(understood).is_some_and(|stage| stage.is_done()) {
            return;
        }
        understood.meet(Rule::NoClosingDate, self.key);
        let updated = self.get("Updated").and_then(|text| self.read("Updated", text, understood));
        if let (Some(created), Some(updated)) = (created, updated) {
            understood.meet(Rule::ClosingTimeGuessed, self.key);
            let event = Event::inferred(EventName::Closed, &self.item(), created.at, updated.end());
            let event = event.id(ADAPTER.name, &self.native()).maybe(Field::RawStatus, self.get("Status"));
            understood.outcomes.push(event.outcome());
        }
    }

    /// Where it stands: the table writes the category of its status in words.
    fn stage(&self, understood: &mut Understood) -> Option<Stage> {
        let name = self.get("Status")?;
        let status = Word { id: None, text: Some(name.to_owned()) };
        let known = self.meanings.stage(&status).or_else(|| {
            let category = self.get("Status Category").map(str::to_owned);
            self.meanings.stage(&Word { id: None, text: category })
        });
        match &known {
            Some((_, Known::ByName)) => understood.meet(Rule::StatusByName, name),
            Some((_, Known::Surely)) => {}
            None => understood.meet(Rule::StatusUnknown, name),
        }
        known.map(|(stage, _)| stage)
    }

    fn expiry(&self, understood: &mut Understood) -> Option<String> {
        let column = self.settings.jira.field("expires_at");
        let text = column.and_then(|column| Some((column, self.row.get(column)?)));
        let moment = text.and_then(|(column, text)| self.read(column, text, understood));
        if moment.is_none() {
            understood.meet(Rule::AcceptedWithoutEnd, self.key);
        }
        moment.map(|moment| moment.end().to_string())
    }

    fn described(&self, name: EventName, at: &Moment) -> Event {
        let priority = self.get("Priority");
        let word = Word { id: None, text: priority.map(str::to_owned) };
        let mut event = self
            .event(name, at)
            .text(Field::Ticket, self.key)
            .maybe(Field::Severity, meant(&word, self.settings).as_word())
            .maybe(Field::RawSeverity, priority)
            .maybe(Field::Kind, self.settings.kind.as_deref());
        for (ours, field) in DESCRIBING {
            event = event.maybe(field, self.mapped(ours));
        }
        match self.mapped("cve") {
            Some(cve) => event.list(Field::Cve, &names_in(cve)),
            None => event,
        }
    }

    fn event(&self, name: EventName, at: &Moment) -> Event {
        Event::new(name, &self.item(), at).id(ADAPTER.name, &self.native()).standing(None)
    }

    fn item(&self) -> String {
        match (self.mapped("item_id"), self.mapped("weakness"), self.mapped("asset")) {
            (Some(item), _, _) => item.to_owned(),
            (None, Some(weakness), Some(asset)) => format!("{weakness}@{asset}"),
            (None, _, _) => self.key.to_owned(),
        }
    }

    /// Times of a table lack their seconds, so that its events are others than those of an export with history.
    fn native(&self) -> String {
        format!("issue-{}~table", self.get("Issue id").unwrap_or(self.key))
    }

    fn mapped(&self, ours: &str) -> Option<&str> {
        self.settings.jira.field(ours).and_then(|column| self.row.get(column))
    }

    fn get(&self, ours: &str) -> Option<&str> {
        self.columns.get(self.row, ours)
    }

    /// A time of the row; one that cannot be read is held with its column.
    fn read(&self, column: &str, text: &str, understood: &mut Understood) -> Option<Moment> {
        match self.clock.read(column, text) {
            Ok(moment) => {
                understood.meet_all(moment.met, self.key);
                let whole_minute = moment.latest.is_none() && text.matches(':').count() == 1;
                let latest = moment.at.seconds().saturating_add(MINUTE_REST_SECONDS);
                Some(if whole_minute {
                    Moment { latest: Some(Timestamp::from_seconds(latest)), ..moment }
                } else {
                    moment
                })
            }
            Err(fault) => {
                understood.hold(fault);
                None
            }
        }
    }
}
