//! Does a file that was brought need a person first? What is canonical or has a mapping does not; anything else waits.

use super::{Answers, answers::TABLE, shelf::Draft};
use crate::{
    authorise::{Granted, proof},
    enrichment::is_feed,
    error::ServiceError,
    ingest::{FileSaid, ReceivedAt, SourcePlan, checked_slug, refusal_of, unpacked},
    question::ask::off_thread,
    services::Services,
};
use formats::{
    file_fault::FileFault,
    foreign::{
        Adapter, DateOrder, Settings, candidates,
        mapping::{Choices, Sample},
    },
    source::Source,
    text_encoding::TextEncoding,
};
use std::{
    fs::File,
    io::{BufReader, Read, Seek},
};

/// Formats are told apart by this much of a file.
pub(super) const HEAD_BYTES: u64 = 64 * 1024;
/// Rows from its beginning from which a mapping is proposed; some from all over the rest come to them.
pub(super) const SAMPLE_ROWS: usize = 2_000;

/// A file with what its form said.
pub struct Brought {
    /// The file.
    pub file: File,
    /// Its name, for people.
    pub name: String,
    /// The source of lines that name none.
    pub source: String,
    /// What the form said about this file.
    pub said: FileSaid,
    /// Which moment counts as the one at which its lines were learnt.
    pub received_at: ReceivedAt,
}

/// What becomes of it.
#[derive(Debug)]
pub enum Reception {
    /// It can be imported, by this plan where there is one.
    AtOnce {
        /// The file, unpacked.
        file: File,
        /// How it is read.
        plan: Option<Box<SourcePlan>>,
    },
    /// It waits for a mapping under this word.
    Drafted(String),
    /// It is no export but a feed of weaknesses, to be kept by [`Services::enrich`]; unpacked.
    Feed(File),
}

impl Services {
    /// Takes a file in: to be imported at once, or as a draft.
    ///
    /// # Errors
    /// A name of a source that is none, an archive that cannot be read, too many drafts, or what the disk said.
    pub async fn receive(
        &self,
        granted: &Granted<proof::ImportsWrite>,
        brought: Brought,
    ) -> Result<Reception, ServiceError> {
        checked_slug(&brought.source)?;
        brought.received_at.checked(granted)?;
        let saved = self.plan_of(granted, &brought.source).await?;
        let file = unpacked(brought.file, self.data_dir()).await?;
        let (now, looker) = (self.now(), self.looker(granted));
        let said = brought.said;
        let mut draft = Draft {
            org: granted.org().get(),
            actor: granted.caller().actor().to_string(),
            name: brought.name,
            bytes: 0,
            made_at: now.seconds(),
            answers: Answers { source: brought.source, ..Answers::default() },
            said: FileSaid::default(),
            received_at: brought.received_at,
        };
        off_thread(move || {
            let head = head_of(&file).map_err(|error| refusal_of(&FileFault::Io(error)))?;
            if is_feed(&said.format, &head) {
                return Ok(Reception::Feed(file));
            }
            let reads = |plan: &SourcePlan| !plan.settings.look_first && fits(plan, &said.format, &head);
            if let Some(plan) = saved.as_ref().map(|saved| &saved.plan).filter(|plan| reads(plan)) {
                return Ok(Reception::AtOnce { file, plan: Some(Box::new(said.on(plan.clone())?)) });
            }
            if said.format.is_empty() && !needs_words(&head, said.text_encoding) {
                return Ok(Reception::AtOnce { file, plan: None });
            }
            draft.take(said);
            propose_format(&mut draft.answers, saved.as_ref().map(|saved| &saved.plan), &head);
            looker.keep(&file, draft, saved).map(Reception::Drafted)
        })
        .await?
    }
}

/// Whether a saved plan reads the file: the format is the one that was named, and a mapping finds its columns.
fn fits(plan: &SourcePlan, format: &str, head: &[u8]) -> bool {
    let is_named = format.is_empty() || format == plan.format;
    let is_it = Adapter::named(&plan.format).is_some_and(|adapter| adapter.recognises(head));
    let has_columns = || match &plan.settings.mapping {
        Some(mapping) => {
            Sample::read(head, &plan.settings, 1).is_ok_and(|sample| mapping.problems(Some(&sample.columns)).is_empty())
        }
        None => true,
    };
    is_named && is_it && has_columns()
}

/// Whether a person has to say what the file means: the export of a tool, or a table that is not ours. What is neither
/// is left to the import, which says why it cannot be read.
fn needs_words(head: &[u8], text: Option<TextEncoding>) -> bool {
    let is_ours = || Source::open_in(head, None, text).is_ok() || means_ours(head);
    !candidates(head).is_empty() || (!is_ours() && is_table(head))
}

/// Whether the header is meant to be canonical: what is wrong with it is then said, and nothing is asked.
fn means_ours(head: &[u8]) -> bool {
    let line = head.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    let names = || line.split(|byte| matches!(byte, b',' | b';' | b'\t')).map(<[u8]>::trim_ascii);
    let has = |wanted: &[u8]| names().any(|name| name == wanted);
    has(b"item_id") && has(b"event")
}

fn is_table(head: &[u8]) -> bool {
    // Markup and JSON hold signs between which cells could stand.
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if text.first().is_none_or(|first| matches!(first, b'<' | b'{' | b'[')) {
        return false;
    }
    match Sample::read(head, &Settings::default(), 1) {
        Ok(_) | Err(FileFault::EncodingUnknown(_) | FileFault::DuplicateHeader(_)) => looks_like_text(head),
        Err(_) => false,
    }
}

/// What holds a NUL is no text of one byte a character.
fn looks_like_text(head: &[u8]) -> bool {
    head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") || !head.contains(&0)
}

/// As what a file is read before a person says so: as the one format it looks like, first of all the one of its source.
fn propose_format(answers: &mut Answers, saved: Option<&SourcePlan>, head: &[u8]) {
    if !answers.format.is_empty() {
        return;
    }
    let found = candidates(head);
    let is_saved = |plan: &&SourcePlan| match plan.format.as_str() {
        TABLE => found.is_empty(),
        format => found.iter().any(|adapter| adapter.name == format),
    };
    answers.format = match (saved.filter(is_saved), found.as_slice()) {
        (Some(plan), _) => plan.format.clone(),
        (None, [only]) => only.name.to_owned(),
        (None, []) => TABLE.to_owned(),
        (None, _) => String::new(),
    };
}

/// What the columns of a table may mean.
pub(super) fn propose_table(answers: &mut Answers, sample: &Sample) {
    answers.take(Choices::proposed(sample));
    if answers.order.is_empty() {
        answers.order = match sample.date_order() {
            Some(DateOrder::DayFirst) => "day_first".to_owned(),
            Some(DateOrder::MonthFirst) => "month_first".to_owned(),
            None => String::new(),
        };
    }
    if answers.kind.is_empty() && answers.roles.values().any(|role| role == "identity") {
        "identity".clone_into(&mut answers.kind);
    }
}

/// The beginning of a file, which is read from its beginning again afterwards.
pub(super) fn head_of(mut file: &File) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    file.rewind()?;
    BufReader::new(file).take(HEAD_BYTES).read_to_end(&mut head)?;
    file.rewind()?;
    Ok(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_waits_where_it_is_neither_ours_nor_meant_to_be() {
        for (head, waits) in [
            ("Regel;Rechner;Gefunden\n1;a;01.02.2026\n", true),
            ("severity,team,asset,opened\nhigh,web,a,2026-01-01\n", true),
            ("item_id,event,at\na,detected,2026-01-01T00:00:00Z\n", false),
            ("item_id,event,att\na,detected,2026-01-01T00:00:00Z\n", false),
            ("item_id;event;at;at\na;detected;x;y\n", false),
            ("{\"item_id\":\"a\"}\n", false),
            ("dear sir or madam\n", false),
            ("<?xml version=\"1.0\"?><a>&x;</a>\n", false),
            ("[{\"a\":1,\"b\":2},\n", false),
            ("", false),
        ] {
            assert_eq!(needs_words(head.as_bytes(), None), waits, "{head}");
        }
        assert!(!needs_words(b"\x89PNG\r\n\x1a\n\0\0a;b\n1;2\n", None));
    }

    #[test]
    fn a_plan_fits_while_its_columns_are_there() {
        let text = r#"{"format":"csv","settings":{"mapping":{"item":"{Regel}","events":[{"event":"detected","at":{"column":"Gefunden"}}]}}}"#;
        let plan = SourcePlan::from_json(text).unwrap();
        assert!(fits(&plan, "", b"Regel;Gefunden\n1;2026-01-01\n"));
        assert!(fits(&plan, "csv", b"Regel;Gefunden\n1;2026-01-01\n"));
        assert!(!fits(&plan, "jira", b"Regel;Gefunden\n1;2026-01-01\n"));
        assert!(!fits(&plan, "", b"Regel;Entdeckt\n1;2026-01-01\n"));
    }
}
