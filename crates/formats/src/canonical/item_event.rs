//! How does a stored canonical text become an event of the fold?

use super::{agency::note, claim::note_claim, moment::last_second_of};
use crate::{
    field::Field,
    json::{self, Rules, Value},
};
use domain::{
    actor::ActorType,
    event::{GivenSeverity, ItemEvent},
    event_name::EventName,
    severity::Severity,
    time::Timestamp,
};

/// The method of a verification that is a statement.
pub(crate) const ATTESTATION: &str = "attestation";

/// A stored text that is not what this module wrote: the log was changed from outside.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the canonical text of an event: {0}")]
pub struct NotCanonical(String);

/// Decodes a stored canonical text for the fold, which takes the bound of an uncertain time that cannot flatter.
///
/// # Errors
/// [`NotCanonical`] when the text is not one that [`super::read_line`] made.
pub fn item_event(body: &str, received_at: Timestamp) -> Result<ItemEvent, NotCanonical> {
    let mut event = ItemEvent { received_at, canonical: body.into(), ..ItemEvent::bare(EventName::Seen, received_at) };
    let mut times = Times::default();
    let mut name = None;
    json::object(body, Rules::STORED, |key, value| {
        let Some(field) = Field::find(&key) else { return Ok(()) };
        if let Value::List(list) = &value {
            let words = || list.iter().filter_map(Value::as_text).map(Box::from).collect();
            if field == Field::Technique {
                event.ties.techniques = words();
            } else if field == Field::Cve {
                event.ties.cves = words();
            }
        }
        note(&mut event, field, &value);
        note_claim(&mut event, field, &value);
        if let Value::Text(text) = value {
            if field == Field::Event {
                name = text.parse::<EventName>().ok();
            } else if field == Field::At {
                times.at = Timestamp::parse(&text).ok();
            } else if field == Field::AtLatest {
                times.latest = Timestamp::parse(&text).ok();
            } else {
                describe(&mut event, field, &text);
            }
        }
        Ok(())
    })
    .map_err(|fault| NotCanonical(fault.detail()))?;
    event.name = name.ok_or_else(|| NotCanonical("no known event".to_owned()))?;
    let at = times.at.ok_or_else(|| NotCanonical("no time".to_owned()))?;
    event.at = match times.latest {
        Some(latest) if !event.name.starts_exposure() => latest,
        Some(_) | None => at,
    };
    Ok(event)
}

#[derive(Default)]
struct Times {
    at: Option<Timestamp>,
    latest: Option<Timestamp>,
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the fold looks at few of the fields, and a new one changes no clock"
)]
fn describe(event: &mut ItemEvent, field: Field, text: &str) {
    match field {
        Field::Id => event.id = text.into(),
        Field::To => event.to = Some(text.into()),
        Field::Kind => event.kind = Some(text.into()),
        Field::Team => event.team = Some(text.into()),
        Field::AssetClass => event.asset_class = Some(text.into()),
        Field::Actor => event.actor = Some(text.into()),
        Field::ActorType => event.actor_type = text.parse::<ActorType>().ok(),
        Field::Asset => event.ties.asset = Some(text.into()),
        Field::Weakness => event.ties.weakness = Some(text.into()),
        Field::Ticket => event.ties.ticket = Some(text.into()),
        Field::Patch => event.ties.patch = Some(text.into()),
        Field::Playbook => event.ties.playbook = Some(text.into()),
        Field::Method => event.ties.attested = text == ATTESTATION,
        Field::KevDue => event.kev_due = Some(last_second_of(text).unwrap_or_else(|| text.to_owned()).into()),
        Field::Severity => event.severity = text.parse::<Severity>().ok().map(GivenSeverity::Known),
        // A severity in words that no map knows counts as missing, and is flagged.
        Field::RawSeverity => event.severity = event.severity.or(Some(GivenSeverity::Unknown)),
        _ => {}
    }
}
