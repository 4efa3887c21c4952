//! What becomes of packed files? The fixtures were packed by other programs; `bomb.zip` and `shared.zip` mean harm.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod joined;
mod stored;

use flate2::{Compression, write::GzEncoder};
use formats::{
    canonical::Outcome,
    file_fault::FileFault,
    source::records,
    unpack::{Files, Limits, Packing, Unpacked},
};
use proptest::{collection::vec, prelude::*};
use std::io::{BufReader, Cursor, Read, Write};

const ONE: &str = "{\"item_id\":\"a\",\"event\":\"detected\",\"at\":\"2026-03-01T10:00:00Z\"}\n";
const TWO: &str = "{\"item_id\":\"b\",\"event\":\"detected\",\"at\":\"2026-03-02T10:00:00Z\"}\n";

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("fixtures/", $name)).as_slice()
    };
}

/// All fixtures, those that mean harm too.
const ALL: &[&[u8]] = &[
    fixture!("two.gz"),
    fixture!("two.zst"),
    fixture!("two.zip"),
    fixture!("mac.zip"),
    fixture!("streamed.zip"),
    fixture!("second_end.zip"),
    fixture!("large_numbers.zip"),
    fixture!("shared.zip"),
    fixture!("bomb.zip"),
    fixture!("nested.gz"),
    fixture!("same_name.zip"),
];

/// The texts of all files of an upload, a few bytes at a time.
fn files(upload: &[u8]) -> Result<Vec<String>, FileFault> {
    let mut files = Files::open(BufReader::with_capacity(7, Cursor::new(upload)), Limits::default())?;
    let mut found = Vec::new();
    while let Some(mut file) = files.next_file()? {
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        found.push(String::from_utf8_lossy(&text).into_owned());
    }
    Ok(found)
}

fn fault(upload: &[u8]) -> FileFault {
    files(upload).unwrap_err()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::best());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

#[test]
fn a_file_comes_out_as_it_went_in_however_it_was_packed() {
    let both = format!("{ONE}{TWO}");
    assert_eq!(files(both.as_bytes()).unwrap(), [both.as_str()]);
    assert_eq!(files(fixture!("two.gz")).unwrap(), [both.as_str()], "two members of gzip");
    assert_eq!(files(fixture!("two.zst")).unwrap(), [both.as_str()], "two frames and one to be skipped");
    assert_eq!(files(b"").unwrap(), [""]);
}

#[test]
fn a_zip_archive_is_several_files_whatever_their_names() {
    assert_eq!(files(fixture!("two.zip")).unwrap(), [ONE.repeat(3), TWO.to_owned()], "the folder is none");
    assert_eq!(files(fixture!("same_name.zip")).unwrap(), [ONE, TWO], "two files of one name are two");
    for one in [fixture!("large_numbers.zip"), fixture!("second_end.zip"), fixture!("streamed.zip")] {
        assert_eq!(files(one).unwrap(), [ONE]);
    }
}

#[test]
fn what_macos_adds_is_counted_and_left_out() {
    let mut files = Files::open(Cursor::new(fixture!("mac.zip")), Limits::default()).unwrap();
    assert!(files.next_file().unwrap().is_some());
    assert!(files.next_file().unwrap().is_none());
    assert_eq!((files.ignored(), files.packing()), (2, Packing::Zip));
}

#[test]
fn what_is_refused_says_why() {
    for (upload, code, says) in [
        (fixture!("encrypted.zip"), "archive_encrypted", "password"),
        (fixture!("link.zip"), "archive_link", "link"),
        (fixture!("bzip2.zip"), "archive_method", "method 12"),
        (fixture!("bomb.zip"), "archive_ratio", "100 times"),
        (fixture!("shared.zip"), "archive_broken", "longer than itself"),
        (fixture!("nested.zip"), "archive_nested", "a zip archive"),
        (fixture!("nested.gz"), "archive_nested", "a gzip archive"),
        (fixture!("tar.gz"), "archive_nested", "a tar archive"),
        (fixture!("empty.zip"), "archive_empty", "no file"),
        (fixture!("folders.zip"), "archive_empty", "no file"),
        (fixture!("office.zip"), "format_unknown", "office document"),
        (fixture!("window.zst"), "archive_memory", "32 MiB"),
        (b"\x1f\x8bwhatever", "archive_broken", "gzip"),
        (b"\x28\xb5\x2f\xfd\x08 a reserved bit is set in this frame", "archive_broken", "zstd"),
        (b"PK\x03\x04", "archive_cut_off", "zip"),
    ] {
        let fault = fault(upload);
        assert!(fault.code() == code && fault.to_string().contains(says), "{code}: {}: {fault}", fault.code());
    }
}

#[test]
fn an_archive_that_is_cut_off_gives_what_came_before_and_says_so() {
    let long: String = (0..4_000).map(|n| format!("{{\"item_id\":\"{n}\"}}\n")).collect();
    let whole = gzip(long.as_bytes());
    let cut = Unpacked::open(&whole[..whole.len() / 2], Packing::Gzip, Limits::default()).unwrap();
    let found: Vec<_> = records(cut, None).unwrap().collect();
    let (last, before) = found.split_last().unwrap();
    assert!(before.len() > 100 && before.iter().all(Result::is_ok), "{} records", before.len());
    assert_eq!(last.as_ref().unwrap_err().code(), "archive_cut_off");
    for upload in [fixture!("two.gz"), fixture!("two.zst"), fixture!("two.zip")] {
        for length in (20..upload.len() - 30).step_by(11) {
            // A cut between two members leaves a whole archive.
            if let Err(fault) = files(&upload[..length]) {
                assert!(matches!(fault.code(), "archive_cut_off"), "{length}: {fault}");
            }
        }
    }
}

#[test]
fn a_changed_byte_in_a_file_shows_in_its_checksum() {
    let mut upload = fixture!("two.zip").to_vec();
    let at = upload.windows(6).rposition(|bytes| bytes == b"\"b\",\"e").unwrap();
    upload[at + 1] = b'c';
    assert!(fault(&upload).to_string().contains("checksum"));
    let mut upload = fixture!("two.gz").to_vec();
    let at = upload.len() - 5;
    upload[at] ^= 1;
    assert_eq!(fault(&upload).code(), "archive_broken");
}

#[test]
fn bytes_are_counted_while_they_come() {
    let limits = Limits { bytes_max: 100, ..Limits::default() };
    let read = |upload: &[u8]| -> Result<usize, FileFault> {
        let mut files = Files::open(Cursor::new(upload), limits)?;
        let (mut file, mut found) = (files.next_file()?.unwrap(), Vec::new());
        Ok(file.read_to_end(&mut found)?)
    };
    assert_eq!(read(&[b'x'; 100]).unwrap(), 100);
    for upload in [&[b'x'; 101][..], &gzip(&[b'x'; 101]), fixture!("two.zst"), fixture!("two.zip")] {
        assert_eq!(read(upload).unwrap_err().code(), "archive_too_large");
    }
}

#[test]
fn a_bomb_is_stopped_after_its_first_mebibyte_and_a_small_file_is_none() {
    assert_eq!(files(&gzip(&vec![b' '; 1 << 20])).unwrap()[0].len(), 1 << 20);
    let bomb = gzip(&vec![b' '; 20 << 20]);
    let mut file = Unpacked::open(&bomb[..], Packing::Gzip, Limits::default()).unwrap();
    let mut found = Vec::new();
    let fault = FileFault::from(file.read_to_end(&mut found).unwrap_err());
    assert_eq!(fault.code(), "archive_ratio");
    assert!(found.len() < 2 << 20, "{} bytes", found.len());
    let again = FileFault::from(file.read(&mut [0; 8]).unwrap_err());
    assert_eq!(again.code(), "archive_ratio", "it stays refused");
}

#[test]
fn an_archive_of_more_entries_than_anybody_means_is_refused_before_they_are_read() {
    let limits = Limits { entries_max: 2, ..Limits::default() };
    let fault = Files::open(Cursor::new(fixture!("two.zip")), limits).err().unwrap();
    assert_eq!((fault.code(), fault.to_string().contains("3 entries")), ("archive_too_many_entries", true));
}

#[test]
fn a_body_says_how_it_is_packed_or_shows_it() {
    assert_eq!(Packing::of_content_encoding("GZIP"), Some(Packing::Gzip));
    assert_eq!(Packing::of_content_encoding("zstd"), Some(Packing::Zstd));
    assert_eq!(Packing::of_content_encoding("br"), None);
    for body in [fixture!("two.gz"), fixture!("two.zst"), format!("{ONE}{TWO}").as_bytes()] {
        let found = records(Unpacked::recognised(body, Limits::default()).unwrap(), None).unwrap();
        assert!(found.map(Result::unwrap).all(|record| matches!(record.outcome, Outcome::Event(_))));
    }
    let fault = Unpacked::recognised(fixture!("two.zip"), Limits::default()).err().unwrap();
    assert_eq!(fault.code(), "archive_needs_file");
    let fault = Unpacked::open(ONE.as_bytes(), Packing::Gzip, Limits::default()).err().unwrap();
    assert_eq!(fault.code(), "archive_broken");
}

proptest! {
    #[test]
    fn whatever_is_changed_nothing_panics_or_grows(
        which in 0..ALL.len(),
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut upload = ALL[which].to_vec();
        for (place, byte) in changes {
            let place = place.index(upload.len());
            upload[place] = byte;
        }
        upload.truncate(cut.index(4 * upload.len()).max(1));
        if let Ok(found) = files(&upload) {
            prop_assert!(found.iter().map(String::len).sum::<usize>() <= 4 << 20);
        }
    }

    #[test]
    fn what_is_packed_is_unpacked(bytes in vec(any::<u8>(), 1..5_000), level in 1..19) {
        // Bytes that happen to begin as an archive does would be one in another.
        let bytes = [b"x", &bytes[..]].concat();
        let packed = zstd::encode_all(&bytes[..], level).unwrap();
        for (packing, packed) in [(Packing::Gzip, gzip(&bytes)), (Packing::Zstd, packed)] {
            let mut found = Vec::new();
            Unpacked::open(&packed[..], packing, Limits::default()).unwrap().read_to_end(&mut found).unwrap();
            prop_assert_eq!(&found, &bytes);
        }
    }
}
