//! What does a webhook say beside its alert? That the alert came back, which the alert itself does not tell.

use super::{
    super::{Settings, Understood, clock::Clock, story::Story},
    ADAPTER,
    alert::{Alert, Family},
};
use crate::{field::Field, held::shown, json::Value};
use domain::event_name::EventName;

/// Whether it is what a webhook sends: an act, by somebody.
pub(super) fn is_push(value: &Value<'_>) -> bool {
    value.at(&["sender"]).is_some() && (value.text_at(&["action"]).is_some() || value.at(&["zen"]).is_some())
}

/// Whether it is of an alert.
pub(super) fn is_of_alert(value: &Value<'_>) -> bool {
    is_push(value) && value.at(&["alert"]).is_some_and(|alert| Family::of(alert).is_some())
}

/// Tells a webhook.
pub(super) fn tell(value: &Value<'_>, settings: &Settings, clock: &Clock, understood: &mut Understood) {
    let action = value.text_at(&["action"]).unwrap_or("ping");
    let found = value.at(&["alert"]).and_then(|alert| Some((alert, Family::of(alert)?)));
    let Some((alert, family)) = found else { return understood.quiet(&format!("`{}` of no alert", shown(action))) };
    let alert = Alert::of(alert, family).within(value);
    alert.translate(settings, clock, understood);
    if let Some(names) = came_back(family, action) {
        back(&alert, (action, names), value, clock, understood);
    }
}

/// What an act says of an alert that was over. Found again is one thing, opened again by somebody who had put it away
/// another: then the acceptance is over too.
const fn came_back(family: Family, action: &str) -> Option<&'static [EventName]> {
    const FOUND: &[EventName] = &[EventName::Redetected];
    const OPENED: &[EventName] = &[EventName::ExceptionExpired, EventName::Reopened];
    match (family, action.as_bytes()) {
        (Family::Code, b"reopened") | (_, b"reintroduced") => Some(FOUND),
        (_, b"reopened" | b"reopened_by_user" | b"auto_reopened") => Some(OPENED),
        _ => None,
    }
}

fn back(
    alert: &Alert<'_>,
    (action, names): (&str, &[EventName]),
    value: &Value<'_>,
    clock: &Clock,
    understood: &mut Understood,
) {
    let mut story = Story::of(ADAPTER.name, clock, "", understood);
    let Some((item, native)) = alert.names() else { return };
    story.turn_to(item, native);
    let Some(at) = story.time(value, &["alert", "updated_at"]) else {
        return story.undated("updated_at", action);
    };
    let by_person = names.contains(&EventName::Reopened) && action != "auto_reopened";
    let sender = value.word_at(&["sender", "login"]).filter(|_| by_person);
    for name in names {
        let event = story.event_at(*name, &at).maybe(Field::Actor, sender.as_deref());
        story.tell(event.maybe(Field::ActorType, (!by_person).then_some("system")).text(Field::RawStatus, action));
    }
}
