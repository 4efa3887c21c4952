//! How do the rows of a table become events by a mapping? Each row by itself, in the order of the mapping's events.

use super::{
    Mapping,
    find::plain,
    plan::{Plan, Step, Target, Time, is_opening},
    reading::{Memory, Read, Times, zone_in},
    value::Filler,
};
use crate::{
    canonical::Outcome,
    field::Field,
    file_fault::FileFault,
    foreign::{
        Adapter, Given, Rule, Settings, Translate, Understood,
        clock::{Clock, Moment},
        event::Event,
        name::fitted,
        table::Row,
    },
    held::{Fault, shown},
};
use domain::{event_name::EventName, quarantine::Reason, time::Timestamp};
use std::{borrow::Cow, collections::BTreeSet};

/// Any table, by a mapping of its own: read so only where somebody asks for it.
pub(in crate::foreign) const ADAPTER: Adapter = Adapter {
    name: "csv",
    title: "a table with a mapping",
    recognise: |head| head.any_table(),
    begin: |settings| Box::new(Mapped::of("csv", settings.mapping.clone().map(Cow::Owned), settings)),
};

/// So many different unknown statuses of a file are counted by their word.
const UNKNOWN_STATUSES_MAX: usize = 100;

/// The rows of one table.
pub(super) struct Mapped {
    adapter: &'static str,
    mapping: Option<Cow<'static, Mapping>>,
    settings: Settings,
    clock: Clock,
    until: Option<Until>,
    plan: Option<Plan>,
    memory: Memory,
    unknown: BTreeSet<String>,
}

impl Mapped {
    pub(super) fn of(adapter: &'static str, mapping: Option<Cow<'static, Mapping>>, settings: &Settings) -> Self {
        Self {
            adapter,
            mapping,
            settings: settings.clone(),
            clock: Clock::of(settings),
            until: Until::of(settings),
            plan: None,
            memory: Memory::default(),
            unknown: BTreeSet::new(),
        }
    }
}

impl Translate for Mapped {
    fn beside(&mut self, _name: &str, line: &str) {
        if self.memory.zone_named.is_none() {
            self.memory.zone_named = zone_in(line);
        }
    }

    fn columns(&mut self, columns: &[String]) -> Result<(), FileFault> {
        let Some(mapping) = &self.mapping else {
            let what = "this table needs a mapping that says what its columns mean";
            return Err(FileFault::BadSetting(what.to_owned()));
        };
        if let Some(problem) = mapping.problems(Some(columns)).first() {
            return Err(FileFault::BadSetting(problem.to_string()));
        }
        self.memory.report_zone = mapping.report_zone;
        self.plan = Some(Plan::of(mapping, columns, &self.settings.statuses));
        Ok(())
    }

    fn stands_alone(&self, _: &Given<'_>) -> bool {
        true
    }

    fn record(&mut self, record: &Given<'_>, understood: &mut Understood) {
        let (Given::Row(row), Some(plan)) = (record, &self.plan) else { return };
        if !plan.holds(&plan.rows, row) {
            return understood.quiet("left out by the row filter");
        }
        if let Some(status) = plan.status_of(row).filter(|status| !plan.knows(status)) {
            unknown_status(&mut self.unknown, status, understood);
        }
        let filler = Filler { plan, settings: &self.settings, clock: &self.clock, row };
        let mut times = Times::of(row, &self.clock, &mut self.memory);
        match Names::of(plan, row) {
            Ok(names) => {
                let (adapter, until, below) = (self.adapter, self.until, filler.is_below());
                let told = Told { adapter, until, filler: &filler, names, below };
                told.events(&mut times, understood);
                // What is held has no item of its own to be known by.
                if !understood.outcomes.iter().any(|outcome| matches!(outcome, Outcome::Event(_))) {
                    understood.items.push(told.names.item.as_str().into());
                }
            }
            Err(column) => {
                let detail = format!("no `{}`, which the name of the item needs", shown(&column));
                let fault = Fault::of(&column, Reason::MissingField, detail);
                understood.hold(fault);
            }
        }
        if understood.outcomes.is_empty() && understood.no_event.is_empty() {
            understood.quiet("no event of the mapping applies");
        }
    }
}

fn unknown_status(unknown: &mut BTreeSet<String>, status: &str, understood: &mut Understood) {
    let status = shown(status);
    understood.meet(Rule::StatusUnknown, status.as_str());
    if unknown.contains(&status) || unknown.len() < UNKNOWN_STATUSES_MAX {
        understood.quiet(&format!("status `{status}`"));
        unknown.insert(status);
    } else {
        understood.quiet("other statuses");
    }
}

/// What the row calls its item and itself.
struct Names {
    item: String,
    native: String,
}

impl Names {
    /// The names, or the column without which there is none.
    fn of(plan: &Plan, row: &Row<'_>) -> Result<Self, String> {
        let item = plan.item.render(row)?;
        let native = match &plan.native {
            Some(template) => template.render(row)?,
            None => item.clone(),
        };
        Ok(Self { item: fitted(item), native })
    }
}

/// When an event of a row happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spot {
    Nothing,
    Broken,
    At(Moment),
    /// Nobody recorded it; without a first bound it was not before the first sighting.
    Between(Option<Timestamp>, Until),
}

/// By when something had happened that nobody recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Until {
    at: Timestamp,
    /// Whether it was only met then, since the file came.
    is_met: bool,
}

impl Until {
    /// By when all that a file says had happened.
    fn of(settings: &Settings) -> Option<Self> {
        let moment = |text: &Option<String>| Timestamp::parse(text.as_deref()?).ok();
        let exported = moment(&settings.exported_at).map(|at| Self { at, is_met: false });
        exported.or_else(|| Some(Self { at: moment(&settings.came_at)?, is_met: true }))
    }
}

/// The events of one row.
struct Told<'a> {
    adapter: &'static str,
    until: Option<Until>,
    filler: &'a Filler<'a>,
    names: Names,
    /// Whether all of it is of less than low severity.
    below: bool,
}

impl Told<'_> {
    fn events(&self, times: &mut Times<'_>, understood: &mut Understood) {
        let (plan, row) = (self.filler.plan, self.filler.row);
        let steps = plan.events.iter().filter(|step| plan.holds(&step.when, row));
        let mut spots: Vec<(&Step, Spot)> = steps.map(|step| (step, self.spot(step, times, understood))).collect();
        in_order(&mut spots, understood);
        let opening = spots.iter().find_map(|(step, spot)| match spot {
            Spot::At(moment) if is_opening(step.name) => Some(*moment),
            Spot::At(_) | Spot::Between(..) | Spot::Nothing | Spot::Broken => None,
        });
        let is_sighting = |moment: &Moment| opening.is_some_and(|opening| opening.at != moment.at);
        let seen = spots.iter().any(|(step, spot)| {
            step.name == EventName::Seen && matches!(spot, Spot::At(moment) if is_sighting(moment))
        });
        for (step, spot) in &spots {
            self.tell(step, *spot, (opening, seen.then_some(EventName::Seen)), understood);
        }
    }

    fn spot(&self, step: &Step, times: &mut Times<'_>, understood: &mut Understood) -> Spot {
        match &step.at {
            Time::Exact(places) => match times.first(places, understood) {
                Read::Nothing => Spot::Nothing,
                Read::Broken => Spot::Broken,
                Read::Moment(moment) => Spot::At(moment),
            },
            Time::Between { after, by, exported } => {
                let by = match (times.first(by, understood), self.until.filter(|_| *exported)) {
                    (Read::Moment(moment), _) => Until { at: moment.end(), is_met: false },
                    (Read::Nothing, Some(until)) => until,
                    (Read::Nothing, None) => return Spot::Nothing,
                    (Read::Broken, _) => return Spot::Broken,
                };
                match times.first(after, understood) {
                    Read::Moment(moment) => Spot::Between(Some(moment.at), by),
                    Read::Broken => Spot::Broken,
                    Read::Nothing => Spot::Between(None, by),
                }
            }
        }
    }

    /// Tells one event of a row, whose opening is known and which may hold a later sighting.
    fn tell(
        &self,
        step: &Step,
        spot: Spot,
        (opening, carrier): (Option<Moment>, Option<EventName>),
        understood: &mut Understood,
    ) {
        let (event, end) = match spot {
            Spot::Broken => return,
            Spot::Nothing => return self.untimed(step, understood),
            Spot::At(moment)
                if step.name == EventName::Seen && opening.is_some_and(|opening| opening.at == moment.at) =>
            {
                return;
            }
            Spot::At(moment) => (Event::new(step.name, &self.names.item, &moment), moment.end()),
            Spot::Between(after, by) => {
                let after = after.or(opening.map(|opening| opening.at)).unwrap_or(by.at);
                let inferred = if by.is_met { Event::met } else { Event::inferred };
                (inferred(step.name, &self.names.item, after, by.at), by.at)
            }
        };
        for rule in &step.rules {
            understood.meet(*rule, self.names.native.as_str());
        }
        if let Some(opening) = opening.filter(|opening| is_end(step.name) && end < opening.at) {
            let detail = format!("{} at {end} and first seen at {}", step.name.as_str(), opening.at);
            return self.ends_before_start(step, detail, understood);
        }
        let mut event = event.id(self.adapter, &self.names.native);
        if let Some(kind) = self.filler.settings.kind.as_deref().filter(|_| is_opening(step.name)) {
            event = event.text(Field::Kind, kind);
        }
        if let Some(status) = self.raw_status().filter(|_| step.by_status) {
            event = event.text(Field::RawStatus, status);
        }
        let mut event = self.filler.fill(event, step.name, (&step.fields, carrier), understood).standing(None);
        if self.below {
            event = event.text(Field::Severity, "info");
        }
        let outcome = self.with_columns(event.outcome(), step);
        if matches!(&outcome, Outcome::Held(held) if held.reason == Reason::TimeRange) {
            understood.meet(Rule::TimeRange, self.column_of(step));
        }
        understood.outcomes.push(outcome);
    }

    /// What says that it was over before it began is held, and its beginning stays.
    fn ends_before_start(&self, step: &Step, detail: String, understood: &mut Understood) {
        understood.meet(Rule::EndsBeforeStart, self.names.native.as_str());
        let fault = Fault::of(self.column_of(step), Reason::EndsBeforeStart, detail);
        understood.hold(fault);
    }

    /// An event of which nobody says when.
    fn untimed(&self, step: &Step, understood: &mut Understood) {
        // Without a condition a time that is not there says that it did not happen, and only the first sighting must have.
        if step.when.is_empty() && step.name != EventName::Detected {
            return;
        }
        if is_end(step.name) && !matches!(step.at, Time::Between { exported: true, .. }) {
            let told = understood.met.iter().any(|(rule, _)| *rule == Rule::NoClosingDate);
            if !told {
                understood.meet(Rule::NoClosingDate, self.names.native.as_str());
                understood.quiet("closed without a date");
            }
            return;
        }
        let column = self.column_of(step);
        let detail = format!("nothing says when `{}` happened", step.name.as_str());
        let fault = Fault::of(column, Reason::MissingField, detail);
        let hint = match &step.at {
            Time::Between { exported: true, .. } => "say when the file was exported".to_owned(),
            Time::Between { .. } | Time::Exact(_) => format!("`{column}` is empty: export it with its dates"),
        };
        understood.hold(fault.hint(hint));
    }

    fn raw_status(&self) -> Option<&str> {
        self.filler.row.cell(self.filler.plan.status?)
    }

    /// The column that says when an event ended or happened.
    fn column_of(&self, step: &Step) -> &str {
        let place = match &step.at {
            Time::Exact(places) => places.first(),
            Time::Between { by, after, .. } => by.first().or(after.first()),
        };
        place.and_then(|place| self.filler.row.columns().get(*place)).map_or("at", String::as_str)
    }

    /// Faults name the column, which the reader of a table knows, and not the field it fills.
    fn with_columns(&self, outcome: Outcome, step: &Step) -> Outcome {
        let Outcome::Held(mut held) = outcome else { return outcome };
        for fault in &mut held.faults {
            let Some(field) = fault.field.as_deref() else { continue };
            let fills = step.fields.iter().chain(&self.filler.plan.fields);
            let is_it = |target: &Target| matches!(target, Target::Field(known) if known.as_str() == field);
            let column = fills.filter(|fill| is_it(&fill.into)).find_map(|fill| fill.column.as_deref());
            let column = column.or_else(|| (field == Field::At.as_str()).then(|| self.column_of(step)));
            if let Some(column) = column {
                fault.field = Some(column.into());
            }
        }
        Outcome::Held(held)
    }
}

/// Whether an event says that it is over.
const fn is_end(name: EventName) -> bool {
    matches!(
        name,
        EventName::FixApplied
            | EventName::Closed
            | EventName::Verified
            | EventName::Decommissioned
            | EventName::FalsePositive
            | EventName::Merged
    )
}

/// First and last sighting; where they are the wrong way round, the tool swapped them.
fn in_order(spots: &mut [(&Step, Spot)], understood: &mut Understood) {
    let find = |name: EventName| spots.iter().position(|(step, spot)| step.name == name && matches!(spot, Spot::At(_)));
    let (Some(first), Some(last)) = (find(EventName::Detected), find(EventName::Seen)) else { return };
    let (Some((_, Spot::At(one))), Some((_, Spot::At(other)))) = (spots.get(first).copied(), spots.get(last).copied())
    else {
        return;
    };
    if one.at > other.end() {
        understood.meet(Rule::FirstAfterLast, format!("{} after {}", one.at, other.at));
        let moments = [(first, other), (last, one)];
        for (place, moment) in moments {
            if let Some((_, spot)) = spots.get_mut(place) {
                *spot = Spot::At(moment);
            }
        }
    }
}

/// Whether the header of a table has all the columns by which a mapping is told from others.
pub(super) fn has_header(names: &[String], wanted: &[String]) -> bool {
    let names: Vec<String> = names.iter().map(|name| plain(name)).collect();
    wanted.iter().all(|wanted| names.contains(&plain(wanted)))
}
