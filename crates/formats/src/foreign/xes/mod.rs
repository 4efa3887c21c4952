//! Event logs in XES: a trace is an item, an entry of it what happened, once somebody has said what its words mean.

mod meaning;
mod trace;
pub(super) mod words;

use super::{Adapter, Given, Settings, Shape, Translate, Understood, clock::Clock, element::Element, head::Head};
use crate::held::{Fault, shown};
use domain::quarantine::Reason;
use serde::{Deserialize, Serialize};
use trace::Trace;

pub(super) const ADAPTER: Adapter = Adapter {
    name: "xes",
    title: "XES event log",
    recognise,
    begin: |settings| Box::new(Xes { settings: settings.clone(), clock: Clock::of(settings) }),
};

/// What a person says about event logs of a source; what its words mean stands in `statuses`, as
/// `activity/transition` or `activity`, where one `*` stands for anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct XesSettings {
    /// A log whose words are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preset: Option<Preset>,
    /// Whether the first entry of a trace also opened the ticket; presets know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opens: Option<bool>,
    /// The attribute that holds the severity; presets know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// The attribute that holds the asset; presets know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asset: Option<String>,
}

/// A log whose words are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Preset {
    /// Incidents of a car maker, 2010 to 2012, published in 2013.
    #[serde(rename = "volvo_2013")]
    Volvo2013,
}

impl XesSettings {
    pub(super) fn is_unset(&self) -> bool {
        *self == Self::default()
    }

    fn opens(&self) -> bool {
        self.opens.unwrap_or(self.preset == Some(Preset::Volvo2013))
    }

    fn severity(&self) -> Option<&str> {
        self.severity.as_deref().or_else(|| self.preset.map(|Preset::Volvo2013| "impact"))
    }

    fn asset(&self) -> Option<&str> {
        self.asset.as_deref().or_else(|| self.preset.map(|Preset::Volvo2013| "product"))
    }
}

/// A root element `log`, whatever stands before it.
fn recognise(head: &Head<'_>) -> Option<Shape> {
    let mut rest = head.text().trim_start();
    loop {
        let end = match rest {
            comment if comment.starts_with("<!--") => "-->",
            instruction if instruction.starts_with("<?") => "?>",
            kind if kind.starts_with("<!DOCTYPE") => match (kind.find('['), kind.find('>')) {
                (Some(list), Some(end)) if list < end => "]",
                _ => ">",
            },
            _ => break,
        };
        let (_, after) = rest.split_once(end)?;
        rest = after.trim_start_matches(|sign: char| sign.is_whitespace() || (end == "]" && sign == '>'));
    }
    let name = rest.strip_prefix('<')?.split(|sign: char| sign.is_whitespace() || matches!(sign, '>' | '/')).next()?;
    (name == "log" || name.ends_with(":log")).then_some(Shape::Traces)
}

struct Xes {
    settings: Settings,
    clock: Clock,
}

impl Translate for Xes {
    fn stands_alone(&self, _: &Given<'_>) -> bool {
        true
    }

    fn record(&mut self, record: &Given<'_>, understood: &mut Understood) {
        let Given::Xml(element) = record else { return };
        if element.name.as_ref() != "trace" {
            let what = format!("`{}` outside of a trace", shown(&element.name));
            return hold(understood, &what, "export a log whose events stand in traces");
        }
        let Some(case) = value(element, "concept:name").or_else(|| value(element, "identity:id")) else {
            let fault = Fault::of("concept:name", Reason::MissingField, "a trace without `concept:name`".to_owned());
            return understood.hold(fault.hint("export the names of the cases"));
        };
        Trace::new(case, &self.settings, understood).translate(element, &self.clock);
    }
}

fn hold(understood: &mut Understood, what: &str, hint: &str) {
    let fault = Fault::whole(Reason::MissingField, what.to_owned()).hint(hint);
    understood.hold(fault);
}

/// What a trace or an entry says under a key.
fn value<'a>(element: &'a Element, key: &str) -> Option<&'a str> {
    let found = element.children.iter().find(|child| child.get("key") == Some(key))?;
    found.get("value").map(str::trim).filter(|text| !text.is_empty())
}
