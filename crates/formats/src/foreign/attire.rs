//! Attacks as ATTiRe 1.1 logs them: procedures with steps. What the defenders saw is not in there, and so stays unknown.

use super::{
    Adapter, Clock, Given, Moment, Rule, Settings, Shape, Translate, Understood, gathered::Drills, head::Head,
};
use crate::{
    drill,
    held::{Fault, Held},
    json::{self, Rules, Value},
};
use domain::{
    drill::{Detection, DrillRecord, DrillType, Inject},
    quarantine::Reason,
    time::Timestamp,
};

pub(super) const ADAPTER: Adapter =
    Adapter { name: "attire", title: "an ATTiRe log", recognise, begin: |settings| Box::new(Attire::of(settings)) };

/// The procedures are gathered under this name until the file says what the run is called by.
const RUN: &str = "run";

fn recognise(head: &Head<'_>) -> Option<Shape> {
    (head.is_object() && head.mentions(&["execution-data", "procedures"])).then_some(Shape::Under("procedures"))
}

struct Attire {
    clock: Clock,
    drills: Drills,
    run: Option<Value<'static>>,
}

impl Attire {
    fn of(settings: &Settings) -> Self {
        Self { clock: Clock::of(settings), drills: Drills::default(), run: None }
    }
}

impl Translate for Attire {
    fn beside(&mut self, name: &str, text: &str) {
        if name == "execution-data" {
            self.run = json::value(text, Rules::ANALYSIS).ok().map(Value::into_owned);
        }
    }

    fn record(&mut self, record: &Given<'_>, understood: &mut Understood) {
        let Given::Json(value) = record else { return };
        match self.procedure(value, understood) {
            Ok(()) => understood.quiet("procedure of a drill"),
            Err(fault) => drill::hold(Held::because(fault), understood),
        }
    }

    fn finish(&mut self, understood: &mut Understood) {
        let run = self.run.take().unwrap_or(Value::Null);
        let Some(id) = run.word_at(&["execution-id"]) else {
            let fault = Fault::of("execution-data", Reason::MissingField, "no `execution-id`".to_owned());
            return drill::hold(Held::because(fault.hint("export the log with its execution data")), understood);
        };
        let name = |path: &[&str]| run.text_at(path).map(str::to_owned);
        let title = name(&["execution-command"]).or_else(|| name(&["execution-category", "name"]));
        let host = name(&["target", "host"]).or_else(|| name(&["target", "ip"]));
        let lead = name(&["target", "user"]);
        self.drills.each(|record| {
            record.id.clone_from(&id);
            record.title.clone_from(&title);
            record.lead.clone_from(&lead);
            record.system_group.extend(host.clone());
            for inject in &mut record.injects {
                inject.system_group.clone_from(&host);
            }
        });
        self.drills.finish(understood);
    }
}

impl Attire {
    fn procedure(&mut self, value: &Value<'_>, understood: &mut Understood) -> Result<(), Fault> {
        let title = value.text_at(&["procedure-name"]).unwrap_or_default();
        let technique = value.text_at(&["mitre-technique-id"]).map(str::to_owned);
        if title.is_empty() && technique.is_none() {
            let detail = "neither `procedure-name` nor `mitre-technique-id`".to_owned();
            return Err(Fault::of("procedure-name", Reason::MissingField, detail));
        }
        let steps = self.steps(value)?;
        if steps.windows(2).any(|pair| matches!(pair, [(_, Some(stop)), (start, _)] if start < stop)) {
            understood.meet(Rule::StepsOverlap, title);
        }
        let made = |id| DrillRecord { id, kind: Some(DrillType::Purple), ..DrillRecord::default() };
        let mut drill = self.drills.of(RUN, made)?;
        let native = value.word_at(&["procedure-id", "id"]).or_else(|| value.word_at(&["order"])).unwrap_or_default();
        let id = drill.name(&[technique.as_deref().unwrap_or_default(), &native]);
        drill.inject(Inject {
            id: id.clone(),
            at: steps.first().map(|(start, _)| *start),
            title: Some(title.to_owned()).filter(|title| !title.is_empty()),
            technique: technique.iter().cloned().collect(),
            tool: value.list_at(&["steps"]).first().and_then(|step| step.text_at(&["executor"])).map(str::to_owned),
            executed: Some(!steps.is_empty()),
            ended_at: steps.iter().filter_map(|(_, stop)| *stop).max(),
            ..Inject::default()
        });
        if !steps.is_empty() {
            drill.record.detections.push(Detection { inject: Some(id), technique, ..Detection::default() });
        }
        Ok(())
    }

    /// When the steps began and stopped, in the order in which they began.
    fn steps(&self, value: &Value<'_>) -> Result<Vec<(Timestamp, Option<Timestamp>)>, Fault> {
        let mut steps = Vec::new();
        for step in value.list_at(&["steps"]) {
            let read = |field: &str| -> Result<Option<Moment>, Fault> {
                step.text_at(&[field]).map(|text| self.clock.read_in_range(field, text)).transpose()
            };
            let Some(start) = read("time-start")? else {
                return Err(Fault::of("time-start", Reason::MissingField, "a step has no `time-start`".to_owned()));
            };
            steps.push((start.at, read("time-stop")?.map(|stop| stop.end())));
        }
        steps.sort_unstable();
        Ok(steps)
    }
}
