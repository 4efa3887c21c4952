//! Purple teaming as VECTR exports it: a row a test case, and what the defence made of it.

use super::{
    Adapter, Clock, Given, Moment, Rule, Settings, Shape, Translate, Understood, clock::Unit, gathered::Drills,
    head::Head, table::Row,
};
use crate::{
    drill,
    held::{Fault, Held, shown},
};
use domain::{
    drill::{Detection, DetectionOutcome, DrillRecord, DrillType, Finding, Inject, Usable},
    quarantine::Reason,
    time::DAY_SECONDS,
};

pub(super) const ADAPTER: Adapter = Adapter {
    name: "vectr-csv",
    title: "a VECTR export of test cases",
    recognise,
    begin: |settings| {
        Box::new(Vectr { settings: settings.clone(), clock: Clock::of(settings), drills: Drills::default() })
    },
};

/// A text and a number of the same moment may differ by what is cut off when they are written.
const DISAGREE_SECONDS: i64 = 60;

fn recognise(head: &Head<'_>) -> Option<Shape> {
    let row = head.header_with(&["AssessmentGroup", "Campaign", "MitreID", "Outcome"])?;
    Some(Shape::Table { delimiter: row.delimiter, preamble: row.preamble })
}

/// Yes, no, or to be determined.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    Open,
}

impl Answer {
    fn of(cell: Option<&str>) -> Self {
        match cell.map(str::to_ascii_lowercase).as_deref() {
            Some("yes" | "true") => Self::Yes,
            Some("no" | "false") => Self::No,
            _ => Self::Open,
        }
    }
}

/// What became of a test case.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Judged {
    Seen(DetectionOutcome, Usable),
    NotExecuted,
    Contradicts,
    Unknown,
}

/// Reads outcome, alert and log together: each alone is not what it says.
fn judge(outcome: &str, alert: Answer, logged: Answer) -> Judged {
    let usable = match alert {
        Answer::Yes => Usable::True,
        Answer::No => Usable::False,
        Answer::Open => Usable::Unknown,
    };
    match (outcome, alert, logged) {
        ("blocked", _, _) => Judged::Seen(DetectionOutcome::Blocked, usable),
        ("detected" | "alerted", Answer::Yes | Answer::Open, _) => Judged::Seen(DetectionOutcome::Alerted, usable),
        ("detected" | "alerted", Answer::No, Answer::No) | ("notdetected" | "none", Answer::Yes, _) => {
            Judged::Contradicts
        }
        ("detected" | "alerted", Answer::No, _) | ("notdetected" | "none", _, Answer::Yes) | ("logged", _, _) => {
            Judged::Seen(DetectionOutcome::Logged, Usable::False)
        }
        ("notdetected" | "none", _, _) => Judged::Seen(DetectionOutcome::None, Usable::False),
        ("tbd" | "n/a" | "na" | "", _, _) => Judged::NotExecuted,
        _ => Judged::Unknown,
    }
}

struct Vectr {
    settings: Settings,
    clock: Clock,
    drills: Drills,
}

/// The times of a test case.
struct Times {
    start: Option<Moment>,
    stop: Option<Moment>,
    detected: Option<Moment>,
}

impl Translate for Vectr {
    fn record(&mut self, record: &Given<'_>, understood: &mut Understood) {
        let Given::Row(row) = record else { return };
        let Some(group) = row.get("AssessmentGroup") else {
            let fault = Fault::of("AssessmentGroup", Reason::MissingField, "no `AssessmentGroup`".to_owned());
            return drill::hold(Held::because(fault), understood);
        };
        match self.row_of_test(group, row, understood) {
            Ok(()) => understood.quiet("test case of a drill"),
            Err(fault) => drill::hold(Held::because(fault), understood),
        }
    }

    fn finish(&mut self, understood: &mut Understood) {
        self.drills.finish(understood);
    }
}

impl Vectr {
    fn row_of_test(&mut self, group: &str, row: &Row<'_>, understood: &mut Understood) -> Result<(), Fault> {
        let judged = self.judged(row, understood)?;
        let title = row.get("Variant").or_else(|| row.get("Method")).unwrap_or_default();
        let times = Times {
            start: self.time(row, "Start Time", understood)?,
            stop: self.time(row, "Stop Time", understood)?,
            detected: self.detected(row, judged, understood)?,
        };
        plausible(&times, title, understood)?;
        let made = |id| DrillRecord { id, kind: Some(DrillType::Purple), ..DrillRecord::default() };
        let mut drill = self.drills.of(group, made)?;
        drill.record.title = Some(group.to_owned());
        let technique = row.get("MitreID");
        let id = drill.name(&[row.get("Campaign").unwrap_or_default(), technique.unwrap_or_default(), title]);
        drill.inject(Inject {
            id: id.clone(),
            at: times.start.map(|start| start.at),
            title: Some(title.to_owned()).filter(|title| !title.is_empty()),
            technique: technique.iter().map(|technique| (*technique).to_owned()).collect(),
            tool: row.get("Attacker Tools").map(str::to_owned),
            system_group: organization(row),
            executed: Some(matches!(judged, Judged::Seen(..))),
            ended_at: times.stop.map(|stop| stop.at),
            ..Inject::default()
        });
        if let Judged::Seen(outcome, usable) = judged {
            let at = times.detected.map(|detected| detected.at);
            let (inject, technique) = (Some(id.clone()), technique.map(str::to_owned));
            let tool = row.get("DetectingTools").map(str::to_owned);
            let first_action_at = None;
            drill.record.detections.push(Detection { inject, technique, outcome, at, tool, usable, first_action_at });
            if outcome == DetectionOutcome::None {
                drill.finding(undetected(row, id, title));
            }
        }
        Ok(())
    }

    fn judged(&self, row: &Row<'_>, understood: &mut Understood) -> Result<Judged, Fault> {
        let status = row.raw("Status").unwrap_or_default();
        if !status.is_empty() && !status.eq_ignore_ascii_case("completed") {
            return Ok(Judged::NotExecuted);
        }
        let outcome = row.raw("Outcome").unwrap_or_default();
        let said = self.settings.statuses.get(outcome).map_or(outcome, String::as_str);
        let plain: String = said.chars().filter(|sign| !sign.is_whitespace()).collect();
        let (alert, logged) = (Answer::of(row.raw("Alert Triggered")), Answer::of(row.raw("Activity Logged")));
        let judged = judge(&plain.to_ascii_lowercase(), alert, logged);
        match judged {
            Judged::Contradicts => {
                understood.meet(Rule::OutcomeContradicts, outcome);
                let (alert, log) = (row.raw("Alert Triggered"), row.raw("Activity Logged"));
                let (alert, log) = (shown(alert.unwrap_or_default()), shown(log.unwrap_or_default()));
                let detail = format!("outcome `{}` with alert `{alert}` and log `{log}`", shown(outcome));
                return Err(Fault::of("Outcome", Reason::OutcomeContradicts, detail));
            }
            Judged::Unknown => {
                understood.meet(Rule::StatusUnknown, outcome);
                let detail = format!("unknown outcome `{}`", shown(outcome));
                let hint = "say in the settings of the source what it means: blocked, detected, logged or notdetected";
                return Err(Fault::of("Outcome", Reason::BadValue, detail).hint(hint));
            }
            Judged::Seen(..) | Judged::NotExecuted => {}
        }
        Ok(judged)
    }

    /// The detection time is filled on every row; on one that was not detected it says nothing.
    fn detected(&self, row: &Row<'_>, judged: Judged, understood: &mut Understood) -> Result<Option<Moment>, Fault> {
        let is_filled = row.get("Detection Time").or_else(|| row.get("Detection Time Epoch")).is_some();
        let is_undetected = row.raw("Outcome").is_some_and(|outcome| {
            let plain: String = outcome.chars().filter(|sign| !sign.is_whitespace()).collect();
            plain.eq_ignore_ascii_case("notdetected") || plain.eq_ignore_ascii_case("none")
        });
        match judged {
            Judged::Seen(..) if is_undetected => {
                if is_filled {
                    understood.meet(Rule::DetectionOnUndetected, row.get("Variant").unwrap_or_default());
                }
                Ok(None)
            }
            Judged::Seen(..) => self.time(row, "Detection Time", understood),
            Judged::NotExecuted | Judged::Contradicts | Judged::Unknown => Ok(None),
        }
    }

    /// A time by its number, which has no zone to be wrong about; else by its text.
    fn time(&self, row: &Row<'_>, column: &str, understood: &mut Understood) -> Result<Option<Moment>, Fault> {
        let text = row.get(column).map(|text| self.clock.read_in_range(column, text));
        let digits =
            row.get(&format!("{column} Epoch")).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let Some(digits) = digits else {
            let moment = text.transpose()?;
            understood.meet_all(moment.and_then(|moment| moment.met), column);
            return Ok(moment);
        };
        let number = self.clock.epoch(column, digits, Unit::Milliseconds)?;
        let number = Moment::exact(number.at).in_range(column)?;
        if let Some(Ok(text)) = text
            && text.latest.is_none()
            && text.at.since(number.at).abs() >= DISAGREE_SECONDS
        {
            understood.meet(Rule::EpochDisagrees, format!("{column}: {} and {}", text.at, number.at));
        }
        Ok(Some(number))
    }
}

fn organization(row: &Row<'_>) -> Option<String> {
    row.get("Organizations").or_else(|| row.get("Organization")).map(str::to_owned)
}

/// What nothing saw is a finding; its fingerprint makes rounds comparable.
fn undetected(row: &Row<'_>, id: String, title: &str) -> Finding {
    Finding {
        inject: Some(id.clone()),
        id,
        technique: row.get("MitreID").map(str::to_owned),
        control: row.get("Method").map(str::to_owned),
        system_group: organization(row),
        text: Some(format!("not detected: {title}")),
        ..Finding::default()
    }
}

/// A detection lies between the start and a day after the stop, or its time was shifted.
fn plausible(times: &Times, title: &str, understood: &mut Understood) -> Result<(), Fault> {
    let (Some(start), Some(detected)) = (&times.start, &times.detected) else { return Ok(()) };
    let last = times.stop.as_ref().unwrap_or(start).end().plus(DAY_SECONDS);
    if detected.end() >= start.at && detected.at <= last {
        return Ok(());
    }
    understood.meet(Rule::DetectionImplausible, title);
    let detail = format!("detected at {}, started at {}", detected.at, start.at);
    Err(Fault::of("Detection Time", Reason::DetectionImplausible, detail).hint("correct the times of the test case"))
}
