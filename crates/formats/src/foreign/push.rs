//! What does a tool say when it sends by itself? Its body is one record or a list of them, and whoever sends it has said
//! which tool it is: nothing needs to be recognised, and a body of any size is read.

use super::{Adapter, ForeignRecord, Given, Settings, Translate, Understood, general_rules};
use crate::{
    canonical::{Outcome, not_json, not_utf8},
    file_fault::FileFault,
    foreign::reader::{is_silent, nothing_understood},
    frame::{Place, RECORD_BYTES_MAX},
    held::Held,
    json::{self, Rules, Value},
    source::too_long,
};

const MARK: &[u8] = b"\xef\xbb\xbf";

/// Understands the body of one push, whole: its events and held lines stand under the one record it is.
///
/// # Errors
/// [`FileFault::BadSetting`] when what was said about the source cannot be followed.
///
/// ```
/// use formats::foreign::{Adapter, Settings, pushed};
/// let body = br#"{"webhookEvent":"comment_created"}"#;
/// let record = pushed(Adapter::named("jira").unwrap(), &Settings::default(), body.to_vec()).unwrap();
/// assert_eq!(record.understood.no_event["comment_created"], 1);
/// ```
pub fn pushed(adapter: Adapter, settings: &Settings, body: Vec<u8>) -> Result<ForeignRecord, FileFault> {
    settings.check().map_err(FileFault::BadSetting)?;
    let mut translator = (adapter.begin)(settings);
    translator.ready().map_err(FileFault::BadSetting)?;
    let mut understood = Understood::default();
    if let Err(held) = read(adapter, translator.as_mut(), &body, &mut understood) {
        understood.outcomes.push(Outcome::Held(held));
    }
    let mut end = Understood::default();
    translator.finish(&mut end);
    general_rules::meet(None, &mut end);
    absorb(&mut understood, end);
    Ok(ForeignRecord { place: Place { line: 1, byte: 0 }, raw: body, understood })
}

fn read(
    adapter: Adapter,
    translator: &mut (dyn Translate + Send),
    body: &[u8],
    understood: &mut Understood,
) -> Result<(), Held> {
    if body.len() > RECORD_BYTES_MAX {
        return Err(too_long(u64::try_from(body.len()).unwrap_or(u64::MAX)));
    }
    let text = str::from_utf8(body.strip_prefix(MARK).unwrap_or(body)).map_err(|error| not_utf8(&error))?;
    let value = json::value(text, Rules::ANALYSIS).map_err(|fault| not_json(&fault))?;
    let records = records_of(&value);
    if records.is_empty() {
        understood.quiet("an empty list");
    }
    for record in records {
        let mut part = Understood::default();
        let given = Given::Json(record.clone());
        translator.record(&given, &mut part);
        general_rules::meet(Some(&given), &mut part);
        if is_silent(&mut part) {
            part.outcomes.push(Outcome::Held(nothing_understood(adapter.title)));
        }
        absorb(understood, part);
    }
    Ok(())
}

/// The records of a body: a list has several, and some tools wrap what they send in `result`.
fn records_of<'a>(value: &'a Value<'a>) -> &'a [Value<'a>] {
    match value {
        Value::List(records) => records,
        Value::Map(members) => match members.as_slice() {
            [(key, inner)] if key == "result" => records_of(inner),
            _ => std::slice::from_ref(value),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => std::slice::from_ref(value),
    }
}

fn absorb(all: &mut Understood, part: Understood) {
    let Understood { outcomes, no_event, met, drills, enriched, feed, items, arrived, is_our_time } = part;
    all.outcomes.extend(outcomes);
    for (what, count) in no_event {
        let sum = all.no_event.entry(what).or_default();
        *sum = sum.saturating_add(count);
    }
    all.met.extend(met);
    all.drills.extend(drills);
    all.enriched.extend(enriched);
    all.feed = feed.or(all.feed.take());
    all.items.extend(items);
    all.arrived.extend(arrived);
    all.is_our_time |= is_our_time;
}
