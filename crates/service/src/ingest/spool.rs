//! Where does a stream wait until all of it is here? A slow sender must not hold the log.

use super::send::refusal_of;
use crate::{
    error::{Refusal, ServiceError},
    limits::IMPORT_BYTES_MAX,
};
use formats::{
    file_fault::FileFault,
    unpack::{ArchiveFault, Files, Limits, Packing, join},
};
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, Write},
    path::{Path, PathBuf},
    sync::mpsc::sync_channel,
};
use store::{StoreError, chain::Hash};

const READ_BYTES: usize = 256 * 1024;
/// Chunks of a file that are read before they are hashed.
const CHUNKS_AHEAD: usize = 8;

/// What is imported.
pub enum ImportInput {
    /// A file that is all here and has no name: an import that stops half-way needs it again from its sender.
    File(File),
    /// A file that lies there until the import has ended.
    Path(PathBuf),
    /// Bytes that arrive one after the other; they wait in the data directory until all are here.
    Stream(Box<dyn Read + Send>),
}

/// The bytes of a file as they were before somebody packed it: the file itself, or a copy that has no name.
pub(crate) async fn unpacked(file: File, data_dir: &Path) -> Result<File, ServiceError> {
    let folder = spool_folder(data_dir);
    let unpacking = tokio::task::spawn_blocking(move || unpack(&file, &folder).map(|copy| copy.unwrap_or(file)));
    unpacking.await.map_err(|_| ServiceError::Broken(StoreError::Stopped))?
}

fn unpack(file: &File, folder: &Path) -> Result<Option<File>, ServiceError> {
    let limits = Limits { bytes_max: IMPORT_BYTES_MAX, ..Limits::default() };
    let input = BufReader::with_capacity(READ_BYTES, file);
    let mut files = Files::open(input, limits).map_err(|fault| refusal_of(&fault))?;
    if files.packing() == Packing::Plain {
        return Ok(None);
    }
    let mut copy = nameless(folder).map_err(|source| unusable(folder, source))?;
    if join(&mut files, &mut copy).map_err(|fault| unreadable(&fault))? == 0 {
        return Err(refusal_of(&ArchiveFault::Empty.into()).into());
    }
    copy.flush().and_then(|()| copy.rewind()).map_err(|error| broke_off(&error))?;
    Ok(Some(copy))
}

/// What is wrong with an archive travels as an error of reading; a full disk is an error of writing.
fn unreadable(fault: &FileFault) -> ServiceError {
    if matches!(fault, FileFault::Io(error) if error.kind() == io::ErrorKind::StorageFull) {
        return ServiceError::StorageFull;
    }
    refusal_of(fault).into()
}

/// The folder in the data directory where files wait.
pub(super) fn spool_folder(data_dir: &Path) -> PathBuf {
    let folder = data_dir.join("spool");
    std::path::absolute(&folder).unwrap_or(folder)
}

/// A file that has no name, so that nothing stays behind however this ends.
pub(super) fn nameless(folder: &Path) -> io::Result<File> {
    let (file, path) = named(folder)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}

/// A new file in the spool.
fn named(folder: &Path) -> io::Result<(File, PathBuf)> {
    let mut number = [0_u8; 8];
    getrandom::fill(&mut number).map_err(|_| io::Error::other("the system gave no random bytes"))?;
    let path = folder.join(format!("{:016x}.part", u64::from_le_bytes(number)));
    std::fs::create_dir_all(folder)?;
    let file = File::options().read(true).write(true).create_new(true).open(&path)?;
    Ok((file, path))
}

fn unusable(folder: &Path, source: io::Error) -> StoreError {
    StoreError::Directory { path: folder.to_owned(), source }
}

/// Copies a stream into a file of the spool, or leaves nothing behind.
pub(crate) fn spooled(stream: Box<dyn Read + Send>, folder: &Path) -> Result<(File, PathBuf), ServiceError> {
    let (file, path) = named(folder).map_err(|source| unusable(folder, source))?;
    match copied(stream, file) {
        Ok(file) => Ok((file, path)),
        Err(error) => {
            std::fs::remove_file(&path).map_err(|source| unusable(folder, source))?;
            Err(error)
        }
    }
}

fn copied(stream: Box<dyn Read + Send>, mut file: File) -> Result<File, ServiceError> {
    let mut limited = stream.take(IMPORT_BYTES_MAX + 1);
    let copied = io::copy(&mut limited, &mut file).map_err(|error| broke_off(&error))?;
    if copied > IMPORT_BYTES_MAX {
        let detail = format!("more than {IMPORT_BYTES_MAX} bytes");
        return Err(Refusal::new("body_too_large", detail).hint("split the file").into());
    }
    file.flush().and_then(|()| file.rewind()).map_err(|error| broke_off(&error))?;
    Ok(file)
}

/// What tells a file from any other.
#[derive(Clone, Copy)]
pub(crate) struct Fingerprint {
    pub(crate) digest: Hash,
    pub(crate) bytes: u64,
}

/// The file with its hash. Read once more for it, before anything is written: the same file may be on its way already.
pub(crate) async fn fingerprint(file: File) -> Result<(File, Fingerprint), ServiceError> {
    let reading = tokio::task::spawn_blocking(move || {
        let print = digest(&file).map_err(|error| broke_off(&error))?;
        Ok((file, print))
    });
    reading.await.map_err(|_| ServiceError::Broken(StoreError::Stopped))?
}

/// Read on one thread and hashed on another: nothing else goes on until this is known.
fn digest(mut file: &File) -> io::Result<Fingerprint> {
    file.rewind()?;
    let (give, chunks) = sync_channel::<Vec<u8>>(CHUNKS_AHEAD);
    std::thread::scope(|scope| {
        let hashing = scope.spawn(move || {
            let (mut hash, mut bytes) = (Sha256::new(), 0);
            for chunk in chunks {
                hash.update(&chunk);
                bytes += chunk.len() as u64;
            }
            Fingerprint { digest: hash.finalize().into(), bytes }
        });
        loop {
            let mut chunk = Vec::with_capacity(READ_BYTES);
            // Nobody takes what is read any more: the other thread panicked, and its end says so.
            if file.take(READ_BYTES as u64).read_to_end(&mut chunk)? == 0 || give.send(chunk).is_err() {
                break;
            }
        }
        drop(give);
        hashing.join().map_err(|_| io::Error::other("the thread that hashes has panicked"))
    })
}

fn broke_off(error: &io::Error) -> ServiceError {
    if error.kind() == io::ErrorKind::StorageFull {
        return ServiceError::StorageFull;
    }
    Refusal::new("stream_broken", format!("the input broke off: {error}")).into()
}
