//! Who is it? People, roles, passwords, sign-in sessions and API tokens.

pub mod caller;
pub mod next_path;
pub mod password;
pub mod people;
pub mod permission;
pub mod record;
pub mod role;
pub mod scope;
pub mod secret;
pub mod sessions;
pub mod setup;
pub mod standing;
pub mod step_up;
pub mod throttle;
pub mod token_rules;
pub mod token_text;
pub mod tokens;

pub use people::Identity;
