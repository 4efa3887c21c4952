//! Findings of DefectDojo as its interface lists them: flags of what stands, and few dates.

mod finding;

use super::{Adapter, Given, Settings, Shape, Translate, Understood, clock::Clock, head::Head};
use crate::{held::Fault, json::Value};
use domain::{quarantine::Reason, time::Timestamp};
use finding::Finding;
use std::collections::BTreeMap;

pub(super) const ADAPTER: Adapter = Adapter {
    name: "defectdojo",
    title: "DefectDojo findings",
    recognise,
    begin: |settings| Box::new(DefectDojo::of(settings)),
};

fn recognise(head: &Head<'_>) -> Option<Shape> {
    let is_it = |value: &Value<'_>| {
        ["sla_expiration_date", "risk_accepted", "is_mitigated"].iter().all(|key| value.at(&[key]).is_some())
    };
    head.shape_of(&["results", "findings"], is_it)
}

struct DefectDojo {
    settings: Settings,
    clock: Clock,
    /// By the id of the finding.
    known: BTreeMap<String, Known>,
}

/// What an earlier record said of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Known {
    /// When it was closed, where it was.
    closed: Option<Timestamp>,
    /// The day from which its promise was counted.
    promised_from: Option<Box<str>>,
}

impl DefectDojo {
    fn of(settings: &Settings) -> Self {
        Self { settings: settings.clone(), clock: Clock::of(settings), known: BTreeMap::new() }
    }
}

impl Translate for DefectDojo {
    fn stands_alone(&self, _: &Given<'_>) -> bool {
        true
    }

    fn record(&mut self, record: &Given<'_>, understood: &mut Understood) {
        let Given::Json(value) = record else { return };
        match Finding::of(value) {
            Some(finding) => finding.translate(self, understood),
            None => understood.hold(Fault::of("id", Reason::MissingField, "no `id` of the finding".to_owned())),
        }
        understood.quiet_unless_told();
    }
}
