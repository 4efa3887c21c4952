//! How were held lines written? Each way is kept once: a file has one, however many of its lines are held.

use crate::{
    chain::Hash,
    engine::Conn,
    error::StoreError,
    sql::{Sql, on_engine},
};
use domain::id::OrgId;
use sha2::{Digest, Sha256};

pub(crate) const KEEP: Sql = Sql::same(
    "insert into held_forms (org_id, form_hash, form) values ($1, $2, $3) on conflict (org_id, form_hash) do nothing",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[KEEP];

/// A way in which lines are written, as its service wrote it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldForm {
    hash: Hash,
    text: String,
}

impl HeldForm {
    /// The form that is written so.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self { hash: Sha256::digest(text.as_bytes()).into(), text }
    }

    /// What a held line names it by.
    #[must_use]
    pub const fn hash(&self) -> &Hash {
        &self.hash
    }
}

/// Keeps a form, unless it is kept already.
///
/// # Errors
/// Any [`StoreError`].
pub async fn keep(conn: &mut Conn<'_>, org: OrgId, form: &HeldForm) -> Result<(), StoreError> {
    on_engine!(conn, KEEP, |c, text| {
        sqlx::query(text).bind(org.get()).bind(form.hash.as_slice()).bind(form.text.as_str()).execute(c).await?;
    });
    Ok(())
}
