//! Exercises on a template after HSEEP: a row an objective with its rating, and what is to be mended.

use super::{
    Adapter, Clock, Event, Given, Moment, Rule, Settings, Shape, Translate, Understood,
    gathered::{Drills, Gathering, noted},
    head::{Head, HeaderRow},
    table::is_null_word,
};
use crate::{
    drill,
    field::Field,
    held::{Fault, Held, shown},
    json::Value,
};
use domain::{
    drill::{Decision, DrillRecord, DrillType, Finding, Inject, Objective, Rating},
    event_name::EventName,
    kind::Kind,
    quarantine::Reason,
    time::Timestamp,
};
use std::cell::Cell;

pub(super) const ADAPTER: Adapter = Adapter {
    name: "exercise-template",
    title: "the template of exercises (HSEEP)",
    recognise,
    begin: |settings| Box::new(Template::of(settings)),
};

/// Columns that together are in no other file.
const WANTED: [&str; 3] = ["exercise", "objective", "rating"];

fn recognise(head: &Head<'_>) -> Option<Shape> {
    let has = |row: &HeaderRow| WANTED.iter().all(|wanted| row.names.iter().any(|name| plain(name) == *wanted));
    if let Some(row) = head.header_rows().find(has) {
        return Some(Shape::Table { delimiter: row.delimiter, preamble: row.preamble });
    }
    let is_it = |value: &Value<'_>| WANTED.iter().all(|wanted| value.at(&[wanted]).is_some());
    if head.first_line().as_ref().is_some_and(is_it) {
        return Some(Shape::Lines);
    }
    head.first_element().as_ref().is_some_and(is_it).then_some(Shape::Elements)
}

/// The name of a column, however it is spelled.
fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

struct Template {
    settings: Settings,
    clock: Clock,
    drills: Drills,
    /// Findings that were closed: the place of their drill, their id, and when.
    closed: Vec<(String, String, Moment)>,
}

/// One row, whatever it was written in.
struct Line<'a> {
    given: &'a Given<'a>,
    /// Whether a word stood where it says nothing; a table notes that by itself.
    nothing: Cell<bool>,
}

impl Line<'_> {
    fn get(&self, column: &str) -> Option<String> {
        let text = match self.given {
            Given::Row(row) => {
                let name = row.columns().iter().find(|name| plain(name) == column)?;
                row.get(name).map(str::to_owned)
            }
            Given::Json(value) if value.text_at(&[column]).is_some_and(|text| is_null_word(text.trim())) => {
                self.nothing.set(true);
                None
            }
            Given::Json(value) => match value.at(&[column])? {
                Value::Bool(truth) => Some(truth.to_string()),
                Value::Null | Value::Number(_) | Value::Text(_) | Value::List(_) | Value::Map(_) => {
                    value.word_at(&[column])
                }
            },
            Given::Xml(_) => None,
        };
        text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn needed(&self, column: &str) -> Result<String, Fault> {
        let missing = || Fault::of(column, Reason::MissingField, format!("no `{column}`"));
        self.get(column).ok_or_else(missing)
    }
}

impl Translate for Template {
    fn record(&mut self, record: &Given<'_>, understood: &mut Understood) {
        let line = Line { given: record, nothing: Cell::new(false) };
        match self.row(&line, understood) {
            Ok(()) => understood.quiet("objective of a drill"),
            Err(fault) => drill::hold(Held::because(fault), understood),
        }
        if line.nothing.get() {
            understood.meet(Rule::NullWord, line.get("objective").unwrap_or_default());
        }
    }

    fn finish(&mut self, understood: &mut Understood) {
        let mut after = Understood::default();
        for closed in &self.closed {
            tell_closed(&self.drills, closed, &mut after);
        }
        self.drills.finish(understood);
        understood.outcomes.append(&mut after.outcomes);
        understood.met.append(&mut after.met);
    }
}

/// What the times of a row say.
struct Times {
    injected: Option<Timestamp>,
    observed: Option<Timestamp>,
    box_seconds: Option<u64>,
}

impl Template {
    fn of(settings: &Settings) -> Self {
        let (clock, drills) = (Clock::of(settings), Drills::default());
        Self { settings: settings.clone(), clock, drills, closed: Vec::new() }
    }

    fn row(&mut self, line: &Line<'_>, understood: &mut Understood) -> Result<(), Fault> {
        let (exercise, objective) = (line.needed("exercise")?, line.needed("objective")?);
        let rating = line.get("rating").map(|word| self.rating(&word)).transpose()?;
        if rating.is_none() {
            understood.meet(Rule::RatingMissing, objective.as_str());
        }
        let kind = line.get("type").and_then(|word| self.kind(&word, understood));
        let announced = line.get("announced").map(|word| yes_or_no("announced", &word)).transpose()?;
        let times = self.times(line, &objective, understood)?;
        let made = |id| DrillRecord { id, title: Some(exercise.clone()), ..DrillRecord::default() };
        let mut drill = self.drills.of(&exercise, made)?;
        drill.record.kind = drill.record.kind.or(kind);
        drill.record.announced = drill.record.announced.or(announced);
        drill.lasts(times.observed);
        let inject = inject(&mut drill, line, &objective, &times);
        decision(&mut drill, line, &objective, &times, inject.as_deref());
        let id = drill.name(&["objective", &objective]);
        drill.record.objectives.push(Objective {
            id,
            inject: inject.iter().cloned().collect(),
            text: Some(objective),
            rating,
            time_box_seconds: times.box_seconds,
            started_at: times.injected,
            completed_at: times.observed,
            evaluator: line.get("evaluator"),
            observation: line.get("observation"),
            ..Objective::default()
        });
        self.action(line, &exercise, inject, understood)
    }

    /// What is to be mended is a finding; closing it is what the plan of improvement claims.
    fn action(
        &mut self,
        line: &Line<'_>,
        exercise: &str,
        inject: Option<String>,
        understood: &mut Understood,
    ) -> Result<(), Fault> {
        let Some(action) = line.get("corrective_action") else { return Ok(()) };
        let due = line.get("due").and_then(|text| self.due(&text, &action, understood));
        let owner = line.get("owner");
        if owner.is_none() {
            understood.meet(Rule::ActionWithoutOwner, action.as_str());
        }
        let closed = self.closed(line, &action, understood);
        let mut drill = self.drills.of(exercise, |id| DrillRecord { id, ..DrillRecord::default() })?;
        let id = drill.name(&["action", &action]);
        let (control, text) = (line.get("core_capability"), Some(action));
        drill.finding(Finding { id: id.clone(), inject, control, text, owner, due, ..Finding::default() });
        self.closed.extend(closed.map(|moment| (exercise.to_owned(), id, moment)));
        Ok(())
    }

    fn times(&self, line: &Line<'_>, objective: &str, understood: &mut Understood) -> Result<Times, Fault> {
        let read = |column: &str| line.get(column).map(|text| self.clock.read_in_range(column, &text)).transpose();
        let (injected, observed) = (read("inject_time")?, read("observed_time")?);
        for moment in injected.iter().chain(&observed) {
            understood.meet_all(moment.met, objective);
        }
        let box_seconds = line.get("time_box_minutes").map(|text| minutes("time_box_minutes", &text)).transpose()?;
        let (injected, mut observed) = (injected.map(|one| one.at), observed.map(|one| one.end()));
        if let (Some(start), Some(end)) = (injected, observed)
            && end < start
        {
            observed = None;
            understood.meet(Rule::ObservedBeforeInject, objective);
            let detail = format!("`{}` was injected at {start} and observed at {end}", shown(objective));
            let fault = Fault::of("observed_time", Reason::ObservedBeforeInject, detail);
            drill::hold(Held::because(fault.hint("mend the two times")), understood);
        }
        Ok(Times { injected, observed, box_seconds })
    }

    fn closed(&self, line: &Line<'_>, action: &str, understood: &mut Understood) -> Option<Moment> {
        let word = line.get("closed")?;
        match word.to_ascii_lowercase().as_str() {
            "no" | "false" | "open" => None,
            "yes" | "true" | "closed" => {
                understood.meet(Rule::NoClosingDate, action);
                None
            }
            _ => noted(self.clock.read_in_range("closed", &word), action, understood),
        }
    }

    /// A bare day means its last second in UTC, as `reported_due` does.
    fn due(&self, text: &str, action: &str, understood: &mut Understood) -> Option<Timestamp> {
        let last = format!("{text}T23:59:59Z");
        if text.len() == 10
            && let Ok(at) = Timestamp::parse(&last)
        {
            return noted(Moment::exact(at).in_range("due"), action, understood).map(|moment| moment.at);
        }
        noted(self.clock.read_in_range("due", text), action, understood).map(|moment| moment.end())
    }

    fn rating(&self, word: &str) -> Result<Rating, Fault> {
        let said = self.settings.statuses.get(word).map_or(word, String::as_str);
        let known = match rating_of(said) {
            Some("P") => Rating::Performed,
            Some("S") => Rating::Some,
            Some("M") => Rating::Major,
            Some("U") => Rating::Unable,
            Some(_) | None => {
                let detail = format!("unknown rating `{}`, expected P, S, M or U", shown(word));
                return Err(Fault::of("rating", Reason::BadValue, detail));
            }
        };
        Ok(known)
    }

    fn kind(&self, word: &str, understood: &mut Understood) -> Option<DrillType> {
        let said = self.settings.statuses.get(word).map_or(word, String::as_str);
        let known = type_of(said);
        if known.is_none() {
            understood.meet(Rule::StatusUnknown, word);
        }
        known
    }
}

/// The letter of a rating.
pub(super) fn rating_of(word: &str) -> Option<&'static str> {
    match word.to_lowercase().as_str() {
        "p" | "performed" | "performed without challenges" | "performed without challenges (p)" => Some("P"),
        "s" | "performed with some challenges" | "performed with some challenges (s)" => Some("S"),
        "m" | "performed with major challenges" | "performed with major challenges (m)" => Some("M"),
        "u" | "unable to be performed" | "unable to be performed (u)" => Some("U"),
        _ => None,
    }
}

/// The type of an exercise.
pub(super) fn type_of(word: &str) -> Option<DrillType> {
    match plain(word).as_str() {
        "ttx" | "tabletop_exercise" | "tabletop_exercise_(ttx)" => Some(DrillType::Tabletop),
        "walkthrough" => Some(DrillType::WalkThrough),
        other => other.parse().ok(),
    }
}

/// What was thrown in: a row that names a task or a time has an inject.
fn inject(drill: &mut Gathering<'_>, line: &Line<'_>, objective: &str, times: &Times) -> Option<String> {
    let title = line.get("critical_task");
    if times.injected.is_none() && title.is_none() {
        return None;
    }
    let id = drill.name(&["inject", title.as_deref().unwrap_or(objective)]);
    let executed = times.injected.or(times.observed).map(|_| true);
    drill.inject(Inject { id: id.clone(), at: times.injected, title, executed, ..Inject::default() });
    Some(id)
}

/// Who had to decide was asked with the inject, and had decided when it was observed.
fn decision(drill: &mut Gathering<'_>, line: &Line<'_>, objective: &str, times: &Times, inject: Option<&str>) {
    let Some(role) = line.get("decision_maker") else { return };
    let id = drill.name(&["decision", objective]);
    drill.record.decisions.push(Decision {
        id,
        inject: inject.map(str::to_owned),
        question: line.get("critical_task").or_else(|| Some(objective.to_owned())),
        asked_at: times.injected,
        decided_at: times.observed,
        decided_by_role: times.observed.map(|_| role.clone()),
        asked_of: Some(role),
        ..Decision::default()
    });
}

fn yes_or_no(column: &str, word: &str) -> Result<bool, Fault> {
    match word.to_ascii_lowercase().as_str() {
        "yes" | "true" | "y" | "1" => Ok(true),
        "no" | "false" | "n" | "0" => Ok(false),
        _ => Err(Fault::of(column, Reason::BadValue, format!("`{}` in `{column}`, expected yes or no", shown(word)))),
    }
}

fn minutes(column: &str, text: &str) -> Result<u64, Fault> {
    let minutes = text.parse::<u64>().ok().and_then(|minutes| minutes.checked_mul(60));
    let wrong =
        || Fault::of(column, Reason::BadValue, format!("`{}` in `{column}`, expected whole minutes", shown(text)));
    minutes.ok_or_else(wrong)
}

/// What was mended before it was found cannot have been: the end is held, the finding stays.
fn tell_closed(drills: &Drills, (exercise, id, moment): &(String, String, Moment), understood: &mut Understood) {
    let record = drills.records().iter().find(|record| record.title.as_deref() == Some(exercise.as_str()));
    let finding = record.and_then(|record| record.findings.iter().find(|one| one.id == *id));
    let (Some(record), Some(finding)) = (record, finding) else { return };
    if let Some(found) = record.found_at(finding).filter(|found| moment.end() < *found) {
        understood.meet(Rule::EndsBeforeStart, format!("{}/{id}", record.id));
        let detail = format!("`{}` was closed at {} and found at {found}", shown(id), moment.end());
        let fault = Fault::of("closed", Reason::EndsBeforeStart, detail);
        return drill::hold(Held::because(fault.hint("mend the two times")), understood);
    }
    let event = Event::new(EventName::Closed, &drill::item_of(record, finding), moment)
        .id(ADAPTER.name, &format!("{}/{}", record.id, finding.id))
        .text(Field::Kind, Kind::DrillFinding.as_str())
        .text(Field::Drill, &record.id);
    understood.outcomes.push(event.outcome());
}
