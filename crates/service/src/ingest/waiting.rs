//! Where does a file wait until it is imported? An import that goes on after a crash reads it again from there.

use super::spool::{ImportInput, spool_folder, spooled};
use crate::error::{Refusal, ServiceError};
use std::{fs::File, io::Seek, path::Path};
use store::StoreError;

/// A file that waits.
pub(crate) struct Waiting {
    file: File,
    /// Where it lies; nowhere if it has no name.
    place: String,
}

impl Waiting {
    /// Has what is imported wait until all of it is here.
    pub(crate) async fn of(input: ImportInput, data_dir: &Path) -> Result<Self, ServiceError> {
        match input {
            ImportInput::File(file) => Ok(Self { file, place: String::new() }),
            ImportInput::Path(path) => {
                let file = File::open(&path).map_err(|error| gone(&path, &error))?;
                let path = std::path::absolute(&path).unwrap_or(path);
                Ok(Self { file, place: path.to_string_lossy().into_owned() })
            }
            ImportInput::Stream(stream) => {
                let folder = spool_folder(data_dir);
                let spooling = tokio::task::spawn_blocking(move || spooled(stream, &folder));
                let (file, path) = spooling.await.map_err(|_| ServiceError::Broken(StoreError::Stopped))??;
                Ok(Self { file, place: path.to_string_lossy().into_owned() })
            }
        }
    }

    /// The file of an import that stopped half-way.
    pub(crate) fn again(place: &str, name: &str) -> Result<Self, Refusal> {
        if place.is_empty() {
            let detail = format!("the file `{}` was not kept", name.escape_debug());
            return Err(Refusal::new("file_gone", detail).hint("give the same file again"));
        }
        let file = File::open(place).map_err(|error| gone(Path::new(place), &error))?;
        Ok(Self { file, place: place.to_owned() })
    }

    /// Has it lie in the data directory however it came, and says where: whoever brought it may take it away.
    pub(crate) async fn kept(&self, data_dir: &Path) -> Result<String, ServiceError> {
        let folder = spool_folder(data_dir);
        if !self.place.is_empty() && Path::new(&self.place).starts_with(&folder) {
            return Ok(self.place.clone());
        }
        let mut file = self.file()?;
        file.rewind().map_err(|error| gone(Path::new(&self.place), &error))?;
        let copying = tokio::task::spawn_blocking(move || spooled(Box::new(file), &folder));
        let (_, path) = copying.await.map_err(|_| ServiceError::Broken(StoreError::Stopped))??;
        Ok(path.to_string_lossy().into_owned())
    }

    /// The file, to be read from its beginning.
    pub(crate) fn file(&self) -> Result<File, Refusal> {
        self.file.try_clone().map_err(|error| gone(Path::new(&self.place), &error))
    }

    /// Where it lies; empty if it has no name.
    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// Takes it away if it waits in the data directory: it is ours, and nobody needs it any more.
    pub(crate) fn forget(&self, data_dir: &Path) {
        forget(&self.place, data_dir);
    }
}

/// Takes a file away that waits in the data directory.
pub(crate) fn forget(place: &str, data_dir: &Path) {
    let folder = spool_folder(data_dir);
    if !place.is_empty()
        && Path::new(place).starts_with(&folder)
        && let Err(error) = std::fs::remove_file(place)
    {
        tracing::warn!(%error, place, "a file that was imported could not be taken away");
    }
}

fn gone(path: &Path, error: &std::io::Error) -> Refusal {
    let detail = format!("the file `{}` cannot be read: {error}", path.display());
    Refusal::new("file_gone", detail).hint("give the same file again")
}
