//! How does a command reach the facts? The database of the place, opened for what the command does.

use std::path::{Path, PathBuf};

use domain::id::OrgId;
use domain::policy::Policy;
use service::authorise::{Granted, Object, Proves, authorise};
use service::identity::Identity;
use service::identity::caller::Caller;
use service::{ServiceError, Services, ServicesOptions};
use store::{Access, Database, Durability, Store, StoreError, StoreOptions};

use super::Place;
use super::exit::Failure;
use crate::clock::Clock;

/// The organisation of this database; a database holds one for now, every key begins with it.
pub const ORG: OrgId = OrgId::from_row(1);

/// What the operator of this machine may do with the organisation of its database.
///
/// # Errors
/// What a command may never do.
pub fn as_operator<P: Proves>(clock: &Clock) -> Result<Granted<P>, Failure> {
    let operator = Caller::operator(ORG, clock.now());
    authorise(&operator, Object::OwnOrg).map_err(|denied| Failure::failed(denied.to_string()))
}

/// Runs asynchronous work to its end.
///
/// # Errors
/// What the work says, or that no runtime could be started.
pub fn block_on(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::failed(format!("starting: {error}")))?;
    runtime.block_on(work)
}

impl Place {
    /// The data directory, or the default of the command.
    #[must_use]
    pub fn directory(&self, default: &str) -> PathBuf {
        self.data_dir.clone().unwrap_or_else(|| PathBuf::from(default))
    }

    fn database(&self, directory: &Path) -> Result<Database, Failure> {
        let plain = crate::config::variable("DATABASE_URL");
        let url = self.database_url.clone().or(plain);
        Ok(Database::from_url(url.as_deref(), directory)?)
    }

    fn options(&self, directory: &Path, access: Access) -> Result<StoreOptions, Failure> {
        let durability = if self.i_accept_data_loss { Durability::Waived } else { Durability::Required };
        Ok(StoreOptions { access, durability, ..StoreOptions::new(self.database(directory)?) })
    }

    /// Everything, for a process that writes events.
    ///
    /// # Errors
    /// What the store refuses.
    pub async fn services(&self, default: &str, clock: &Clock) -> Result<Services, Failure> {
        let directory = self.directory(default);
        make_private(&directory)?;
        let options = self.options(&directory, Access::Write)?;
        open(options, directory, clock).await
    }

    /// Settings, which may be changed beside a running server too.
    ///
    /// # Errors
    /// What the store refuses.
    pub async fn services_beside(&self, default: &str, clock: &Clock) -> Result<Services, Failure> {
        let directory = self.directory(default);
        make_private(&directory)?;
        let options = |access| self.options(&directory, access);
        match try_open(options(Access::Write)?, directory.clone(), clock).await? {
            Err(ServiceError::Broken(StoreError::Locked(_))) => open(options(Access::Beside)?, directory, clock).await,
            opened => Ok(opened?),
        }
    }

    /// Everything, for a process that only reads, beside a running one.
    ///
    /// # Errors
    /// What the store refuses.
    pub async fn reading_services(&self, default: &str, clock: &Clock) -> Result<Services, Failure> {
        let directory = self.directory(default);
        let options = self.options(&directory, Access::Read)?;
        open(options, directory, clock).await
    }

    /// Accounts alone: also beside a running server.
    ///
    /// # Errors
    /// What the store refuses.
    pub async fn identity(&self, clock: &Clock) -> Result<Identity, Failure> {
        let directory = self.directory("./data");
        make_private(&directory)?;
        let store = match Store::open(&self.options(&directory, Access::Write)?).await {
            Err(StoreError::Locked(_)) => Store::open(&self.options(&directory, Access::Beside)?).await?,
            opened => opened?,
        };
        Ok(Identity::new(store, ORG, clock.handle()))
    }
}

async fn open(store: StoreOptions, data_dir: PathBuf, clock: &Clock) -> Result<Services, Failure> {
    Ok(try_open(store, data_dir, clock).await??)
}

async fn try_open(
    store: StoreOptions,
    data_dir: PathBuf,
    clock: &Clock,
) -> Result<Result<Services, ServiceError>, Failure> {
    let policy = Policy::built_in().map_err(|error| Failure::failed(error.to_string()))?;
    let options = ServicesOptions { store, data_dir, policy };
    Ok(Services::open(options, clock.handle()).await)
}

/// The directory holds open weaknesses and keys: nobody else on the machine reads it.
fn make_private(directory: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::DirBuilderExt;
    if directory.is_dir() {
        return Ok(());
    }
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(directory);
    made.map_err(|error| Failure::unsafe_setting(format!("data directory `{}`: {error}", directory.display())))
}
