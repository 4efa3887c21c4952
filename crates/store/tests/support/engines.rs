//! A fresh store for a test, on either engine: a temporary folder, or a schema of its own in a PostgreSQL that
//! `scripts/with-postgres.sh` runs.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
};
use store::{Access, Database, Durability, Store, StoreOptions};

/// A folder that goes away with the test.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("store-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// An empty database that nobody has opened yet.
pub struct Place {
    pub options: StoreOptions,
    pub folder: Folder,
}

pub fn sqlite_place() -> Place {
    let folder = Folder::new();
    Place { options: StoreOptions::new(Database::Sqlite(folder.path().to_owned())), folder }
}

pub fn postgres_place() -> Place {
    Place { options: StoreOptions::new(Database::Postgres(postgres_url())), folder: Folder::new() }
}

/// A fresh, migrated store and what it stands in.
pub struct Fresh {
    pub store: Store,
    pub options: StoreOptions,
    folder: Folder,
}

impl Place {
    pub async fn open(self) -> Fresh {
        Fresh { store: Store::open(&self.options).await.unwrap(), options: self.options, folder: self.folder }
    }
}

pub async fn sqlite() -> Fresh {
    sqlite_place().open().await
}

pub async fn postgres() -> Fresh {
    postgres_place().open().await
}

impl Fresh {
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The same database opened to read, beside this one.
    pub async fn read_only(&self) -> Store {
        let options = StoreOptions { access: Access::Read, durability: Durability::Required, ..self.options.clone() };
        Store::open(&options).await.unwrap()
    }
}

/// The address of a schema of its own, in the PostgreSQL that the test run started or in one this machine shares.
pub fn postgres_url() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let schema = format!("t{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/with-postgres.sh");
    let output = Command::new(script).args(["--schema", &schema]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Runs one test on both engines, each in a database of its own: `on_both_engines! { async fn promise(place) { … } }`.
#[macro_export]
macro_rules! on_both_engines {
    ($(async fn $name:ident($place:ident) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn promise($place: $crate::support::engines::Place) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                promise($crate::support::engines::sqlite_place()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                promise($crate::support::engines::postgres_place()).await;
            }
        }
    )+};
}
