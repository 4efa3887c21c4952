//! How often is each target tried, and with what?

use crate::mutation::{Dice, mutated};
use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Rounds of a target in a run of all tests.
const CASES: u64 = 20_000;

/// So much of an input is printed; its round gives all of it.
const SHOWN_BYTES: usize = 2_000;

/// How long a campaign goes on, from which round.
#[derive(Clone, Copy, Debug)]
struct Length {
    first: u64,
    cases: u64,
    time: Option<Duration>,
}

impl Length {
    /// `FUZZ_CASES` rounds, or as many as `FUZZ_SECONDS` allow, beginning at round `FUZZ_FIRST`.
    fn of_environment() -> Self {
        let seconds = number("FUZZ_SECONDS");
        let cases = if seconds.is_some() { u64::MAX } else { number("FUZZ_CASES").unwrap_or(CASES) };
        Self { first: number("FUZZ_FIRST").unwrap_or(0), cases, time: seconds.map(Duration::from_secs) }
    }
}

#[expect(clippy::disallowed_methods, reason = "the server's configuration has no word on how long tests run")]
fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    let number = text.parse();
    assert!(number.is_ok(), "{name} is `{text}`, expected a whole number");
    number.ok()
}

/// Gives `body` every file of the target's corpus as it stands, then changed at random.
///
/// # Panics
/// When the body does; the message says with what input. Also when the corpus is missing.
pub fn run(target: &str, body: impl FnMut(&[u8])) {
    run_in(target, &Path::new("corpus").join(target), body);
}

/// The same with the files of another folder, named from here: fixtures of a reader's own tests.
///
/// # Panics
/// As [`run`].
pub fn run_in(target: &str, folder: &Path, mut body: impl FnMut(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let corpus = files(&folder);
    assert!(!corpus.is_empty(), "{} holds no file", folder.display());
    let inputs: Vec<&[u8]> = corpus.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    for (path, original) in &corpus {
        let _told = Told { path, round: None, input: original };
        body(original);
    }
    let length = Length::of_environment();
    let started = Instant::now();
    let is_over = || length.time.is_some_and(|time| started.elapsed() >= time);
    for round in length.first..length.first.saturating_add(length.cases) {
        if is_over() {
            eprintln!("{target}: rounds {} to {round}", length.first);
            return;
        }
        let Some((path, original)) = turn(&corpus, round) else { return };
        let input = mutated(original, &inputs, &mut Dice::of_round(round));
        let _told = Told { path, round: Some(round), input: &input };
        body(&input);
    }
}

/// The files take turns.
fn turn<T>(corpus: &[T], round: u64) -> Option<&T> {
    let place = round.checked_rem(u64::try_from(corpus.len()).ok()?)?;
    corpus.get(usize::try_from(place).ok()?)
}

/// The files of a folder in the order of their names, so that a round means the same everywhere.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.into_iter().filter_map(|path| fs::read(&path).ok().map(|bytes| (path, bytes))).collect()
}

/// Says what the body was given, should it panic.
struct Told<'a> {
    path: &'a Path,
    round: Option<u64>,
    input: &'a [u8],
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let round = self.round.map_or("as it stands".to_owned(), |round| format!("round {round}"));
            let shown = self.input.get(..SHOWN_BYTES).unwrap_or(self.input);
            let (path, bytes) = (self.path.display(), self.input.len());
            eprintln!("{path}, {round}, {bytes} bytes: `{}`", shown.escape_ascii());
        }
    }
}
