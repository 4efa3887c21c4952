//! How do the histories of items become an event log that process mining tools read?

use crate::{
    field::Field,
    json::{self, Rules, Value},
};
use domain::{event_name::EventName, time::Timestamp};
use quick_xml::escape::escape;
use std::{
    borrow::Cow,
    collections::BTreeMap,
    io::{self, Write},
};

const HEADER: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xes.features="nested-attributes" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<classifier name="Event" keys="concept:name"/>
"#;

/// Why a history could not be written.
#[derive(Debug, thiserror::Error)]
pub enum XesFault {
    /// The output could not be written.
    #[error("cannot write on: {0}")]
    Io(#[from] io::Error),
    /// A text that is not the canonical text of an event.
    #[error("not the canonical text of an event: {0}")]
    NotCanonical(String),
}

/// Writes an event log: a trace an item, its events in their order, times in UTC.
///
/// The same histories in the same order give the same bytes, whatever the order of the events of one item.
pub struct XesWriter<W>(W);

/// What a log says of one event, in the order of events.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Entry<'a> {
    at: Timestamp,
    name: EventName,
    id: String,
    canonical: &'a str,
    said: BTreeMap<Field, String>,
}

impl<W: Write> XesWriter<W> {
    /// Writes the head of a log.
    ///
    /// # Errors
    /// As the output beneath.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all(HEADER.as_bytes())?;
        Ok(Self(out))
    }

    /// Writes the history of one item from the canonical texts of its events.
    ///
    /// # Errors
    /// [`XesFault`] when a text is no event; nothing of the item is written then.
    pub fn trace<'a>(&mut self, item_id: &str, events: impl IntoIterator<Item = &'a str>) -> Result<(), XesFault> {
        let mut entries = events.into_iter().map(Entry::of).collect::<Result<Vec<_>, _>>()?;
        entries.sort_unstable();
        let mut text = format!("<trace>\n<string key=\"concept:name\" value=\"{}\"/>\n", attribute(item_id));
        for entry in &entries {
            entry.write(&mut text);
        }
        text.push_str("</trace>\n");
        Ok(self.0.write_all(text.as_bytes())?)
    }

    /// Ends the log and hands the output back, flushed.
    ///
    /// # Errors
    /// As the output beneath.
    pub fn finish(mut self) -> io::Result<W> {
        self.0.write_all(b"</log>\n")?;
        self.0.flush()?;
        Ok(self.0)
    }
}

impl<'a> Entry<'a> {
    fn of(canonical: &'a str) -> Result<Self, XesFault> {
        let mut said = BTreeMap::new();
        json::object(canonical, Rules::STORED, |key, value| {
            if let (Some(field), Value::Text(text)) = (Field::find(&key), value) {
                said.insert(field, text.into_owned());
            }
            Ok(())
        })
        .map_err(|fault| XesFault::NotCanonical(fault.detail()))?;
        let missing = |what: &str| XesFault::NotCanonical(format!("no {what}"));
        let name = said.get(&Field::Event).and_then(|name| name.parse().ok()).ok_or_else(|| missing("known event"))?;
        let at = said.get(&Field::At).and_then(|at| Timestamp::parse(at).ok()).ok_or_else(|| missing("time"))?;
        let id = said.remove(&Field::Id).unwrap_or_default();
        Ok(Self { at, name, id, canonical, said })
    }

    fn write(&self, out: &mut String) {
        out.push_str("<event>");
        push(out, "string", "concept:name", self.name.as_str());
        push(out, "string", "lifecycle:transition", "complete");
        push(out, "date", "time:timestamp", &utc(self.at));
        let named =
            [("org:resource", Field::Actor), ("org:group", Field::Team), ("wallclock:certainty", Field::Certainty)];
        for (key, field) in named {
            if let Some(text) = self.said.get(&field) {
                push(out, "string", key, text);
            }
        }
        if let Some(latest) = self.said.get(&Field::AtLatest).and_then(|latest| Timestamp::parse(latest).ok()) {
            push(out, "date", "wallclock:at_latest", &utc(latest));
        }
        out.push_str("</event>\n");
    }
}

fn push(out: &mut String, kind: &str, key: &str, value: &str) {
    out.push_str(&format!("<{kind} key=\"{key}\" value=\"{}\"/>", attribute(value)));
}

/// A moment with the offset written out: not every reader knows `Z`.
fn utc(at: Timestamp) -> String {
    let text = at.to_string();
    text.strip_suffix('Z').map_or_else(|| text.clone(), |time| format!("{time}.000+00:00"))
}

/// A text as the value of an attribute. Characters that XML cannot hold are replaced by U+FFFD.
fn attribute(text: &str) -> Cow<'_, str> {
    let held =
        |character: char| matches!(character, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}');
    let escaped = if text.chars().all(held) {
        escape(text)
    } else {
        let mended: String = text.chars().map(|sign| if held(sign) { sign } else { '\u{FFFD}' }).collect();
        Cow::Owned(escape(mended).into_owned())
    };
    if escaped.contains(['\n', '\t']) {
        return Cow::Owned(escaped.replace('\n', "&#10;").replace('\t', "&#9;"));
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_the_same_whatever_the_order_of_events_and_escapes_what_markup_needs() {
        let events = [
            r#"{"actor":"<a&\"b\n\u0001","at":"2026-03-01T11:00:00+01:00","event":"closed","item_id":"i"}"#,
            r#"{"at":"2026-03-01T10:00:00Z","event":"detected","item_id":"i","team":"apps"}"#,
        ];
        let write = |events: &[&str]| {
            let mut log = XesWriter::new(Vec::new()).unwrap();
            log.trace("i<1>", events.iter().copied()).unwrap();
            String::from_utf8(log.finish().unwrap()).unwrap()
        };
        let text = write(&events);
        assert_eq!(text, write(&[events[1], events[0]]));
        let body = text.strip_prefix(HEADER).unwrap();
        assert_eq!(
            body,
            concat!(
                "<trace>\n<string key=\"concept:name\" value=\"i&lt;1&gt;\"/>\n",
                "<event><string key=\"concept:name\" value=\"detected\"/><string key=\"lifecycle:transition\" value=\"complete\"/>",
                "<date key=\"time:timestamp\" value=\"2026-03-01T10:00:00.000+00:00\"/><string key=\"org:group\" value=\"apps\"/></event>\n",
                "<event><string key=\"concept:name\" value=\"closed\"/><string key=\"lifecycle:transition\" value=\"complete\"/>",
                "<date key=\"time:timestamp\" value=\"2026-03-01T10:00:00.000+00:00\"/>",
                "<string key=\"org:resource\" value=\"&lt;a&amp;&quot;b&#10;\u{FFFD}\"/></event>\n",
                "</trace>\n</log>\n"
            )
        );
    }

    #[test]
    fn what_is_no_event_is_refused_and_leaves_no_trace() {
        let mut log = XesWriter::new(Vec::new()).unwrap();
        for text in ["", "{}", r#"{"event":"melted","at":"2026-03-01T10:00:00Z"}"#, r#"{"event":"closed","at":"noon"}"#]
        {
            assert!(matches!(log.trace("i", [text]), Err(XesFault::NotCanonical(_))), "{text}");
        }
        assert_eq!(log.finish().unwrap(), format!("{HEADER}</log>\n").into_bytes());
    }
}
