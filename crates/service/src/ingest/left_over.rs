//! Which files in the spool belong to nobody? A process that is killed leaves what it was about to hand over to an import, and
//! nothing names it any more: it is taken away at the next start.

use super::spool::spool_folder;
use domain::{
    id::OrgId,
    time::{DAY_SECONDS, Timestamp},
};
use std::{
    collections::HashSet,
    ffi::OsString,
    path::Path,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use store::{Store, StoreError, import_steps};

/// Takes away what no import names that may go on. Where other processes may share the folder, only what is a day old: theirs is
/// named soon after it has come.
pub(crate) async fn clear_spool(store: &Store, org: OrgId, now: Timestamp, data_dir: &Path) -> Result<(), StoreError> {
    let named = import_steps::spooled(&mut store.reader().await?.conn(), org).await?;
    let named: HashSet<OsString> =
        named.iter().filter_map(|place| Some(Path::new(place).file_name()?.to_owned())).collect();
    let before = store.locked_directory().is_none().then(|| now.plus(-DAY_SECONDS));
    let folder = spool_folder(data_dir);
    let cleared = tokio::task::spawn_blocking(move || clear(&folder, &named, before.map(system_time)));
    match cleared.await.map_err(|_| StoreError::Stopped)? {
        Ok(0) => {}
        Ok(files) => tracing::info!(files, "files were taken away that no import names"),
        Err(error) => tracing::warn!(%error, "files that no import names could not be taken away"),
    }
    Ok(())
}

fn system_time(moment: Timestamp) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(u64::try_from(moment.seconds()).unwrap_or_default())
}

fn clear(folder: &Path, named: &HashSet<OsString>, before: Option<SystemTime>) -> std::io::Result<u64> {
    let mut files = 0;
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let is_ours = entry.path().extension().is_some_and(|extension| extension == "part");
        let about = entry.metadata()?;
        let changed = about.modified()?;
        let is_old = before.is_none_or(|before| changed < before);
        if is_ours && about.is_file() && is_old && !named.contains(&entry.file_name()) {
            std::fs::remove_file(entry.path())?;
            files += 1;
        }
    }
    Ok(files)
}
