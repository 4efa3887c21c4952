//! Which words does all of a draft's file use? Heard once for each way of reading it, and kept beside the draft.

use super::{Answers, look::reader, shelf::Shelf};
use crate::error::ServiceError;
use formats::foreign::{
    Adapter,
    vocabulary::{Heard, heard},
};
use serde::{Deserialize, Serialize};
use std::fs::File;
use store::StoreError;

/// What was heard, and as what the file was read.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    format: String,
    encoding: String,
    heard: Heard,
}

/// The words of a draft's file; none where it cannot be read as it was said.
pub(super) fn words_of(shelf: &Shelf, word: &str, answers: &Answers, file: &File) -> Result<Heard, ServiceError> {
    let noted = shelf.noted(word)?.and_then(|text| serde_json::from_str::<Kept>(&text).ok());
    let is_same = |kept: &Kept| kept.format == answers.format && kept.encoding == answers.encoding;
    if let Some(kept) = noted.filter(is_same) {
        return Ok(kept.heard);
    }
    let Some(adapter) = Adapter::named(&answers.format) else { return Ok(Heard::default()) };
    let read = || heard(reader(file)?, adapter, &answers.settings(None));
    // Why it cannot be read is said where it is read for its rows.
    let Ok(found) = read() else { return Ok(Heard::default()) };
    let kept = Kept { format: answers.format.clone(), encoding: answers.encoding.clone(), heard: found };
    let text = serde_json::to_string(&kept).map_err(|_| StoreError::damaged("words cannot be written"))?;
    shelf.note(word, &text)?;
    Ok(kept.heard)
}
