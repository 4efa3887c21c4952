//! Where does a stream wait until all of it is here? A slow sender must not hold the log.

use crate::{
    error::{Refusal, ServiceError},
    limits::IMPORT_BYTES_MAX,
};
use std::{
    fs::File,
    io::{Read, Seek, Write},
    path::Path,
};
use store::StoreError;

/// What is imported.
pub enum ImportInput {
    /// A file that is all here.
    File(File),
    /// Bytes that arrive one after the other; they wait in the data directory until all are here.
    Stream(Box<dyn Read + Send>),
}

impl ImportInput {
    pub(crate) async fn into_file(self, data_dir: &Path) -> Result<File, ServiceError> {
        match self {
            Self::File(file) => Ok(file),
            Self::Stream(stream) => {
                let folder = data_dir.join("spool");
                let spooling = tokio::task::spawn_blocking(move || spool(stream, &folder));
                spooling.await.map_err(|_| ServiceError::Broken(StoreError::Stopped))?
            }
        }
    }
}

/// Copies a stream into a file that has no name, so that nothing stays behind however this ends.
fn spool(stream: Box<dyn Read + Send>, folder: &Path) -> Result<File, ServiceError> {
    let mut number = [0_u8; 8];
    getrandom::fill(&mut number).map_err(|_| StoreError::damaged("the system gave no random bytes"))?;
    let path = folder.join(format!("{:016x}.part", u64::from_le_bytes(number)));
    let broken = |source| StoreError::Directory { path: folder.to_owned(), source };
    std::fs::create_dir_all(folder).map_err(broken)?;
    let mut file = File::options().read(true).write(true).create_new(true).open(&path).map_err(broken)?;
    std::fs::remove_file(&path).map_err(broken)?;
    let mut limited = stream.take(IMPORT_BYTES_MAX + 1);
    let copied = std::io::copy(&mut limited, &mut file).map_err(|error| broke_off(&error))?;
    if copied > IMPORT_BYTES_MAX {
        let detail = format!("more than {IMPORT_BYTES_MAX} bytes");
        return Err(Refusal::new("body_too_large", detail).hint("split the file").into());
    }
    file.flush().and_then(|()| file.rewind()).map_err(broken)?;
    Ok(file)
}

fn broke_off(error: &std::io::Error) -> ServiceError {
    if error.kind() == std::io::ErrorKind::StorageFull {
        return ServiceError::StorageFull;
    }
    Refusal::new("stream_broken", format!("the input broke off: {error}")).into()
}
