//! Bytes of a source become canonical events. Pure and streaming: nothing in here knows what is already stored.
//!
//! A file or body is cut into [`frame::Frame`]s by a [`source::Source`], one record each; a [`source::Decoder`] turns a
//! frame into an event draft or a held line. Every record becomes exactly one of the two, so the sums always agree.
#![deny(missing_docs)]
#![deny(clippy::arithmetic_side_effects)]

pub mod analysis;
pub mod canonical;
pub mod encoding;
pub mod field;
pub mod file_fault;
pub mod foreign;
pub mod frame;
pub mod held;
pub mod mend;
pub mod register;
pub mod source;
pub mod text_encoding;
pub mod unpack;
pub mod write;
pub mod written;

mod cloud_event;
mod csv;
mod drill;
mod json;
mod json_array;
mod lines;
mod narrow;
mod nearest;
mod sniff;
mod utf16;
