//! What does a form or an address say about one file? The same fields on every way in.

use formats::text_encoding::TextEncoding;
use service::ingest::{FileSaid, ReceivedAt};

use crate::extract::form::Fields;
use crate::extract::query::{Parameters, shown};
use crate::problem::{Code, Problem};

/// What is said about a file and its lines.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    pub(crate) about: FileSaid,
    pub(crate) received_at: ReceivedAt,
}

impl Said {
    /// The fields.
    pub(crate) const NAMES: [&'static str; 7] =
        ["format", "exported_at", "complete", "scope", "accept_mass_absence", "text_encoding", "received_at"];

    /// What an address says.
    ///
    /// # Errors
    /// 422 for a word nobody knows.
    pub(crate) fn of_address(parameters: &Parameters) -> Result<Self, Problem> {
        let mut said = Self::default();
        for name in Self::NAMES {
            said.take(name, parameters.get(name).unwrap_or(""))?;
        }
        Ok(said)
    }

    /// Since when the lines of a draft count as known, if its page says anything.
    ///
    /// # Errors
    /// As [`Said::of_address`].
    pub(crate) fn of_draft(fields: &Fields) -> Result<Option<ReceivedAt>, Problem> {
        // A choice is sent whatever is chosen.
        if !fields.iter().any(|(name, _)| name == "received_at") {
            return Ok(None);
        }
        let mut said = Self::default();
        said.take("received_at", fields.get("received_at"))?;
        Ok(Some(said.received_at))
    }

    /// Takes one field; an empty one says nothing.
    ///
    /// # Errors
    /// As [`Said::of_address`].
    pub(crate) fn take(&mut self, name: &'static str, text: &str) -> Result<(), Problem> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        match name {
            "format" => text.clone_into(&mut self.about.format),
            "exported_at" => text.clone_into(&mut self.about.taken_at),
            "scope" => text.clone_into(&mut self.about.scope),
            "complete" => self.about.complete = Some(truth(name, text)?),
            "accept_mass_absence" => self.about.accept_mass_absence = truth(name, text)?,
            "text_encoding" => {
                let known = TextEncoding::ALL.into_iter().find(|encoding| encoding.as_str() == text);
                self.about.text_encoding = Some(known.ok_or_else(|| wrong(name, text, "`windows-1252` or `latin-1`"))?);
            }
            _ => {
                let known = text.parse().map_err(|()| wrong(name, text, "`stamped`, `carried` or `assumed`"));
                self.received_at = known?;
            }
        }
        Ok(())
    }
}

fn truth(name: &str, text: &str) -> Result<bool, Problem> {
    match text {
        "yes" | "true" => Ok(true),
        "no" | "false" => Ok(false),
        _ => Err(wrong(name, text, "`true` or `false`")),
    }
}

fn wrong(name: &str, text: &str, expected: &str) -> Problem {
    Problem::new(Code::BadParameter).detail(format!("`{}` is not {expected}", shown(text))).at(name)
}
