//! The questions the product answers, one function each: authorise, load, compute, answer.
#![deny(missing_docs)]

pub mod analyze;
pub mod authorise;
pub mod bench;
pub mod catalogue;
pub mod draft;
pub mod drill_records;
pub mod enrichment;
pub mod error;
pub mod event_log;
pub mod identity;
pub mod ingest;
pub mod limits;
mod present;
pub mod question;
pub mod registers;
pub mod report_model;
pub mod sample;
mod sealed;
pub mod services;
pub mod verify;
mod view_histories;
pub mod view_ledger;
pub mod webhook;

pub use error::{Refusal, ServiceError};
pub use services::{Clock, FIRST_ORG, Services, ServicesOptions};
