//! By which first bytes is a packed file known?

use super::Packing;

/// So many bytes tell every kind of archive.
pub(super) const HEAD_BYTES: u64 = 262;

/// Where the mark of a tar archive stands.
const TAR_MARK_AT: usize = 257;

/// The beginning of a zip archive, or of one without files.
const ZIP: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];

/// The other kinds that may stand inside one.
const OTHERS: &[(&[u8], &str)] = &[
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a rar archive"),
];

/// What macOS puts beside files into a zip archive: their attributes, and how a folder was looked at.
const BY_PRODUCTS: [&[u8]; 2] = [b"\0\x05\x16\x07\0\x02\0\0", b"\0\0\0\x01Bud1"];

/// How a file is packed that begins like this.
pub(super) fn packing_of(head: &[u8]) -> Packing {
    match head {
        [0x1F, 0x8B, ..] => Packing::Gzip,
        // A frame, or one that is to be skipped, as some tools put before it.
        [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Packing::Zstd,
        _ if ZIP.iter().any(|magic| head.starts_with(magic)) => Packing::Zip,
        _ => Packing::Plain,
    }
}

/// What kind of archive begins like this, if one does.
pub(super) fn archive_in(head: &[u8]) -> Option<&'static str> {
    match packing_of(head) {
        Packing::Gzip => return Some("a gzip archive"),
        Packing::Zstd => return Some("a zstd archive"),
        Packing::Zip => return Some("a zip archive or an office document"),
        Packing::Plain => {}
    }
    if head.get(TAR_MARK_AT..).is_some_and(|rest| rest.starts_with(b"ustar")) {
        return Some("a tar archive");
    }
    OTHERS.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, what)| *what)
}

/// Whether no person put this file into the archive.
pub(super) fn is_by_product(head: &[u8]) -> bool {
    BY_PRODUCTS.iter().any(|magic| head.starts_with(magic))
}
