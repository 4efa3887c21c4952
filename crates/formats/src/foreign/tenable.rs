//! Vulnerabilities as Tenable exports them: one row a finding with its end points, and nothing of what lies between.

use super::{
    Adapter, Given, Rule, Settings, Shape, Translate, Understood,
    clock::{Clock, Moment},
    event::Event,
    head::Head,
    severity::{CRITICAL, HIGH, LOW, MEDIUM, Meant, Scale},
    table::is_null_word,
};
use crate::{
    field::Field,
    held::{Fault, shown},
    json::Value,
};
use domain::{event_name::EventName, quarantine::Reason, time::DAY_SECONDS};

pub(super) const ADAPTER: Adapter = Adapter {
    name: "tenable-json",
    title: "Tenable vulnerability export",
    recognise,
    begin: |settings| Box::new(Tenable::of(settings)),
};

/// Without a scan for so long, *open* is unproven.
const STALE_SECONDS: i64 = 14 * DAY_SECONDS;

pub(super) const SCALE: Scale = &[
    ("critical", CRITICAL),
    ("high", HIGH),
    ("medium", MEDIUM),
    ("low", LOW),
    ("info", Meant::Below),
    ("4", CRITICAL),
    ("3", HIGH),
    ("2", MEDIUM),
    ("1", LOW),
    ("0", Meant::Below),
];

/// The states of a finding.
const STATES: [&str; 3] = ["OPEN", "REOPENED", "FIXED"];

fn recognise(head: &Head<'_>) -> Option<Shape> {
    let is_state = |state: &str| STATES.iter().any(|known| known.eq_ignore_ascii_case(state));
    let is_it = |value: &Value<'_>| {
        value.at(&["asset", "uuid"]).is_some()
            && value.at(&["plugin", "id"]).is_some()
            && value.text_at(&["state"]).is_some_and(is_state)
    };
    if head.first_line().as_ref().is_some_and(is_it) {
        return Some(Shape::Lines);
    }
    head.first_element().as_ref().is_some_and(is_it).then_some(Shape::Elements)
}

struct Tenable {
    settings: Settings,
    clock: Clock,
    rows: u64,
    fixed: u64,
}

impl Tenable {
    fn of(settings: &Settings) -> Self {
        Self { settings: settings.clone(), clock: Clock::of(settings), rows: 0, fixed: 0 }
    }
}

impl Translate for Tenable {
    fn stands_alone(&self, _: &Given<'_>) -> bool {
        true
    }

    fn record(&mut self, record: &Given<'_>, understood: &mut Understood) {
        let Given::Json(value) = record else { return };
        self.rows = self.rows.saturating_add(1);
        let Some(finding) = Finding::of(value, &self.settings) else {
            let fault = Fault::whole(Reason::MissingField, "no `asset.uuid`, `plugin.id` or `state`".to_owned());
            return understood.hold(fault.hint("export the findings with their assets and plugins"));
        };
        if finding.state == "FIXED" {
            self.fixed = self.fixed.saturating_add(1);
        }
        finding.translate(self, understood);
    }

    /// The default export leaves out what is fixed: without one such row, absence proves nothing.
    fn finish(&mut self, understood: &mut Understood) {
        if self.fixed == 0 {
            understood.meet(Rule::FixedOmitted, format!("none of {} findings is fixed", self.rows));
        }
    }
}

/// What the tool says of a severity, now.
struct Severity {
    meant: Option<Meant>,
    given: Option<String>,
}

impl Severity {
    fn on(&self, event: Event) -> Event {
        let event = event.maybe(Field::Severity, self.meant.and_then(Meant::as_word));
        event.maybe(Field::RawSeverity, self.given.as_deref()).standing(None)
    }
}

/// One finding with what names it.
struct Finding<'a> {
    value: &'a Value<'a>,
    item: String,
    native: String,
    asset: String,
    state: String,
}

impl<'a> Finding<'a> {
    fn of(value: &'a Value<'a>, settings: &Settings) -> Option<Self> {
        let (asset, plugin) = (value.word_at(&["asset", "uuid"])?, value.word_at(&["plugin", "id"])?);
        let port = value.word_at(&["port", "port"]).or_else(|| value.word_at(&["port"])).filter(|port| port != "0");
        let item = match &port {
            Some(port) => format!("{plugin}@{asset}:{port}"),
            None => format!("{plugin}@{asset}"),
        };
        let native = value.word_at(&["finding_id"]).unwrap_or_else(|| item.clone());
        let state = value.word_at(&["state"])?;
        let said = settings.statuses.iter().find(|(known, _)| known.eq_ignore_ascii_case(&state));
        let state = said.map_or(state.as_str(), |(_, meant)| meant).to_ascii_uppercase();
        Some(Self { value, item, native, asset, state })
    }

    fn translate(&self, tenable: &Tenable, understood: &mut Understood) {
        let moment = |field: &str, understood: &mut Understood| self.moment(&tenable.clock, field, understood);
        let (first, last) = (moment("first_found", understood), moment("last_found", understood));
        let (Some(first), last) = (first.or(last), last) else {
            let fault = Fault::of("first_found", Reason::MissingField, "no `first_found`".to_owned());
            return understood.hold(fault);
        };
        let (first, last) = in_order(first, last, understood);
        let (severity, is_below) = self.severity(tenable, understood);
        let opening = self.opening(&first, understood);
        if is_below {
            return understood.outcomes.push(severity.on(opening).outcome());
        }
        // What the next scan may change stands on the sighting, which is another one then.
        match last.filter(|last| last.at > first.at) {
            Some(last) => {
                let seen = self.event(EventName::Seen, &last).text(Field::ActorType, "system");
                understood.outcomes.extend([opening.outcome(), severity.on(seen).outcome()]);
            }
            None => understood.outcomes.push(severity.on(opening).outcome()),
        }
        if let Some(again) = moment("resurfaced_date", understood) {
            understood.outcomes.push(self.event(EventName::Redetected, &again).outcome());
            understood.meet(Rule::CyclesLost, self.native.as_str());
        }
        match self.state.as_str() {
            "FIXED" => self.end(&first, last, moment("last_fixed", understood), understood),
            "OPEN" | "REOPENED" => self.staleness(tenable, last, understood),
            // It was seen, and whether it is still there nobody knows.
            unknown => {
                understood.quiet(&format!("status `{}`", shown(unknown)));
                understood.meet(Rule::StatusUnknown, shown(unknown));
            }
        }
        self.modified(tenable, &first, last, understood);
    }

    /// Its severity before anybody changed it, and whether that lies below the scope.
    fn severity(&self, tenable: &Tenable, understood: &mut Understood) -> (Severity, bool) {
        let given = self.value.word_at(&["severity_default_id"]).or_else(|| self.value.word_at(&["severity"]));
        let meant = given.as_deref().map(|word| Meant::on(SCALE, &tenable.settings, word));
        if self.value.text_at(&["severity_modification_type"]) == Some("RECASTED") {
            understood.meet(Rule::RecastHidesSeverity, self.native.as_str());
        }
        (Severity { meant, given }, meant == Some(Meant::Below))
    }

    /// What stays the same in every export.
    fn opening(&self, first: &Moment, understood: &mut Understood) -> Event {
        let (plugin, host) = (self.value.word_at(&["plugin", "id"]), self.text(&["asset", "hostname"], understood));
        self.event(EventName::Detected, first)
            .text(Field::ActorType, "system")
            .maybe(Field::Weakness, plugin.as_deref())
            .text(Field::Asset, host.unwrap_or(&self.asset))
            .list(Field::Cve, &self.value.texts_at(&["plugin", "cve"]))
            .standing(None)
    }

    /// A scan saw it gone: the fix lies between the last time it was seen and then.
    fn end(&self, first: &Moment, last: Option<Moment>, fixed: Option<Moment>, understood: &mut Understood) {
        let Some(fixed) = fixed else {
            return understood.meet(Rule::NoClosingDate, self.native.as_str());
        };
        let since = last.map_or(first.at, |last| last.at);
        if fixed.at < first.at {
            understood.meet(Rule::EndsBeforeStart, self.native.as_str());
            let detail = format!("fixed at {} and first found at {}", fixed.at, first.at);
            let fault = Fault::of("last_fixed", Reason::EndsBeforeStart, detail);
            return understood.hold(fault);
        }
        let fix = Event::inferred(EventName::FixApplied, &self.item, since, fixed.at).id(ADAPTER.name, &self.native);
        understood.outcomes.push(fix.outcome());
        let verified = self.event(EventName::Verified, &fixed).text(Field::Method, "rescan");
        understood.outcomes.push(verified.text(Field::ActorType, "system").text(Field::Actor, "tenable").outcome());
    }

    fn staleness(&self, tenable: &Tenable, last: Option<Moment>, understood: &mut Understood) {
        let scanned = self.value.text_at(&["scan", "completed_at"]);
        let indexed = self.value.text_at(&["indexed"]).and_then(|text| tenable.clock.read("indexed", text).ok());
        let scanned = scanned.and_then(|text| tenable.clock.read("scan.completed_at", text).ok()).or(last);
        if let (Some(indexed), Some(scanned)) = (indexed, scanned)
            && indexed.at.since(scanned.at) > STALE_SECONDS
        {
            understood.meet(Rule::StaleScan, self.native.as_str());
        }
    }

    /// Accepted or recast by a person, and the export does not say when.
    fn modified(&self, tenable: &Tenable, first: &Moment, last: Option<Moment>, understood: &mut Understood) {
        let by = last.map_or(first.at, |last| last.at);
        let name = match self.value.text_at(&["severity_modification_type"]) {
            Some("ACCEPTED") => EventName::ExceptionGranted,
            Some("RECASTED") => EventName::SeverityChanged,
            _ => return,
        };
        let mut event = Event::inferred(name, &self.item, first.at, by).id(ADAPTER.name, &self.native);
        if name == EventName::SeverityChanged {
            let now = self.value.word_at(&["severity"]);
            let now = now.as_deref().map(|word| Meant::on(SCALE, &tenable.settings, word)).and_then(Meant::as_word);
            event = event.maybe(Field::To, now);
        }
        understood.outcomes.push(event.outcome());
    }

    fn event(&self, name: EventName, moment: &Moment) -> Event {
        Event::new(name, &self.item, moment).id(ADAPTER.name, &self.native)
    }

    /// A text of the record; a word for nothing is none.
    fn text(&self, path: &[&str], understood: &mut Understood) -> Option<&'a str> {
        let text = self.value.text_at(path)?;
        if is_null_word(text) {
            understood.meet(Rule::NullWord, path.join("."));
            return None;
        }
        Some(text)
    }

    /// A time of the record; one that cannot be read is held with its field.
    fn moment(&self, clock: &Clock, field: &str, understood: &mut Understood) -> Option<Moment> {
        let text = self.text(&[field], understood)?;
        match clock.read(field, text) {
            Ok(moment) => {
                understood.meet_all(moment.met, &self.native);
                Some(moment)
            }
            Err(fault) => {
                understood.hold(fault);
                None
            }
        }
    }
}

/// First and last sighting; where they are the wrong way round, the tool swapped them.
fn in_order(first: Moment, last: Option<Moment>, understood: &mut Understood) -> (Moment, Option<Moment>) {
    match last {
        Some(last) if last.at < first.at => {
            understood.meet(Rule::FirstAfterLast, format!("{} after {}", first.at, last.at));
            (last, Some(first))
        }
        last => (first, last),
    }
}
