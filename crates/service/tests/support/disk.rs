//! Services over a disk that remembers and fails.

use super::{
    Desk,
    engines::{Folder, Place},
};
use domain::id::EventSeq;
use service::FIRST_ORG;
use shimfs::ShimFs;
use std::collections::BTreeSet;
use store::{Database, Store, StoreLimits, StoreOptions, history};

/// Services over a migrated database on a file system of this name, which records from now on.
pub async fn on(name: &str, limits: StoreLimits) -> (ShimFs, Desk) {
    let (shim, template) = (ShimFs::register(name), Folder::new());
    migrated_into(&template).await;
    let desk = on_migrated(&shim, &template, limits).await;
    (shim, desk)
}

/// Services over a copy of a migrated database; the recording begins anew.
pub async fn on_migrated(shim: &ShimFs, template: &Folder, limits: StoreLimits) -> Desk {
    let folder = Folder::new();
    std::fs::copy(template.path().join("wallclock.db"), folder.path().join("wallclock.db")).unwrap();
    shim.begin_with(folder.path()).unwrap();
    let mut options = StoreOptions::new(Database::Sqlite(folder.path().to_owned()));
    options.limits = limits;
    options.file_system = Some(shim.name().to_owned());
    Desk::open(Place { options, folder }).await
}

/// An empty, migrated database, all of it in its file.
pub async fn migrated_into(folder: &Folder) {
    let options = StoreOptions::new(Database::Sqlite(folder.path().to_owned()));
    Store::open(&options).await.unwrap().close().await;
}

/// The ids of all events in the log.
pub async fn kept_ids(store: &Store) -> BTreeSet<String> {
    let mut reader = store.reader().await.unwrap();
    let all = history::in_order(&mut reader.conn(), FIRST_ORG, EventSeq::from_row(0), 100_000).await.unwrap();
    all.iter().map(|entry| id_of(&entry.body)).collect()
}

/// Each line of these tests is about an item of its own, named like the event.
fn id_of(body: &str) -> String {
    let line: serde_json::Value = serde_json::from_str(body).unwrap();
    line.get("item_id").and_then(serde_json::Value::as_str).unwrap().to_owned()
}
