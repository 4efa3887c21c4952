//! The table of C functions that SQLite calls: each passes through to the real file system and is remembered on the way.
#![expect(
    unsafe_code,
    reason = "SQLite takes a file system as C functions over raw pointers; docs/adr/0006 says why here alone"
)]

use crate::{State, fault::Call, lock, recording::Step};
use libsqlite3_sys as sys;
use std::{
    ffi::{CStr, CString, OsStr, c_char, c_int, c_void},
    mem::size_of,
    os::unix::ffi::OsStrExt,
    path::PathBuf,
    ptr,
    sync::{Arc, Mutex},
};
use sys::{SQLITE_IOERR, SQLITE_OK, sqlite3_file, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs};

/// Our file system: SQLite sees the first field and hands its address back to us.
#[repr(C)]
struct Shim {
    table: sqlite3_vfs,
    real: *mut sqlite3_vfs,
    state: Arc<Mutex<State>>,
}

/// An open file: SQLite sees the first field. The real file lies right behind this one, in room that SQLite has made.
#[repr(C)]
struct Open {
    seen: sqlite3_file,
    note: *mut Note,
}

/// What we know of an open file.
struct Note {
    path: PathBuf,
    state: Arc<Mutex<State>>,
    /// Temporary files die with the process; nothing is promised of them.
    lasts: bool,
}

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    // Version 2 has no memory maps, which the product never uses.
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(take_lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// Makes a file system known to SQLite, which keeps its address for ever: neither it nor its name is ever freed.
pub(crate) fn register(name: &str, state: Arc<Mutex<State>>) {
    let name = CString::new(name).unwrap_or_default().into_raw();
    // SAFETY: SQLite's own file system is a table that lives as long as the process; ours is leaked and so lives as long.
    let answer = unsafe {
        sys::sqlite3_initialize();
        let real = sys::sqlite3_vfs_find(ptr::null());
        assert!(!real.is_null(), "SQLite has no file system of its own");
        let mut table = *real;
        table.zName = name;
        table.pNext = ptr::null_mut();
        table.szOsFile = c_int::try_from(size_of::<Open>()).unwrap_or_default() + (*real).szOsFile;
        table.xOpen = Some(open);
        table.xDelete = Some(delete);
        let shim = Box::into_raw(Box::new(Shim { table, real, state }));
        sys::sqlite3_vfs_register(shim.cast(), 0)
    };
    assert!(answer == SQLITE_OK, "SQLite refused a file system: {answer}");
}

/// # Safety
/// `file` is one that [`open`] was given, so the real one lies behind it.
unsafe fn real_of(file: *mut sqlite3_file) -> *mut sqlite3_file {
    unsafe { file.cast::<u8>().add(size_of::<Open>()).cast() }
}

/// # Safety
/// `file` is one that [`open`] has opened and [`close`] has not closed, and no other reference into its note lives.
unsafe fn note_of<'n>(file: *mut sqlite3_file) -> &'n Note {
    unsafe { &*(*file.cast::<Open>()).note }
}

unsafe extern "C" fn open(
    vfs: *mut sqlite3_vfs,
    name: sys::sqlite3_filename,
    file: *mut sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: SQLite hands back the table we registered, and a file with as much room as the table asked for.
    unsafe {
        let shim = &*vfs.cast::<Shim>();
        let ours = file.cast::<Open>();
        (*ours).seen.pMethods = ptr::null();
        let Some(real_open) = (*shim.real).xOpen else { return SQLITE_IOERR };
        let answer = real_open(shim.real, name, real_of(file), flags, out_flags);
        if answer != SQLITE_OK {
            return answer;
        }
        let (path, lasts) = if name.is_null() { (PathBuf::new(), false) } else { (path_of(name), true) };
        (*ours).note = Box::into_raw(Box::new(Note { path, state: shim.state.clone(), lasts }));
        (*ours).seen.pMethods = &raw const METHODS;
    }
    SQLITE_OK
}

unsafe extern "C" fn delete(vfs: *mut sqlite3_vfs, name: *const c_char, flush_folder: c_int) -> c_int {
    // SAFETY: as in `open`; the name is a C string.
    unsafe {
        let shim = &*vfs.cast::<Shim>();
        let Some(real_delete) = (*shim.real).xDelete else { return SQLITE_IOERR };
        let answer = real_delete(shim.real, name, flush_folder);
        if answer == SQLITE_OK {
            lock(&shim.state).recording.push(Step::Delete { file: path_of(name) });
        }
        answer
    }
}

/// # Safety
/// `name` is a C string.
unsafe fn path_of(name: *const c_char) -> PathBuf {
    PathBuf::from(OsStr::from_bytes(unsafe { CStr::from_ptr(name) }.to_bytes()))
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite closes a file once; the note is ours alone from here on.
    unsafe {
        drop(Box::from_raw((*file.cast::<Open>()).note));
        let real = real_of(file);
        (*(*real).pMethods).xClose.map_or(SQLITE_IOERR, |call| call(real))
    }
}

unsafe extern "C" fn write(file: *mut sqlite3_file, from: *const c_void, length: c_int, at: sqlite3_int64) -> c_int {
    // SAFETY: the file is open, and `from` holds as many bytes as SQLite says.
    unsafe {
        let note = note_of(file);
        if let Some(code) = fault(note, Call::Write) {
            return code;
        }
        let real = real_of(file);
        let answer = (*(*real).pMethods).xWrite.map_or(SQLITE_IOERR, |call| call(real, from, length, at));
        if answer == SQLITE_OK && note.lasts {
            let length = usize::try_from(length).unwrap_or_default();
            let bytes = std::slice::from_raw_parts(from.cast::<u8>(), length).to_vec();
            let at = u64::try_from(at).unwrap_or_default();
            lock(&note.state).recording.push(Step::Write { file: note.path.clone(), at, bytes });
        }
        answer
    }
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, to: sqlite3_int64) -> c_int {
    // SAFETY: the file is open.
    unsafe {
        let note = note_of(file);
        if let Some(code) = fault(note, Call::Truncate) {
            return code;
        }
        let real = real_of(file);
        let answer = (*(*real).pMethods).xTruncate.map_or(SQLITE_IOERR, |call| call(real, to));
        if answer == SQLITE_OK && note.lasts {
            let to = u64::try_from(to).unwrap_or_default();
            lock(&note.state).recording.push(Step::Truncate { file: note.path.clone(), to });
        }
        answer
    }
}

/// Remembers a flush. The disk itself need not be flushed: the power is cut in the recording, not here.
unsafe extern "C" fn sync(file: *mut sqlite3_file, _flags: c_int) -> c_int {
    // SAFETY: the file is open.
    let note = unsafe { note_of(file) };
    if let Some(code) = fault(note, Call::Flush) {
        lock(&note.state).recording.push(Step::FlushFailed { file: note.path.clone() });
        return code;
    }
    if note.lasts {
        lock(&note.state).recording.push(Step::Flush { file: note.path.clone() });
    }
    SQLITE_OK
}

fn fault(note: &Note, call: Call) -> Option<c_int> {
    if !note.lasts {
        return None;
    }
    lock(&note.state).fault.as_mut()?.meet(call)
}

/// Functions that pass through without a word.
macro_rules! pass_through {
    ($($name:ident = $method:ident($($argument:ident: $kind:ty),*) -> $answer:ty, else $otherwise:expr;)+) => {$(
        unsafe extern "C" fn $name(file: *mut sqlite3_file $(, $argument: $kind)*) -> $answer {
            // SAFETY: the file is open, so the real one behind it is, and the arguments are SQLite's own.
            unsafe {
                let real = real_of(file);
                (*(*real).pMethods).$method.map_or($otherwise, |call| call(real $(, $argument)*))
            }
        }
    )+};
}

pass_through! {
    read = xRead(into: *mut c_void, length: c_int, at: sqlite3_int64) -> c_int, else SQLITE_IOERR;
    file_size = xFileSize(size: *mut sqlite3_int64) -> c_int, else SQLITE_IOERR;
    take_lock = xLock(level: c_int) -> c_int, else SQLITE_IOERR;
    unlock = xUnlock(level: c_int) -> c_int, else SQLITE_IOERR;
    check_reserved_lock = xCheckReservedLock(held: *mut c_int) -> c_int, else SQLITE_IOERR;
    file_control = xFileControl(what: c_int, with: *mut c_void) -> c_int, else SQLITE_IOERR;
    sector_size = xSectorSize() -> c_int, else 0;
    device_characteristics = xDeviceCharacteristics() -> c_int, else 0;
    shm_map = xShmMap(page: c_int, size: c_int, extend: c_int, into: *mut *mut c_void) -> c_int, else SQLITE_IOERR;
    shm_lock = xShmLock(offset: c_int, count: c_int, flags: c_int) -> c_int, else SQLITE_IOERR;
    shm_barrier = xShmBarrier() -> (), else ();
    shm_unmap = xShmUnmap(delete: c_int) -> c_int, else SQLITE_IOERR;
}
