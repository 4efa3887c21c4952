//! Does the beginning of a file look like incidents or log entries of PagerDuty?

use super::{entry::is_entry, push::event_of};
use crate::{
    foreign::{Shape, head::Head},
    json::Value,
};

pub(super) fn recognise(head: &Head<'_>) -> Option<Shape> {
    if head.is_array() {
        let known = head.first_element().map_or_else(|| looks_known(head), |first| is_record(&first));
        return known.then_some(Shape::Elements);
    }
    if !head.is_object() {
        return None;
    }
    if let Some(first) = head.first_line() {
        let several = head.text().lines().filter(|line| !line.trim().is_empty()).nth(1).is_some();
        return match page(&first) {
            Some(key) if !several => Some(Shape::Under(key)),
            Some(_) => Some(Shape::Lines),
            None => is_record(&first).then_some(Shape::Lines),
        };
    }
    match head.first_element() {
        Some(only) => page(&only).map(Shape::Under).or_else(|| is_record(&only).then_some(Shape::Elements)),
        None => of_part(head),
    }
}

/// The object goes on beyond what was looked at.
fn of_part(head: &Head<'_>) -> Option<Shape> {
    if !looks_known(head) {
        return None;
    }
    let place = |key: &str| head.text().find(&format!("\"{key}\""));
    let inside = ["id", "incident_key"].iter().filter_map(|key| place(key)).min();
    let outside = |key: &str| place(key).is_some_and(|at| inside.is_none_or(|inside| at < inside));
    match ["incidents", "log_entries"].into_iter().find(|key| outside(key)) {
        Some(key) => Some(Shape::Under(key)),
        None if head.text().trim_start().contains('\n') => Some(Shape::Elements),
        None => Some(Shape::Lines),
    }
}

/// The key of a page under which its records stand.
fn page(value: &Value<'_>) -> Option<&'static str> {
    let holds = |key: &str, is_it: fn(&Value<'_>) -> bool| value.list_at(&[key]).first().is_some_and(is_it);
    if is_incident(value) {
        None
    } else if holds("incidents", is_incident) {
        Some("incidents")
    } else if holds("log_entries", is_entry) {
        Some("log_entries")
    } else {
        None
    }
}

fn is_record(value: &Value<'_>) -> bool {
    let inner = |key: &str, is_it: fn(&Value<'_>) -> bool| value.at(&[key]).is_some_and(is_it);
    is_entry(value)
        || is_push(value)
        || is_incident(value)
        || page(value).is_some()
        || inner("incident", is_incident)
        || inner("log_entry", is_entry)
}

/// Whether it is what a webhook of the third version sends.
fn is_push(value: &Value<'_>) -> bool {
    let event = event_of(value);
    event.is_some_and(|event| event.at(&["resource_type"]).is_some() && event.at(&["occurred_at"]).is_some())
}

/// Whether it is an incident, with or without what was logged of it.
pub(super) fn is_incident(value: &Value<'_>) -> bool {
    let logged = value.list_at(&["log_entries"]).first().is_some_and(is_entry);
    let is_known = value.at(&["incident_key"]).is_some() && value.at(&["first_trigger_log_entry"]).is_some();
    value.at(&["id"]).is_some() && (is_known || logged)
}

fn looks_known(head: &Head<'_>) -> bool {
    head.mentions(&["incident_key", "first_trigger_log_entry"]) || head.text().contains("_log_entry\"")
}
