//! Who may sign in? People are added by whoever holds the operator's shell.

use std::path::PathBuf;

use clap::Subcommand;
use service::identity::people::PersonToAdd;
use service::identity::record::Origin;
use service::identity::role::Role;

use super::exit::Failure;
use super::serve::password_in;
use super::{Place, out};
use crate::clock::Clock;

/// What to do with people.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add a person
    Add {
        /// The address to sign in with
        email: String,
        /// owner, admin, ciso, analyst, drill_lead or board_viewer
        #[arg(long)]
        role: String,
        /// For display
        #[arg(long, default_value = "")]
        name: String,
        /// File that holds the first password
        #[arg(long, value_name = "FILE")]
        password_file: PathBuf,
    },
    /// Give a person a new password and end all their sign-ins
    Password {
        /// The address to sign in with
        email: String,
        /// File that holds the new password
        #[arg(long, value_name = "FILE")]
        password_file: PathBuf,
    },
}

/// Does it.
///
/// # Errors
/// A role or password that cannot be used, an address that is taken, a database that cannot be used.
pub async fn run(place: Place, command: UserCommand) -> Result<(), Failure> {
    let identity = place.identity(&Clock::System).await?;
    let operator = identity.operator();
    match command {
        UserCommand::Add { email, role, name, password_file } => {
            let role: Role = role
                .parse()
                .map_err(|error: service::identity::role::UnknownRole| Failure::bad_input(error.to_string()))?;
            let password = password_in(&password_file)?;
            let person = PersonToAdd { email: email.clone(), name, password, role };
            identity.add_person(&operator, person, Origin::default()).await?;
            out::say(&format!("Added {email}"));
        }
        UserCommand::Password { email, password_file } => {
            let password = password_in(&password_file)?;
            identity.set_password(&operator, &email, password, Origin::default()).await?;
            out::say(&format!("{email} has a new password"));
        }
    }
    Ok(())
}
