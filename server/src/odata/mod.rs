//! How do Power BI, Excel and Tableau read the items? OData 4.0 and 4.01, read only, JSON.
//!
//! Everything but `mount` is pure: it knows neither the server's state nor its clock nor its sign-in. [`mount::read`] is the
//! handler; it answers every method (405 and OPTIONS are ours too) at `/odata`, `/odata/`, `/odata/{*path}`, so the route table
//! mounts it with `axum::routing::any` or at least `get`.
//!
//! - [`LedgerRows`] shows the items that the caller may see, by the definitions of the pages.
//! - The scope of the caller (organisation, token, teams) is part of the `ETag` and of the signature of a `$skiptoken`, so neither
//!   works for anybody else.
//! - An answer carries all its headers (`OData-Version` once, `Vary`, `Cache-Control`, `ETag`). Refusals that the server makes
//!   itself (401, 429) go through [`error::write`].
//! - It costs two passes over the rows and the memory of one page.

pub mod error;
pub mod mount;
pub mod skip_token;

mod answer;
mod columns;
mod evaluate;
mod function;
mod item_row;
mod lexer;
mod literal;
mod metadata;
mod negotiate;
mod options;
mod page;
mod parser;
mod plan;
mod reply;
mod resource;
mod tree;
mod value;
mod write;

pub use answer::{Feed, ODataRequest, answer};
pub use columns::{COLUMNS, Column};
pub use item_row::{ItemRow, ItemRows, LedgerRows, Names};
pub use reply::ODataAnswer;
pub use value::{EdmType, Instant, Value};
pub(crate) use write::plain;
