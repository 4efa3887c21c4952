//! What does an event say of an agent's action, of its context, and of why it waits?

use crate::{field::Field, json::Value};
use domain::{
    agent_action::{ActionDetails, Confidence, Impact, Truth},
    event::ItemEvent,
    time::Timestamp,
};

/// Takes a field that belongs to an agent's action, names context or gives a reason; leaves all others alone.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "these fields speak of agents, context and reasons, and a new one says so here"
)]
pub(crate) fn note(event: &mut ItemEvent, field: Field, value: &Value<'_>) {
    let text = value.as_text();
    let boxed = || text.map(Box::from);
    match field {
        Field::Ref => event.ties.reference = boxed(),
        Field::ReasonCode => event.ties.reason = text.and_then(|word| word.parse().ok()),
        Field::Owner | Field::Identity => event.ties.context.identity |= says(value),
        Field::Dependency | Field::Criticality => event.ties.context.dependency |= says(value),
        Field::ChangeWindow => event.ties.context.timing |= says(value),
        Field::Agent => details(event).agent = boxed(),
        Field::AgentVersion => details(event).version = boxed(),
        Field::Action => details(event).action = boxed(),
        Field::Impact => details(event).impact = text.and_then(impact),
        Field::Truth => details(event).truth = text.and_then(truth),
        Field::Confidence => details(event).confidence = value.as_digits().and_then(Confidence::parse),
        Field::Planted => details(event).planted = is_true(value),
        Field::Blocked => details(event).blocked = is_true(value),
        Field::InScope => details(event).in_scope = if let Value::Bool(told) = value { Some(*told) } else { None },
        Field::ReviewSeconds => details(event).review_seconds = seconds(value),
        Field::SavedSecondsClaimed => details(event).saved_seconds_claimed = seconds(value),
        Field::ExpiresAt => details(event).expires_at = text.and_then(|text| Timestamp::parse(text).ok()),
        _ => {}
    }
}

fn details(event: &mut ItemEvent) -> &mut ActionDetails {
    event.action.get_or_insert_default()
}

const fn is_true(value: &Value<'_>) -> bool {
    matches!(value, Value::Bool(true))
}

fn says(value: &Value<'_>) -> bool {
    match value {
        Value::Text(text) => !text.is_empty(),
        Value::List(parts) => !parts.is_empty(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Map(_) => false,
    }
}

fn seconds(value: &Value<'_>) -> Option<i64> {
    value.as_digits().and_then(|digits| digits.parse().ok()).filter(|seconds| *seconds >= 0)
}

fn impact(word: &str) -> Option<Impact> {
    match word {
        "low" => Some(Impact::Low),
        "high" => Some(Impact::High),
        _ => None,
    }
}

fn truth(word: &str) -> Option<Truth> {
    match word {
        "right" => Some(Truth::Right),
        "wrong" => Some(Truth::Wrong),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::canonical::item_event;
    use domain::{
        agent_action::{ActionDetails, ContextLayers, Impact, Truth},
        reason_code::ReasonCode,
        time::Timestamp,
    };

    #[test]
    fn an_agents_fields_reach_the_fold() {
        let body = r#"{"action":"install update","agent":"patch-agent","agent_version":"2.0","at":"2026-03-01T10:00:00Z","blocked":true,"confidence":0.9,"dependency":["db"],"event":"proposed","expires_at":"2026-03-02T10:00:00Z","impact":"high","in_scope":false,"item_id":"a","owner":"web","planted":true,"reason_code":"approval","ref":"act-1","review_seconds":40,"saved_seconds_claimed":600,"truth":"wrong"}"#;
        let event = item_event(body, Timestamp::from_seconds(0)).unwrap();
        assert_eq!(event.ties.reference.as_deref(), Some("act-1"));
        assert_eq!(event.ties.reason, Some(ReasonCode::Approval));
        assert_eq!(event.ties.context, ContextLayers { identity: true, dependency: true, timing: false });
        let said = event.action.unwrap();
        assert_eq!((said.impact, said.truth, said.in_scope), (Some(Impact::High), Some(Truth::Wrong), Some(false)));
        assert_eq!((said.blocked, said.planted), (true, true));
        assert_eq!((said.review_seconds, said.saved_seconds_claimed), (Some(40), Some(600)));
        assert_eq!(said.confidence.map(|sure| sure.millionths()), Some(900_000));
        assert_eq!(said.expires_at, Timestamp::parse("2026-03-02T10:00:00Z").ok());
        assert_eq!((said.agent.as_deref(), said.version.as_deref()), (Some("patch-agent"), Some("2.0")));
        assert_eq!(said.action.as_deref(), Some("install update"));
    }

    #[test]
    fn an_event_that_says_nothing_of_agents_carries_nothing() {
        let body = r#"{"at":"2026-03-01T10:00:00Z","event":"closed","item_id":"a"}"#;
        let event = item_event(body, Timestamp::from_seconds(0)).unwrap();
        assert_eq!((event.action, event.ties.reference, event.ties.reason), (None, None, None));
        let odd =
            r#"{"at":"2026-03-01T10:00:00Z","confidence":"much","event":"proposed","item_id":"a","review_seconds":-4}"#;
        let event = item_event(odd, Timestamp::from_seconds(0)).unwrap();
        assert_eq!(event.action.as_deref(), Some(&ActionDetails::default()), "nonsense says nothing");
    }
}
