//! How are more records sorted than memory should hold? In runs on disk, which are merged when all of them are there.

use super::spool::nameless;
use itertools::Itertools;
use std::{fs::File, io, io::Write, os::unix::fs::FileExt, path::Path, sync::Arc};

/// Records sorted in memory at a time: 3 MB of the widest.
const RECORDS_PER_RUN: usize = 100_000;
/// Records of a run read at a time while it is merged: a large file has hundreds of runs.
const RECORDS_PER_READ: usize = 250;

/// Records of one length on their way into their order, which is that of their bytes.
#[derive(Debug)]
pub(crate) struct Sorting<const N: usize> {
    open: Vec<[u8; N]>,
    file: File,
    /// Full runs in the file, one behind the other.
    runs: usize,
}

impl<const N: usize> Sorting<N> {
    /// What memory does not hold goes into a file of that folder that has no name.
    pub(crate) fn new(folder: &Path) -> io::Result<Self> {
        Ok(Self { open: Vec::new(), file: nameless(folder)?, runs: 0 })
    }

    pub(crate) fn push(&mut self, record: [u8; N]) -> io::Result<()> {
        self.open.push(record);
        if self.open.len() == RECORDS_PER_RUN {
            self.open.sort_unstable();
            self.file.write_all(self.open.as_flattened())?;
            self.runs += 1;
            self.open.clear();
        }
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Sorted<N> {
        self.open.sort_unstable();
        Sorted { last: Arc::new(self.open), file: Arc::new(self.file), runs: self.runs }
    }
}

/// Records that can be read in their order as often as one likes.
#[derive(Clone, Debug)]
pub(crate) struct Sorted<const N: usize> {
    last: Arc<Vec<[u8; N]>>,
    file: Arc<File>,
    runs: usize,
}

impl<const N: usize> Sorted<N> {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.runs * RECORDS_PER_RUN + self.last.len()
    }

    /// All of them, in their order; an error comes before anything else.
    pub(crate) fn merged(&self) -> impl Iterator<Item = io::Result<[u8; N]>> + Send + use<N> {
        let run = |number| Run {
            file: Arc::clone(&self.file),
            at: (number * RECORDS_PER_RUN * N) as u64,
            left: RECORDS_PER_RUN,
            read: Vec::new().into_iter(),
        };
        let last = Run { left: 0, at: 0, file: Arc::clone(&self.file), read: Vec::clone(&self.last).into_iter() };
        let runs: Vec<Run<N>> = (0..self.runs).map(run).chain([last]).collect();
        runs.into_iter().kmerge_by(|one, other| match (one, other) {
            (Ok(one), Ok(other)) => one < other,
            (first, _) => first.is_err(),
        })
    }
}

/// A run that is read bit by bit.
struct Run<const N: usize> {
    file: Arc<File>,
    at: u64,
    /// Records in the file that are still to be read.
    left: usize,
    read: std::vec::IntoIter<[u8; N]>,
}

impl<const N: usize> Run<N> {
    fn read(&mut self) -> io::Result<()> {
        let mut records = vec![[0; N]; self.left.min(RECORDS_PER_READ)];
        self.file.read_exact_at(records.as_flattened_mut(), self.at)?;
        self.left -= records.len();
        self.at += records.as_flattened().len() as u64;
        self.read = records.into_iter();
        Ok(())
    }
}

impl<const N: usize> Iterator for Run<N> {
    type Item = io::Result<[u8; N]>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.read.len() == 0
            && self.left > 0
            && let Err(error) = self.read()
        {
            self.left = 0;
            return Some(Err(error));
        }
        self.read.next().map(Ok)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn sorting() -> (PathBuf, Sorting<8>) {
        let mut number = [0; 8];
        getrandom::fill(&mut number).unwrap();
        let folder = std::env::temp_dir().join(format!("wallclock-sorted-{:016x}", u64::from_be_bytes(number)));
        let sorting = Sorting::new(&folder).unwrap();
        (folder, sorting)
    }

    fn in_order(count: usize) {
        let (folder, mut sorting) = sorting();
        // Each number once, far from its neighbours.
        for number in 0..count as u64 {
            sorting.push((number * 7_919 % count as u64).to_be_bytes()).unwrap();
        }
        let sorted = sorting.finish();
        assert_eq!((sorted.runs, sorted.len()), (count / RECORDS_PER_RUN, count));
        for _ in 0..2 {
            let read: Vec<u64> = sorted.merged().map(|record| u64::from_be_bytes(record.unwrap())).collect();
            assert!(read.iter().copied().eq(0..count as u64), "{count} records");
        }
        // Whatever became of it, no file would stay behind: the folder is empty.
        std::fs::remove_dir(folder).unwrap();
    }

    #[test]
    fn records_come_in_their_order_whether_memory_held_them_or_not() {
        for count in [0, 1, 10, RECORDS_PER_RUN - 1, RECORDS_PER_RUN, RECORDS_PER_RUN + 1, 3 * RECORDS_PER_RUN + 500] {
            in_order(count);
        }
    }

    #[test]
    fn a_file_that_was_cut_is_an_error_and_not_an_end() {
        let (folder, mut sorting) = sorting();
        for number in 0..RECORDS_PER_RUN as u64 + 1 {
            sorting.push(number.to_be_bytes()).unwrap();
        }
        let sorted = sorting.finish();
        sorted.file.set_len(8 * 1_100).unwrap();
        assert_eq!(sorted.merged().take_while(Result::is_ok).count(), 1_000);
        std::fs::remove_dir(folder).unwrap();
    }
}
