//! What does an event carry of the ticket tool's own word on its promise?

use super::moment::last_second_of;
use crate::{field::Field, json::Value};
use domain::{
    claim::{Claim, Verdict},
    event::ItemEvent,
    time::Timestamp,
};

/// Takes a field in which the ticket tool speaks of its promise; leaves all others alone. A bare day is its last second.
#[expect(clippy::wildcard_enum_match_arm, reason = "these fields alone speak of the tool's promise")]
pub(crate) fn note_claim(event: &mut ItemEvent, field: Field, value: &Value<'_>) {
    let text = value.as_text();
    let said = match field {
        Field::ReportedSla => Claim { verdict: text.and_then(|word| word.parse::<Verdict>().ok()), ..Claim::default() },
        Field::ReportedDue => Claim { due: text.and_then(moment), ..Claim::default() },
        Field::ReportedSeconds => {
            Claim { seconds: value.as_digits().and_then(|digits| digits.parse().ok()), ..Claim::default() }
        }
        _ => return,
    };
    if said != Claim::default() {
        let claim = event.claim.get_or_insert_default();
        **claim = claim.then(said);
    }
}

fn moment(text: &str) -> Option<Timestamp> {
    Timestamp::parse(last_second_of(text).as_deref().unwrap_or(text)).ok()
}

#[cfg(test)]
mod tests {
    use crate::canonical::item_event;
    use domain::{
        claim::{Claim, Verdict},
        time::Timestamp,
    };

    fn claim_of(fields: &str) -> Option<Claim> {
        let body = format!(r#"{{"at":"2026-01-01T00:00:00Z","event":"closed","item_id":"i"{fields}}}"#);
        item_event(&body, Timestamp::from_seconds(0)).unwrap().claim.map(|claim| *claim)
    }

    #[test]
    fn the_three_words_of_the_tool_are_one_claim() {
        assert_eq!(claim_of(""), None);
        assert_eq!(
            claim_of(r#","reported_due":"2026-01-02","reported_seconds":3600,"reported_sla":"breached""#),
            Some(Claim {
                verdict: Some(Verdict::Breached),
                due: Timestamp::parse("2026-01-02T23:59:59Z").ok(),
                seconds: Some(3_600),
            })
        );
        let due = claim_of(r#","reported_due":"2026-01-02T10:00:00Z""#).unwrap();
        assert_eq!((due.due, due.verdict), (Timestamp::parse("2026-01-02T10:00:00Z").ok(), None));
        assert_eq!(claim_of(r#","reported_sla":"none""#).unwrap().verdict, Some(Verdict::NoPromise));
    }
}
