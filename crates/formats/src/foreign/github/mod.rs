//! Alerts of GitHub: dependencies, code and secrets, as its interface lists them.

mod alert;
mod ends;
mod push;
pub(super) mod words;

use super::{Adapter, Given, Settings, Shape, Translate, Understood, clock::Clock, head::Head};
use crate::json::Value;
use alert::{Alert, Family};

pub(super) const ADAPTER: Adapter = Adapter {
    name: "github",
    title: "GitHub security alerts",
    recognise,
    begin: |settings| Box::new(GitHub::of(settings)),
};

fn recognise(head: &Head<'_>) -> Option<Shape> {
    let is_it = |value: &Value<'_>| Family::of(value).is_some() || push::is_of_alert(value);
    // Several pages put together are a list of lists.
    let is_page = |value: &Value<'_>| {
        if let Value::List(alerts) = value { alerts.first().is_some_and(is_it) } else { is_it(value) }
    };
    head.shape_of(&["alerts"], is_page)
}

struct GitHub {
    settings: Settings,
    clock: Clock,
}

impl GitHub {
    fn of(settings: &Settings) -> Self {
        Self { settings: settings.clone(), clock: Clock::of(settings) }
    }

    fn alert(&self, value: &Value<'_>, understood: &mut Understood) {
        if let Some(family) = Family::of(value) {
            Alert::of(value, family).translate(&self.settings, &self.clock, understood);
        } else if push::is_push(value) {
            push::tell(value, &self.settings, &self.clock, understood);
        }
    }
}

impl Translate for GitHub {
    fn stands_alone(&self, _: &Given<'_>) -> bool {
        true
    }

    fn record(&mut self, record: &Given<'_>, understood: &mut Understood) {
        let Given::Json(value) = record else { return };
        let Value::List(page) = value else { return self.alert(value, understood) };
        if page.is_empty() {
            understood.quiet("an empty page");
        }
        for alert in page {
            self.alert(alert, understood);
        }
    }
}
