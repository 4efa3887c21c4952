//! Tools that send by themselves: who may, by which secret, and what becomes of what they send.

mod kind;
mod manage;
mod proof;
mod receive;
mod secret;

pub use kind::{Kind, Proof};
pub use manage::{OVERLAP_DAYS_MAX, Rotation, SecretView, WebhookToAdd, WebhookView};
pub use proof::{Shown, Signed, Unproved, WINDOW_SECONDS};
pub use receive::{Proved, Webhook};

pub(crate) use receive::refuse_other_key;
