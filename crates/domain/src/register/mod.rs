//! What an organisation says about itself, in tables that are versioned: people, playbooks, tools, risks and more.

mod row;
mod schema;

pub use row::{BadRow, Cell, Guardrail, RegisterRow};
pub use schema::{Column, Need, Register, Type, UnknownRegister};
