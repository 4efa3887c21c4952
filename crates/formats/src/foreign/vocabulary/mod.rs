//! Which words of its own does a file use that only a person can explain? And what is made of them while nobody does?
//!
//! A format with a vocabulary has lists of words: statuses, resolutions, severities. [`heard`] gathers the words of a whole
//! file, [`lists`] says what each of them can mean, and [`usual`] what a word means unless a person says otherwise.
//!
//! ```
//! use formats::foreign::{Adapter, Settings, vocabulary::{heard, lists, usual}};
//!
//! let file = "Issue key,Created,Status\nA-1,2026-03-01 10:00,Parked\nA-2,2026-03-01 10:00,Done\n";
//! let jira = Adapter::named("jira").ok_or("no such format")?;
//! let heard = heard(file.as_bytes(), jira, &Settings::default())?;
//! let [done, parked] = heard.lists[0].words.as_slice() else { return Err("two words".into()) };
//! assert_eq!(lists("jira", &Settings::default())[0].name, "status");
//! assert_eq!(usual("jira", 0, done, &Settings::default()).as_deref(), Some("done"));
//! assert_eq!((parked.key.as_str(), usual("jira", 0, parked, &Settings::default())), ("Parked", None));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod drills;
mod hearing;
mod plain;

pub(crate) use hearing::Hearing;
pub use hearing::{Heard, HeardList, HeardWord, ROWS_FIRST, heard};
pub(crate) use plain::{END_EVENTS, events, level_of, levels, list};

use super::{Given, Settings, asff, github, jira, mapping, microsoft, ocsf, servicenow, xes};

/// In which part of the settings it is kept what the words of a list mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeptIn {
    /// [`Settings::statuses`].
    Statuses,
    /// [`Settings::severities`].
    Severities,
    /// [`super::JiraSettings::resolutions`].
    Resolutions,
}

impl KeptIn {
    /// Its stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Statuses => "status",
            Self::Severities => "severity",
            Self::Resolutions => "resolution",
        }
    }
}

/// A list of words that a format uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordList {
    /// Its stable name.
    pub name: &'static str,
    /// Its name for people, as in `the statuses`.
    pub title: &'static str,
    /// Where it is kept what they mean.
    pub kept_in: KeptIn,
    /// What a word can mean: the word of the settings, and its meaning for people.
    pub choices: Vec<(String, String)>,
    /// What follows where nobody says what a word means, as the end of a sentence.
    pub unsaid: &'static str,
}

/// How a format uses words of its own.
pub(crate) trait Speak {
    /// Its lists of words.
    fn lists(&self, settings: &Settings) -> Vec<WordList>;

    /// The words one record uses.
    fn hear(&mut self, given: &Given<'_>, settings: &Settings, hearing: &mut Hearing);

    /// What a word of a list means where nobody says, in the word of the settings.
    fn usual(&self, list: usize, word: &HeardWord, settings: &Settings) -> Option<String>;
}

/// The words of a format by its name.
fn speaker(format: &str) -> Option<Box<dyn Speak>> {
    match format {
        "jira" => Some(Box::new(jira::words::Jira)),
        "servicenow" => Some(Box::new(servicenow::words::ServiceNow)),
        "xes" => Some(Box::new(xes::words::Xes)),
        "ocsf" => Some(Box::new(ocsf::words::Ocsf)),
        "asff" => Some(Box::new(asff::words::Asff)),
        "microsoft" => Some(Box::new(microsoft::words::Microsoft)),
        "github" => Some(Box::new(github::words::GitHub)),
        "vectr-csv" => Some(Box::new(drills::Outcomes)),
        "exercise-template" => Some(Box::new(drills::Ratings)),
        _ => match plain::severity_of(format) {
            Some(severity) => Some(Box::new(severity)),
            None => {
                mapping::preset(format).map(|mapping| Box::new(mapping::words::Table::of(mapping)) as Box<dyn Speak>)
            }
        },
    }
}

/// The lists of words a format uses; none where a person has nothing to explain.
#[must_use]
pub fn lists(format: &str, settings: &Settings) -> Vec<WordList> {
    speaker(format).map(|speaker| speaker.lists(settings)).unwrap_or_default()
}

/// What a word of a list means in a format unless a person says otherwise, in the word of the settings; `None` where no list
/// knows it.
#[must_use]
pub fn usual(format: &str, list: usize, word: &HeardWord, settings: &Settings) -> Option<String> {
    speaker(format)?.usual(list, word, settings)
}
