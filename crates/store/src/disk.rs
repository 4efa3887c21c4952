//! Is there room on the disk for what is taken in? Refusing early keeps enough for the database to stay whole, for people
//! to sign in, and for the operator to make room.

use crate::{error::StoreError, limits::StoreLimits};
use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

/// How much room is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    Enough,
    Little,
    None,
}

/// Whether the log has been told that there is little room, so that it is told once.
#[derive(Debug, Default)]
pub(crate) struct Told(AtomicBool);

/// Refuses when the disk below `directory` has too little room.
pub(crate) fn check(directory: &Path, limits: &StoreLimits, told: &Told) -> Result<(), StoreError> {
    let broken =
        |source: rustix::io::Errno| StoreError::Directory { path: directory.to_owned(), source: source.into() };
    let disk = rustix::fs::statvfs(directory).map_err(broken)?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let room = room(free, limits);
    if room == Room::Enough {
        told.0.store(false, Ordering::Relaxed);
    } else if !told.0.swap(true, Ordering::Relaxed) {
        tracing::warn!(event = "disk_low", free_bytes = free, "the disk of the data directory is nearly full");
    }
    match room {
        Room::None => Err(StoreError::Full),
        Room::Enough | Room::Little => Ok(()),
    }
}

const fn room(free: u64, limits: &StoreLimits) -> Room {
    if free < limits.disk_bytes_free_min {
        Room::None
    } else if free < limits.disk_bytes_free_warned {
        Room::Little
    } else {
        Room::Enough
    }
}

#[cfg(test)]
mod tests {
    use super::{Ordering, Path, Room, StoreError, StoreLimits, Told, check, room};

    #[test]
    fn room_runs_out_in_two_steps() {
        let limits = StoreLimits { disk_bytes_free_min: 10, disk_bytes_free_warned: 20, ..StoreLimits::default() };
        assert_eq!(
            [9, 10, 19, 20].map(|free| room(free, &limits)),
            [Room::None, Room::Little, Room::Little, Room::Enough]
        );
    }

    #[test]
    fn a_full_disk_is_told_once_and_refused_every_time() {
        let told = Told::default();
        let full = StoreLimits { disk_bytes_free_min: u64::MAX, ..StoreLimits::default() };
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        for _ in 0..2 {
            assert!(matches!(check(here, &full, &told), Err(StoreError::Full)));
            assert!(told.0.load(Ordering::Relaxed));
        }
        let empty = StoreLimits { disk_bytes_free_min: 0, disk_bytes_free_warned: 0, ..full };
        assert!(check(here, &empty, &told).is_ok());
        assert!(!told.0.load(Ordering::Relaxed));
    }
}
