//! Does the beginning of a file look like issues of Jira?

use super::row;
use crate::{
    foreign::{Shape, head::Head},
    json::Value,
};

pub(super) fn recognise(head: &Head<'_>) -> Option<Shape> {
    if head.is_array() {
        let known = head.first_element().map_or_else(|| looks_known(head), |first| is_known(&first));
        return known.then_some(Shape::Elements);
    }
    if !head.is_object() {
        return row::header(head);
    }
    if let Some(first) = head.first_line() {
        return of_line(head, &first);
    }
    match head.first_element() {
        Some(only) if is_search(&only) => Some(Shape::Under("issues")),
        Some(only) => is_known(&only).then_some(Shape::Elements),
        None => of_part(head),
    }
}

/// The first line is a whole object; others may follow.
fn of_line(head: &Head<'_>, first: &Value<'_>) -> Option<Shape> {
    let several = head.text().lines().filter(|line| !line.trim().is_empty()).nth(1).is_some();
    match is_search(first) {
        true if several => Some(Shape::Lines),
        true => Some(Shape::Under("issues")),
        false => is_known(first).then_some(Shape::Lines),
    }
}

/// The object goes on beyond what was looked at.
fn of_part(head: &Head<'_>) -> Option<Shape> {
    if !looks_known(head) {
        return None;
    }
    let text = head.text();
    let inside = ["\"fields\"", "\"changelog\""].iter().filter_map(|key| text.find(key)).min();
    if text.find("\"issues\"").is_some_and(|issues| inside.is_none_or(|inside| issues < inside)) {
        return Some(Shape::Under("issues"));
    }
    // On many lines it is one object; on one line there may be others after it.
    Some(if text.trim_start().contains('\n') { Shape::Elements } else { Shape::Lines })
}

fn is_search(value: &Value<'_>) -> bool {
    value.list_at(&["issues"]).first().is_some_and(is_issue)
}

fn is_known(value: &Value<'_>) -> bool {
    let is_webhook = value.text_at(&["webhookEvent"]).is_some_and(|name| name.starts_with("jira:issue_"));
    is_webhook || is_issue(value) || is_page(value) || is_search(value)
}

fn is_issue(value: &Value<'_>) -> bool {
    let has_fields = ["status", "issuetype", "created"].iter().any(|field| value.at(&["fields", field]).is_some());
    value.text_at(&["key"]).is_some() && (has_fields || value.at(&["changelog", "histories"]).is_some())
}

fn is_page(value: &Value<'_>) -> bool {
    let first = value.list_at(&["values"]).first();
    value.text_at(&["self"]).is_some_and(|address| address.contains("/issue/"))
        && first.is_some_and(|history| history.at(&["items"]).is_some() && history.at(&["created"]).is_some())
}

fn looks_known(head: &Head<'_>) -> bool {
    head.mentions(&["key", "fields", "issuetype"])
        || head.mentions(&["changelog", "histories", "items"])
        || (head.mentions(&["webhookEvent"]) && head.text().contains("\"jira:issue_"))
}
