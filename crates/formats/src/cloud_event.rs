//! What does a CloudEvents 1.0 envelope carry, and what does it add to it?

use crate::{
    canonical::{Fields, not_json},
    field::Field,
    held::{Fault, Held, shown},
    json::{self, Members, Rules, Value},
};
use domain::quarantine::Reason;
use std::borrow::Cow;

/// The type under which a canonical event travels.
const EVENT_TYPE: &str = "wallclock.event.v1";

/// Types of ours that are no events, and where they are taken: they need other rights than events do.
const ELSEWHERE: [(&str, &str); 2] = [
    ("wallclock.drill.v1", "send records of drills to `/api/v1/drills`, or import them as `wallclock-drill`"),
    ("wallclock.register.v1", "send rows of a register to `/api/v1/registers/{name}`"),
];

/// Opens an envelope in structured mode.
pub(crate) fn open(text: &str) -> Result<Fields<'_>, Held> {
    let value = json::value(text, Rules::OUTSIDE).map_err(|fault| not_json(&fault))?;
    let Value::Map(members) = value else {
        let detail = format!("the record is {}, expected a CloudEvents object", value.what());
        return Err(Held::because(Fault::whole(Reason::Unreadable, detail)));
    };
    let mut envelope = Envelope(members);
    envelope.check()?;
    let data = match envelope.take("data") {
        Some(Value::Map(members)) => members,
        Some(other) => {
            let detail = format!("`data` holds {}, expected an object", other.what());
            return Err(Held::because(Fault::of("data", Reason::BadValue, detail)));
        }
        None => {
            let fault = Fault::of("data", Reason::MissingField, "no `data`, which is the event".to_owned());
            return Err(Held::because(fault.hint("`data_base64` is not read")));
        }
    };
    let mut fields = Fields::from_members(data).map_err(|fault| not_json(&fault))?;
    envelope.complete(&mut fields);
    Ok(fields)
}

/// Whether an object is an envelope: only these have a version of the specification.
pub(crate) fn is_envelope(text: &str) -> bool {
    matches!(json::value(text, Rules::OUTSIDE),
        Ok(Value::Map(members)) if members.iter().any(|(key, _)| key == "specversion"))
}

struct Envelope<'a>(Members<'a>);

impl<'a> Envelope<'a> {
    fn take(&mut self, name: &str) -> Option<Value<'a>> {
        let place = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.remove(place).1).filter(|value| *value != Value::Null)
    }

    fn text(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(key, _)| key == name)?;
        value.as_text()
    }

    fn check(&self) -> Result<(), Held> {
        match self.text("type") {
            Some(EVENT_TYPE) => {}
            other => {
                let detail = format!("unknown type `{}`, expected `{EVENT_TYPE}`", shown(other.unwrap_or_default()));
                let fault = Fault::of("type", Reason::UnknownType, detail);
                let elsewhere = ELSEWHERE.iter().find(|(known, _)| other == Some(*known));
                return Err(Held::because(match elsewhere {
                    Some((_, hint)) => fault.hint(*hint),
                    None => fault,
                }));
            }
        }
        if self.text("specversion") != Some("1.0") {
            let detail = "`specversion` is not `1.0`, the only one that is read".to_owned();
            return Err(Held::because(Fault::of("specversion", Reason::BadValue, detail)));
        }
        let is_json = |media: &str| media.split(';').next().is_some_and(|media| media.trim().ends_with("json"));
        match self.text("datacontenttype") {
            Some(media) if !is_json(media) => {
                let detail = format!("`datacontenttype` is `{}`, expected JSON", shown(media));
                Err(Held::because(Fault::of("datacontenttype", Reason::BadValue, detail)))
            }
            _ => Ok(()),
        }
    }

    /// The id of the envelope is the duplicate key; its time and subject stand in where the event has none.
    fn complete(mut self, fields: &mut Fields<'a>) {
        if let Some(id) = self.take("id") {
            if let Some(inner) = fields.remove(Field::Id).filter(|inner| *inner != id) {
                let place = fields.unknown.partition_point(|(name, _)| name.as_ref() < "id");
                fields.unknown.insert(place, (Cow::Borrowed("id"), inner));
            }
            fields.set_missing(Field::Id, id);
        }
        if let Some(time) = self.take("time") {
            fields.set_missing(Field::At, time);
        }
        if let Some(subject) = self.take("subject") {
            fields.set_missing(Field::ItemId, subject);
        }
        if let Some(Value::Text(source)) = self.take("source") {
            fields.envelope_source = Some(source.into_owned());
        }
    }
}
