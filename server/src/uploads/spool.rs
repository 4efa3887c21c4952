//! Where does an upload wait until all of it is here? In a file without a name: nothing stays behind however it ends.

use std::fs::File;
use std::path::Path;

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use formats::canonical::is_invisible;
use service::identity::secret::new_word;
use service::ingest::FileSaid;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

use crate::middleware::body_bounds;
use crate::problem::{Code, Problem};

/// Parts of one form.
const PARTS_MAX: usize = 16;
/// A file name is for display and longer ones are cut.
const NAME_CHARACTERS_MAX: usize = 255;
/// A text field of the form.
const FIELD_BYTES_MAX: usize = 1_024;

/// A form with its file.
pub(super) struct Received {
    pub(super) name: String,
    pub(super) file: File,
    pub(super) bytes: u64,
    pub(super) idempotency: String,
    /// The source of lines that name none; empty where the form does not say.
    pub(super) source: String,
    /// The tool it was exported from; empty where the form does not say.
    pub(super) format: String,
    /// What is said about this file alone.
    pub(super) said: FileSaid,
}

/// Reads the form: one file, few fields.
///
/// # Errors
/// `multipart_invalid`, `empty_file`, or what the bounds of the body say.
pub(super) async fn receive(mut form: Multipart, data_dir: &Path) -> Result<Received, Problem> {
    let mut file = None;
    let (mut idempotency, mut source, mut format) = (String::new(), String::new(), String::new());
    let mut said = FileSaid::default();
    for _ in 0..PARTS_MAX {
        let Some(field) = form.next_field().await.map_err(|error| broken(&error))? else {
            let (name, file, bytes) = file.ok_or_else(|| invalid("the form holds no file"))?;
            return Ok(Received { name, file, bytes, idempotency, source, format, said });
        };
        match field.name() {
            Some("file") if file.is_some() => return Err(invalid("the form holds two files")),
            Some("file") => file = Some(keep(field, data_dir).await?),
            Some("idempotency") => idempotency = text(field).await?,
            Some("source") => source = text(field).await?,
            Some("format") => format = text(field).await?,
            Some("exported_at") => said.taken_at = text(field).await?,
            Some("accept_mass_absence") => said.accept_mass_absence = text(field).await? == "yes",
            _ => drop(text(field).await?),
        }
    }
    Err(invalid("the form has too many parts"))
}

fn invalid(detail: &str) -> Problem {
    Problem::new(Code::MultipartInvalid).detail(detail)
}

fn broken(error: &MultipartError) -> Problem {
    let cause = body_bounds::problem_of(error);
    if cause.code == Code::BadRequest { invalid("the form broke off or its framing is wrong") } else { cause }
}

async fn text(mut field: Field<'_>) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > FIELD_BYTES_MAX {
            return Err(invalid("a field of the form is too long"));
        }
    }
    String::from_utf8(bytes).map_err(|_| Problem::new(Code::InvalidUtf8))
}

async fn keep(mut field: Field<'_>, data_dir: &Path) -> Result<(String, File, u64), Problem> {
    let name = display_name(field.file_name().unwrap_or(""));
    let mut spool = nameless(&data_dir.join("spool")).await?;
    let mut bytes = 0_u64;
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
        bytes += chunk.len() as u64;
        spool.write_all(&chunk).await.map_err(|error| disk(&error))?;
    }
    spool.flush().await.map_err(|error| disk(&error))?;
    spool.rewind().await.map_err(|error| disk(&error))?;
    if bytes == 0 {
        return Err(Problem::new(Code::EmptyFile));
    }
    Ok((name, spool.into_std().await, bytes))
}

/// A file that the system forgets when it is closed.
async fn nameless(folder: &Path) -> Result<tokio::fs::File, Problem> {
    let word = new_word(16).map_err(|_| Problem::new(Code::Internal))?;
    let path = folder.join(format!("{word}.upload"));
    tokio::fs::create_dir_all(folder).await.map_err(|error| disk(&error))?;
    let file = tokio::fs::File::options().read(true).write(true).create_new(true).open(&path).await;
    let file = file.map_err(|error| disk(&error))?;
    tokio::fs::remove_file(&path).await.map_err(|error| disk(&error))?;
    Ok(file)
}

fn disk(error: &std::io::Error) -> Problem {
    tracing::error!(event = "spool_failed", reason = %error, "an upload could not be kept");
    if error.kind() == std::io::ErrorKind::StorageFull {
        return Problem::new(Code::StorageFull);
    }
    Problem::new(Code::StorageUnavailable).retry_after(5)
}

/// The name as a page may show it: the last part of a path, without control characters, cut; a character that would be
/// invisible or turn the line round is marked.
fn display_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or("");
    let seen = |letter| if is_invisible(letter) { char::REPLACEMENT_CHARACTER } else { letter };
    let letters = last.chars().filter(|letter| !letter.is_control()).map(seen);
    let name: String = letters.take(NAME_CHARACTERS_MAX).collect();
    if name.is_empty() { "unnamed".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::display_name;

    #[test]
    fn a_file_name_is_for_display_only() {
        assert_eq!(display_name("scan.ndjson"), "scan.ndjson");
        assert_eq!(display_name("../../etc/passwd"), "passwd");
        assert_eq!(display_name("C:\\temp\\a.csv"), "a.csv");
        assert_eq!(display_name("a\0b\n.csv"), "ab.csv");
        assert_eq!(display_name("x\u{202e}gnp.exe"), "x\u{fffd}gnp.exe");
        assert_eq!(display_name(""), "unnamed");
        assert_eq!(display_name(&"x".repeat(5_000)).len(), 255);
    }
}
