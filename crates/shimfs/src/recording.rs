//! What is left of the files after a power cut?

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

/// One change of a file, in the order in which the database made them.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Write {
        file: PathBuf,
        at: u64,
        bytes: Vec<u8>,
    },
    Truncate {
        file: PathBuf,
        to: u64,
    },
    Flush {
        file: PathBuf,
    },
    /// The system dropped what was to be flushed: a later flush that succeeds says nothing about it.
    FlushFailed {
        file: PathBuf,
    },
    Delete {
        file: PathBuf,
    },
}

/// Files as they were, and every step since.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    before: BTreeMap<PathBuf, Vec<u8>>,
    steps: Vec<Step>,
}

/// What becomes of writes that no flush followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unflushed {
    /// All of them are gone.
    Lost,
    /// Each is kept or gone, whatever was written before or after it; the number chooses which.
    Scattered(u64),
}

/// A file on its way: what is on the disk, and what is still in the memory of the system.
#[derive(Clone, Default)]
struct File {
    disk: Vec<u8>,
    pending: Vec<Change>,
}

#[derive(Clone)]
enum Change {
    Write(u64, Vec<u8>),
    Truncate(u64),
}

impl Step {
    fn file(&self) -> &Path {
        match self {
            Self::Write { file, .. }
            | Self::Truncate { file, .. }
            | Self::Flush { file }
            | Self::FlushFailed { file }
            | Self::Delete { file } => file,
        }
    }
}

impl Recording {
    pub(crate) fn of_folder(folder: &Path) -> io::Result<Self> {
        let mut before = BTreeMap::new();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            // The index of the log is rebuilt by whoever opens the database first; no disk holds it.
            if path.is_file() && !path.to_string_lossy().ends_with("-shm") {
                before.insert(path.clone(), fs::read(&path)?);
            }
        }
        Ok(Self { before, steps: Vec::new() })
    }

    pub(crate) fn push(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// How many steps there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether nothing happened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// How often the file of this name was flushed.
    #[must_use]
    pub fn flushes_of(&self, name: &str) -> usize {
        let named = |file: &Path| file.file_name().is_some_and(|own| own == name);
        self.steps.iter().filter(|step| matches!(step, Step::Flush { file } if named(file))).count()
    }

    /// The same steps of a program that flushes the log file `name` only before it moves it into the database, and not at
    /// each commit: a lost flush leaves its place in the order of steps.
    #[must_use]
    pub fn flushing_less(mut self, name: &str) -> Self {
        let is_log = |file: &Path| file.file_name().is_some_and(|own| own == name);
        let next_is_log: Vec<bool> = self.steps.iter().skip(1).map(|step| is_log(step.file())).chain([true]).collect();
        for (step, next_is_log) in self.steps.iter_mut().zip(next_is_log) {
            if let Step::Flush { file } = step
                && next_is_log
                && is_log(file)
            {
                *step = Step::Write { file: std::mem::take(file), at: 0, bytes: Vec::new() };
            }
        }
        self
    }

    /// Writes into `folder` what a power cut after the first `steps` leaves; each file keeps its name.
    ///
    /// # Errors
    /// What the system says of the folder.
    pub fn cut_power(&self, steps: usize, unflushed: Unflushed, folder: &Path) -> io::Result<()> {
        let mut files: BTreeMap<&Path, File> = BTreeMap::new();
        for (path, bytes) in &self.before {
            files.insert(path, File { disk: bytes.clone(), pending: Vec::new() });
        }
        for step in self.steps.iter().take(steps) {
            apply(&mut files, step);
        }
        let mut coin = match unflushed {
            Unflushed::Lost => None,
            Unflushed::Scattered(seed) => Some(Coin(seed)),
        };
        fs::create_dir_all(folder)?;
        for (path, file) in &mut files {
            if let Some(coin) = &mut coin {
                for change in std::mem::take(&mut file.pending) {
                    if coin.toss() {
                        change.apply(&mut file.disk);
                    }
                }
            }
            if let Some(name) = path.file_name() {
                fs::write(folder.join(name), &file.disk)?;
            }
        }
        Ok(())
    }
}

fn apply<'s>(files: &mut BTreeMap<&'s Path, File>, step: &'s Step) {
    match step {
        Step::Write { file, at, bytes } => {
            files.entry(file).or_default().pending.push(Change::Write(*at, bytes.clone()));
        }
        Step::Truncate { file, to } => files.entry(file).or_default().pending.push(Change::Truncate(*to)),
        Step::Flush { file } => {
            let file = files.entry(file).or_default();
            for change in std::mem::take(&mut file.pending) {
                change.apply(&mut file.disk);
            }
        }
        Step::FlushFailed { file } => files.entry(file).or_default().pending.clear(),
        // A deletion may reach the disk at once; what it can harm is then seen soonest.
        Step::Delete { file } => {
            files.remove(file.as_path());
        }
    }
}

impl Change {
    fn apply(self, disk: &mut Vec<u8>) {
        let place = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        match self {
            Self::Write(at, bytes) => {
                let (from, to) = (place(at), place(at).saturating_add(bytes.len()));
                if disk.len() < to {
                    disk.resize(to, 0);
                }
                if let Some(slot) = disk.get_mut(from..to) {
                    slot.copy_from_slice(&bytes);
                }
            }
            Self::Truncate(to) => disk.resize(place(to), 0),
        }
    }
}

/// Heads or tails, the same for the same seed.
struct Coin(u64);

impl Coin {
    fn toss(&mut self) -> bool {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 63 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::{Path, PathBuf, Recording, Step, Unflushed, fs};

    fn file() -> PathBuf {
        PathBuf::from("/somewhere/log")
    }

    fn write(at: u64, bytes: &[u8]) -> Step {
        Step::Write { file: file(), at, bytes: bytes.to_vec() }
    }

    fn left_of(steps: Vec<Step>, unflushed: Unflushed, name: &str) -> Vec<u8> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tmp").join(name);
        let recording = Recording { steps, ..Recording::default() };
        recording.cut_power(recording.len(), unflushed, &folder).unwrap();
        let left = fs::read(folder.join("log")).unwrap();
        fs::remove_dir_all(folder).unwrap();
        left
    }

    #[test]
    fn only_what_was_flushed_is_left() {
        let steps = vec![write(0, b"abc"), Step::Flush { file: file() }, write(2, b"XYZ"), write(9, b"!")];
        assert_eq!(left_of(steps, Unflushed::Lost, "shimfs-flushed"), b"abc");
    }

    #[test]
    fn a_flush_that_failed_forgets_what_was_to_be_flushed() {
        let steps =
            vec![write(0, b"abc"), Step::FlushFailed { file: file() }, write(3, b"d"), Step::Flush { file: file() }];
        assert_eq!(left_of(steps, Unflushed::Lost, "shimfs-failed"), b"\0\0\0d");
    }

    #[test]
    fn scattered_writes_differ_by_their_number_and_never_touch_what_was_flushed() {
        let mut steps = vec![write(0, b"________"), Step::Flush { file: file() }];
        steps.extend((0..8).map(|at| write(at, b"x")));
        let left: Vec<_> =
            (0..8).map(|seed| left_of(steps.clone(), Unflushed::Scattered(seed << 60), "shimfs-scattered")).collect();
        assert!(left.iter().any(|one| one != &left[0]), "{left:?}");
        assert!(left.iter().all(|one| one.iter().all(|byte| b"_x".contains(byte))), "{left:?}");
    }
}
