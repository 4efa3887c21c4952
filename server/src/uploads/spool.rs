//! Where does an upload wait until it is imported? In the spool: an import that stops half-way goes on from there.

use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use formats::canonical::is_invisible;
use futures_util::StreamExt;
use service::identity::secret::new_word;
use tokio::io::AsyncWriteExt;

use super::said::Said;
use crate::middleware::body_bounds;
use crate::problem::{Code, Problem};

/// Parts of one form.
const PARTS_MAX: usize = 16;
/// A file name is for display and longer ones are cut.
const NAME_CHARACTERS_MAX: usize = 255;
/// A text field of the form.
const FIELD_BYTES_MAX: usize = 1_024;
/// How an export is read, as JSON.
const MAPPING_BYTES_MAX: usize = 1 << 20;

/// A form with its file.
pub(super) struct Received {
    pub(super) name: String,
    pub(super) file: Kept,
    pub(super) bytes: u64,
    pub(super) idempotency: String,
    /// The source of lines that name none; empty where the form does not say.
    pub(super) source: String,
    /// What is said about this file alone.
    pub(super) said: Said,
}

/// Reads the form: one file, few fields.
///
/// # Errors
/// `multipart_invalid`, `empty_file`, or what the bounds of the body say.
pub(super) async fn receive(mut form: Multipart, data_dir: &Path) -> Result<Received, Problem> {
    let mut file = None;
    let (mut idempotency, mut source) = (String::new(), String::new());
    let mut said = Said::default();
    for _ in 0..PARTS_MAX {
        let Some(field) = form.next_field().await.map_err(|error| broken(&error))? else {
            let (name, file, bytes) = file.ok_or_else(|| invalid("the form holds no file"))?;
            return Ok(Received { name, file, bytes, idempotency, source, said });
        };
        let known = Said::NAMES.into_iter().find(|name| field.name() == Some(name));
        match field.name() {
            Some("file") if file.is_some() => return Err(invalid("the form holds two files")),
            Some("file") => file = Some(keep(field, data_dir).await?),
            Some("idempotency") => idempotency = text(field, FIELD_BYTES_MAX).await?,
            Some("source") => source = text(field, FIELD_BYTES_MAX).await?,
            _ => {
                let value = text(field, FIELD_BYTES_MAX).await?;
                known.map_or(Ok(()), |name| said.take(name, &value))?;
            }
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

async fn text(mut field: Field<'_>, most: usize) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > most {
            return Err(invalid("a field of the form is too long"));
        }
    }
    String::from_utf8(bytes).map_err(|_| Problem::new(Code::InvalidUtf8))
}

async fn keep(mut field: Field<'_>, data_dir: &Path) -> Result<(String, Kept, u64), Problem> {
    let name = display_name(field.file_name().unwrap_or(""));
    let mut spool = Spooling::begin(&data_dir.join("spool")).await?;
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
        spool.add(&chunk).await?;
    }
    let (kept, bytes) = spool.end().await?;
    Ok((name, kept, bytes))
}

/// Reads a form of a file and the mapping it is read by, and nothing else: the rest is said in the address.
///
/// # Errors
/// As [`receive`].
pub(crate) async fn receive_with_mapping(mut form: Multipart, data_dir: &Path) -> Result<(Kept, String), Problem> {
    let (mut file, mut mapping) = (None, None);
    while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
        match field.name() {
            Some("file") if file.is_none() => file = Some(keep(field, data_dir).await?.1),
            Some("mapping") if mapping.is_none() => mapping = Some(text(field, MAPPING_BYTES_MAX).await?),
            _ => return Err(invalid("the form holds one `file` and one `mapping`, and nothing else")),
        }
    }
    let (Some(file), Some(mapping)) = (file, mapping) else {
        return Err(invalid("the form holds no `file`, or no `mapping`"));
    };
    Ok((file, mapping))
}

/// Keeps a body that is a file as a whole.
///
/// # Errors
/// `empty_file`, or what the bounds of the body say.
pub(crate) async fn receive_body(body: Body, data_dir: &Path) -> Result<Kept, Problem> {
    let mut spool = Spooling::begin(&data_dir.join("spool")).await?;
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| body_bounds::problem_of(&error))?;
        spool.add(&chunk).await?;
    }
    Ok(spool.end().await?.0)
}

/// A body that is a file, kept without a name until it is read: nothing stays behind however it ends.
///
/// # Errors
/// As [`receive_body`].
pub async fn keep_body(body: Body, data_dir: &Path) -> Result<std::fs::File, Problem> {
    receive_body(body, data_dir).await?.open()
}

/// A file in the spool that is taken away when this is dropped, unless an import has taken it over.
pub(crate) struct Kept {
    path: PathBuf,
    stays: bool,
}

impl Kept {
    /// Opens it.
    ///
    /// # Errors
    /// What the disk says.
    pub(crate) fn open(&self) -> Result<std::fs::File, Problem> {
        std::fs::File::open(&self.path).map_err(|error| disk(&error))
    }

    /// Where it lies; whoever asks takes it away.
    pub(crate) fn stays(mut self) -> PathBuf {
        self.stays = true;
        std::mem::take(&mut self.path)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if !self.stays
            && let Err(error) = std::fs::remove_file(&self.path)
        {
            tracing::warn!(%error, "a file of the spool could not be taken away");
        }
    }
}

/// A file that arrives.
struct Spooling {
    file: tokio::fs::File,
    kept: Kept,
    bytes: u64,
}

impl Spooling {
    async fn begin(folder: &Path) -> Result<Self, Problem> {
        let word = new_word(16).map_err(|_| Problem::new(Code::Internal))?;
        let path = folder.join(format!("{word}.upload"));
        tokio::fs::create_dir_all(folder).await.map_err(|error| disk(&error))?;
        let file = tokio::fs::File::options().read(true).write(true).create_new(true).open(&path).await;
        let file = file.map_err(|error| disk(&error))?;
        Ok(Self { file, kept: Kept { path, stays: false }, bytes: 0 })
    }

    async fn add(&mut self, chunk: &[u8]) -> Result<(), Problem> {
        self.bytes += chunk.len() as u64;
        self.file.write_all(chunk).await.map_err(|error| disk(&error))
    }

    /// The file with its length.
    async fn end(mut self) -> Result<(Kept, u64), Problem> {
        self.file.flush().await.map_err(|error| disk(&error))?;
        if self.bytes == 0 {
            return Err(Problem::new(Code::EmptyFile));
        }
        Ok((self.kept, self.bytes))
    }
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
pub(crate) fn display_name(sent: &str) -> String {
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
