//! Findings in the Open Cybersecurity Schema Framework: a stream of creations, updates and closes, or what stands now.

mod class;
mod fields;
mod record;
pub(super) mod words;

use super::{
    Adapter, Given, Settings, Shape, Translate, Understood,
    clock::Clock,
    head::Head,
    severity::{CRITICAL, HIGH, LOW, MEDIUM, Meant, Scale},
    story::Phase,
};
use crate::{held::Fault, json::Value};
use class::Class;
use domain::{quarantine::Reason, time::Timestamp};
use record::Record;
use std::collections::BTreeMap;

pub(super) const ADAPTER: Adapter =
    Adapter { name: "ocsf", title: "OCSF findings", recognise, begin: |settings| Box::new(Ocsf::of(settings)) };

const SCALE: Scale = &[
    ("1", Meant::Below),
    ("2", LOW),
    ("3", MEDIUM),
    ("4", HIGH),
    ("5", CRITICAL),
    ("6", CRITICAL),
    ("informational", Meant::Below),
    ("low", LOW),
    ("medium", MEDIUM),
    ("high", HIGH),
    ("critical", CRITICAL),
    ("fatal", CRITICAL),
];

fn recognise(head: &Head<'_>) -> Option<Shape> {
    let is_it = |value: &Value<'_>| Class::of(value).is_some() && value.at(&["metadata", "version"]).is_some();
    head.shape_of(&["Findings", "findings"], is_it)
}

struct Ocsf {
    settings: Settings,
    clock: Clock,
    /// By a digest of the item's name.
    items: BTreeMap<[u8; 16], Known>,
}

/// What earlier records said of an item.
#[derive(Clone, Debug)]
struct Known {
    /// The earliest evidence of it.
    first: Timestamp,
    /// When it last changed.
    changed: Timestamp,
    phase: Option<Phase>,
    /// Whether its check passed when it was last looked at.
    passed: bool,
    verdict: Option<Box<str>>,
    owner: Option<Box<str>>,
}

impl Ocsf {
    fn of(settings: &Settings) -> Self {
        Self { settings: settings.clone(), clock: Clock::of(settings), items: BTreeMap::new() }
    }
}

impl Translate for Ocsf {
    fn stands_alone(&self, _: &Given<'_>) -> bool {
        true
    }

    fn record(&mut self, record: &Given<'_>, understood: &mut Understood) {
        let Given::Json(value) = record else { return };
        let Some(class) = Class::of(value) else {
            let class = value.word_at(&["class_uid"]).unwrap_or_else(|| "none".to_owned());
            return understood.quiet(&format!("class `{}`", crate::held::shown(&class)));
        };
        match Record::of(value, class) {
            Some(record) => record.translate(self, understood),
            None => understood.hold(
                Fault::of("finding_info.uid", Reason::MissingField, "no `finding_info.uid`".to_owned())
                    .hint("every finding needs the id its producer gave it"),
            ),
        }
        understood.quiet_unless_told();
    }
}
