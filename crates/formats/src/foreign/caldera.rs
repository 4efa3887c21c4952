//! Attacks as Caldera reports or logs them: links that an agent ran. What the defenders saw is not in there, and so stays
//! unknown.

use super::{
    Adapter, Clock, Given, Rule, Settings, Shape, Translate, Understood,
    gathered::{Drills, Gathering},
    head::Head,
};
use crate::{
    drill,
    held::{Fault, Held},
    json::Value,
};
use domain::{
    drill::{Detection, DrillRecord, DrillType, Inject},
    quarantine::Reason,
    time::Timestamp,
};
use std::collections::BTreeMap;

pub(super) const REPORT: Adapter = Adapter {
    name: "caldera-report",
    title: "a Caldera operation report",
    recognise: |head| {
        let is_it = |value: &Value<'_>| {
            let has = |key: &str| value.at(&[key]).is_some();
            has("adversary") && has("planner") && matches!(value.at(&["steps"]), Some(Value::Map(_)))
        };
        // The list of agents comes first in a report and may fill the beginning.
        let is_long = || head.is_object() && head.mentions(&["host_group", "paw"]);
        let is_report = head.first_line().or_else(|| head.first_element()).map_or_else(is_long, |first| is_it(&first));
        is_report.then_some(Shape::Elements)
    },
    begin: |settings| Box::new(Reports { caldera: Caldera::of(settings) }),
};

pub(super) const EVENTS: Adapter = Adapter {
    name: "caldera-events",
    title: "Caldera event logs",
    recognise,
    begin: |settings| Box::new(Events { caldera: Caldera::of(settings), last: BTreeMap::new() }),
};

fn recognise(head: &Head<'_>) -> Option<Shape> {
    let is_it = |value: &Value<'_>| {
        value.at(&["delegated_timestamp"]).is_some()
            && value.at(&["operation_metadata"]).is_some()
            && value.at(&["ability_metadata"]).is_some()
    };
    if head.first_line().as_ref().is_some_and(is_it) {
        return Some(Shape::Lines);
    }
    head.first_element().as_ref().is_some_and(is_it).then_some(Shape::Elements)
}

/// What a link's number says about whether it ran.
enum Ran {
    Yes,
    No,
    Unknown,
}

impl Ran {
    fn of(status: Option<&str>) -> Self {
        match status {
            // Success, failure, timeout: all of them were run.
            Some("0" | "1" | "124") => Self::Yes,
            // Too visible, untrusted, waiting, discarded, paused: none of them was.
            Some("-5" | "-4" | "-3" | "-2" | "-1") => Self::No,
            _ => Self::Unknown,
        }
    }
}

struct Caldera {
    clock: Clock,
    drills: Drills,
}

/// One link, whichever file it stood in.
struct Link<'a> {
    paw: &'a str,
    ability: String,
    title: Option<&'a str>,
    technique: Option<&'a str>,
    tool: Option<&'a str>,
    host: Option<&'a str>,
    status: Option<String>,
    start: Option<Timestamp>,
    stop: Option<Timestamp>,
}

impl Caldera {
    fn of(settings: &Settings) -> Self {
        Self { clock: Clock::of(settings), drills: Drills::default() }
    }

    fn time(&self, value: &Value<'_>, field: &str) -> Result<Option<Timestamp>, Fault> {
        let read = value.text_at(&[field]).map(|text| self.clock.read_in_range(field, text));
        Ok(read.transpose()?.map(|moment| moment.at))
    }

    /// The drill of an operation: its name, and when it began, since names are used again.
    fn operation(&mut self, name: &str, start: Option<Timestamp>) -> Result<Gathering<'_>, Fault> {
        let id = start.map_or_else(|| name.to_owned(), |start| format!("{name}@{start}"));
        let title = Some(name.to_owned());
        self.drills.of(&id, |id| DrillRecord { id, title, kind: Some(DrillType::Purple), ..DrillRecord::default() })
    }
}

impl Gathering<'_> {
    fn link(&mut self, link: &Link<'_>, understood: &mut Understood) {
        let id = self.name(&[link.paw, &link.ability]);
        let executed = match Ran::of(link.status.as_deref()) {
            Ran::Yes => Some(true),
            Ran::No => Some(false),
            Ran::Unknown => {
                understood.meet(Rule::StatusUnknown, link.status.as_deref().unwrap_or_default());
                None
            }
        };
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let technique = owned(link.technique);
        self.inject(Inject {
            id: id.clone(),
            at: link.start,
            title: owned(link.title),
            technique: technique.iter().cloned().collect(),
            tool: owned(link.tool),
            system_group: owned(link.host),
            executed,
            ended_at: link.stop,
            ..Inject::default()
        });
        if executed == Some(true) {
            self.record.detections.push(Detection { inject: Some(id), technique, ..Detection::default() });
        }
    }
}

struct Reports {
    caldera: Caldera,
}

impl Translate for Reports {
    fn record(&mut self, record: &Given<'_>, understood: &mut Understood) {
        let Given::Json(value) = record else { return };
        match self.report(value, understood) {
            Ok(()) => self.caldera.drills.finish(understood),
            Err(fault) => drill::hold(Held::because(fault), understood),
        }
    }
}

impl Reports {
    fn report(&mut self, report: &Value<'_>, understood: &mut Understood) -> Result<(), Fault> {
        let Some(name) = report.text_at(&["name"]) else {
            return Err(Fault::of("name", Reason::MissingField, "no `name` of the operation".to_owned()));
        };
        let (start, finish) = (self.caldera.time(report, "start")?, self.caldera.time(report, "finish")?);
        let mut links = Vec::new();
        for (paw, agent) in members(report, "steps") {
            let host = report.list_at(&["host_group"]).iter().find(|one| one.text_at(&["paw"]) == Some(paw));
            let host = host.and_then(|host| host.text_at(&["host"]));
            let from = links.len();
            for step in agent.list_at(&["steps"]) {
                links.push(self.step(paw, host, step)?);
            }
            if overlap(links.get(from..).unwrap_or_default()) {
                understood.meet(Rule::StepsOverlap, format!("{name}/{paw}"));
            }
        }
        let mut drill = self.caldera.operation(name, start)?;
        drill.record.scenario = report.text_at(&["adversary", "name"]).map(str::to_owned);
        drill.lasts(start);
        drill.lasts(finish);
        for link in &links {
            drill.link(link, understood);
        }
        for skipped in report.list_at(&["skipped_abilities"]) {
            for (paw, abilities) in whole(skipped) {
                skip(&mut drill, paw, abilities);
            }
        }
        Ok(())
    }

    fn step<'a>(&self, paw: &'a str, host: Option<&'a str>, step: &'a Value<'_>) -> Result<Link<'a>, Fault> {
        let (delegated, run) = (self.caldera.time(step, "delegated")?, self.caldera.time(step, "run")?);
        let reported = self.caldera.time(step, "agent_reported_time")?;
        Ok(Link {
            paw,
            ability: step.word_at(&["ability_id"]).unwrap_or_default(),
            title: step.text_at(&["name"]),
            technique: step.text_at(&["attack", "technique_id"]),
            tool: step.text_at(&["executor"]),
            host,
            status: step.word_at(&["status"]),
            start: reported.or(delegated).or(run),
            stop: run.filter(|run| Some(*run) >= reported.or(delegated)),
        })
    }
}

/// Abilities that were planned and left out.
fn skip(drill: &mut Gathering<'_>, paw: &str, abilities: &Value<'_>) {
    let Value::List(abilities) = abilities else { return };
    for ability in abilities {
        let id = drill.name(&[paw, "skipped", &ability.word_at(&["ability_id"]).unwrap_or_default()]);
        let title = ability.text_at(&["ability_name"]).map(str::to_owned);
        drill.inject(Inject { id, title, executed: Some(false), ..Inject::default() });
    }
}

fn overlap(links: &[Link<'_>]) -> bool {
    links.windows(2).any(|pair| match pair {
        [one, next] => matches!((one.stop, next.start), (Some(stop), Some(start)) if start < stop),
        _ => false,
    })
}

fn members<'v>(value: &'v Value<'_>, key: &str) -> impl Iterator<Item = (&'v str, &'v Value<'v>)> {
    value.at(&[key]).into_iter().flat_map(whole)
}

/// The members of an object; anything else has none.
fn whole<'v>(value: &'v Value<'_>) -> impl Iterator<Item = (&'v str, &'v Value<'v>)> {
    let members = if let Value::Map(members) = value { members.as_slice() } else { &[] };
    members.iter().map(|(key, value)| (key.as_ref(), value))
}

struct Events {
    caldera: Caldera,
    /// When the last link of each agent stopped.
    last: BTreeMap<String, Timestamp>,
}

impl Translate for Events {
    fn record(&mut self, record: &Given<'_>, understood: &mut Understood) {
        let Given::Json(value) = record else { return };
        match self.event(value, understood) {
            Ok(()) => understood.quiet("link of a drill"),
            Err(fault) => drill::hold(Held::because(fault), understood),
        }
    }

    fn finish(&mut self, understood: &mut Understood) {
        self.caldera.drills.finish(understood);
    }
}

impl Events {
    fn event(&mut self, event: &Value<'_>, understood: &mut Understood) -> Result<(), Fault> {
        let Some(name) = event.text_at(&["operation_metadata", "operation_name"]) else {
            return Err(Fault::of("operation_name", Reason::MissingField, "no `operation_name`".to_owned()));
        };
        let operation = event.at(&["operation_metadata"]).unwrap_or(&Value::Null);
        let start = self.caldera.time(operation, "operation_start")?;
        let delegated = self.caldera.time(event, "delegated_timestamp")?;
        let reported = self.caldera.time(event, "agent_reported_time")?;
        let finished = self.caldera.time(event, "finished_timestamp")?;
        let collected = self.caldera.time(event, "collected_timestamp")?;
        let paw = event.text_at(&["agent_metadata", "paw"]).unwrap_or_default();
        let link = Link {
            paw,
            ability: event.word_at(&["ability_metadata", "ability_id"]).unwrap_or_default(),
            title: event.text_at(&["ability_metadata", "ability_name"]),
            technique: event.text_at(&["attack_metadata", "technique_id"]),
            tool: event.text_at(&["executor"]),
            host: event.text_at(&["agent_metadata", "host"]),
            status: event.word_at(&["status"]),
            start: reported.or(collected).or(delegated),
            stop: finished,
        };
        if let (Some(start), Some(last)) = (link.start, self.last.get(paw))
            && start < *last
        {
            understood.meet(Rule::StepsOverlap, format!("{name}/{paw}"));
        }
        if let Some(stop) = link.stop {
            self.last.insert(paw.to_owned(), stop);
        }
        let adversary = event.text_at(&["operation_metadata", "operation_adversary"]).map(str::to_owned);
        let mut drill = self.caldera.operation(name, start)?;
        drill.record.scenario = adversary;
        drill.link(&link, understood);
        Ok(())
    }
}
