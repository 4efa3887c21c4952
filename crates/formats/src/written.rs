//! How was a record of our own written, once it stands alone: as a line, in an envelope, or as a row under a header?

use crate::{
    canonical::{self, Fields, Outcome, not_utf8},
    cloud_event,
    csv::Header,
    file_fault::FileFault,
    frame::{Frame, Place},
    held::Held,
    json::{Members, Value, write_members},
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// How a record was written, and what it needs to be read again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "written", rename_all = "snake_case")]
pub enum Written {
    /// A JSON object with the fields of an event.
    #[default]
    Line,
    /// A `CloudEvents` envelope.
    Envelope,
    /// A row of a table.
    Row {
        /// The row with the names of the columns, as it was written.
        header: String,
        /// The byte between cells.
        delimiter: u8,
    },
}

impl Written {
    /// Reads a record that was written so.
    ///
    /// ```
    /// use formats::{canonical::Outcome, written::Written};
    /// let row = Written::Row { header: "item_id,event,at".to_owned(), delimiter: b',' };
    /// let read = row.read(b"a@b,detected,2026-03-01T10:00:00Z").unwrap();
    /// assert!(matches!(read, Outcome::Event(_)));
    /// ```
    ///
    /// # Errors
    /// [`FileFault`] when the header cannot be one.
    pub fn read(&self, raw: &[u8]) -> Result<Outcome, FileFault> {
        let header = self.header()?;
        Ok(match self.fields(raw, header.as_ref()) {
            Ok(fields) => canonical::outcome_of(fields),
            Err(held) => Outcome::Held(held),
        })
    }

    /// The same record as a line with the fields of an event, so that words of it can be set.
    ///
    /// # Errors
    /// [`FileFault`] when the header cannot be one.
    pub fn as_line(&self, raw: &[u8]) -> Result<Result<Vec<u8>, Held>, FileFault> {
        if *self == Self::Line {
            return Ok(Ok(raw.to_vec()));
        }
        let header = self.header()?;
        Ok(self.fields(raw, header.as_ref()).and_then(line_of))
    }

    fn header(&self) -> Result<Option<Header>, FileFault> {
        let Self::Row { header, delimiter } = self else { return Ok(None) };
        let row = Frame::whole(Place { line: 1, byte: 0 }, header.clone().into_bytes());
        Header::read(&row, *delimiter).map(Some)
    }

    fn fields<'a>(&self, raw: &'a [u8], header: Option<&'a Header>) -> Result<Fields<'a>, Held> {
        let text = str::from_utf8(raw).map_err(|error| not_utf8(&error))?;
        match (header, self) {
            (Some(header), _) => header.fields(text).map_err(Held::because),
            (None, Self::Envelope) => cloud_event::open(text),
            (None, _) => Fields::from_json(text).map_err(|fault| canonical::not_json(&fault)),
        }
    }
}

fn line_of(fields: Fields<'_>) -> Result<Vec<u8>, Held> {
    let faults = fields.refused.into_iter().map(|(_, fault)| fault).collect();
    if let Some(held) = Held::from_faults(faults) {
        return Err(held);
    }
    let named = |(field, value): (crate::field::Field, Value<'static>)| (Cow::Borrowed(field.as_str()), value);
    let known = fields.known.into_iter().map(|(field, value)| (field, value.into_owned()));
    let mut members: Members<'static> = known.map(named).collect();
    members.extend(fields.unknown.into_iter().map(|(name, value)| (Cow::Owned(name.into_owned()), value.into_owned())));
    if let Some(source) = fields.envelope_source {
        members.retain(|(name, _)| name != "source");
        members.push((Cow::Borrowed("source"), Value::Text(Cow::Owned(source))));
    }
    let mut out = String::new();
    write_members(&mut out, &members, |out, digits| out.push_str(digits));
    Ok(out.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        mend::{Mend, Mended},
        source::Source,
    };

    #[test]
    fn a_row_becomes_a_line_whose_words_can_be_set() {
        let file = b"item_id;event;at;severity;cve\na@b;detected;2026-03-01T10:00:00Z;info;CVE-1;CVE-2\n";
        let source = Source::open(&file[..], None).unwrap();
        let Written::Row { header, delimiter } = source.written() else { panic!("{:?}", source.written()) };
        assert_eq!((header.as_str(), delimiter), ("item_id;event;at;severity;cve", b';'));
        let row = source.written();
        let raw = b"a@b;detected;2026-03-01T10:00:00Z;info;\"CVE-1;CVE-2\"";
        assert!(matches!(row.read(raw).unwrap(), Outcome::Held(held) if held.reason.as_str() == "below_scope"));
        let line = row.as_line(raw).unwrap().unwrap();
        let Mended::Changed(mended) = Mend::AsLow.apply(&line) else { panic!("not mended") };
        let Outcome::Event(draft) = Written::Line.read(&mended).unwrap() else { panic!("held") };
        assert!(draft.canonical.contains(r#""cve":["CVE-1","CVE-2"]"#), "{}", draft.canonical);
        assert!(row.read(b"a@b;detected").unwrap() != row.read(raw).unwrap(), "a row of another length is told");
    }

    #[test]
    fn an_envelope_becomes_the_event_it_carries() {
        let envelope = br#"{"specversion":"1.0","type":"wallclock.event.v1","id":"7","source":"scanner",
            "data":{"item_id":"a@b","event":"detected","at":"2026-03-01 10:00"}}"#;
        let line = Written::Envelope.as_line(envelope).unwrap().unwrap();
        assert_eq!(
            String::from_utf8(line).unwrap(),
            r#"{"at":"2026-03-01 10:00","event":"detected","item_id":"a@b","id":"7","source":"scanner"}"#
        );
    }
}
