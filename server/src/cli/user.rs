//! Who may sign in? People are added by whoever holds the operator's shell.

use std::path::PathBuf;

use clap::Subcommand;
use service::ServiceError;
use service::identity::people::PersonToAdd;
use service::identity::record::Origin;
use service::identity::role::{Membership, Role, UnknownRole};
use service::identity::standing::StandingChange;

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
    /// Change what a person holds and end all their sign-ins
    Change {
        /// The address to sign in with
        email: String,
        /// owner, admin, ciso, analyst, drill_lead or board_viewer
        #[arg(long)]
        role: Option<String>,
        /// Teams that bound what the person reaches, separated by commas; empty for the whole organisation
        #[arg(long, value_name = "TEAMS")]
        teams: Option<String>,
        /// Switch the person off
        #[arg(long, conflicts_with = "enable")]
        disable: bool,
        /// Switch the person on again
        #[arg(long)]
        enable: bool,
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
            let role = role_of(&role)?;
            let password = password_in(&password_file)?;
            let person = PersonToAdd { email: email.clone(), name, password, role };
            identity.add_person(&operator, person, Origin::default()).await?;
            out::say(&format!("Added {email}"));
        }
        UserCommand::Change { email, role, teams, disable, enable } => {
            let change = StandingChange {
                role: role.as_deref().map(role_of).transpose()?,
                teams: teams.as_deref().map(words_of),
                membership: match (disable, enable) {
                    (true, _) => Some(Membership::Disabled),
                    (false, true) => Some(Membership::Active),
                    (false, false) => None,
                },
            };
            if change == StandingChange::default() {
                return Err(Failure::bad_input("say what to change: --role, --teams, --disable or --enable"));
            }
            let changed = identity.change_standing(&operator, &email, change, Origin::default()).await;
            changed.map_err(|error| {
                if matches!(error, ServiceError::NotFound) {
                    return Failure::bad_input(format!("nobody has the address `{email}`"));
                }
                error.into()
            })?;
            out::say(&format!("Changed {email}"));
        }
        UserCommand::Password { email, password_file } => {
            let password = password_in(&password_file)?;
            identity.set_password(&operator, &email, password, Origin::default()).await?;
            out::say(&format!("{email} has a new password"));
        }
    }
    Ok(())
}

fn role_of(word: &str) -> Result<Role, Failure> {
    word.parse().map_err(|error: UnknownRole| Failure::bad_input(error.to_string()))
}

fn words_of(list: &str) -> Vec<String> {
    list.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
