//! Writes zip archives of files that are stored as they are.

use flate2::Crc;

/// An archive of these files: name and bytes.
pub(crate) fn stored(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let mut crc = Crc::new();
        crc.update(bytes);
        let (at, length) = (number(archive.len()), number(bytes.len()));
        let mut fields: Vec<u8> = [20_u16, 0x800, 0, 0, 0].iter().flat_map(|field| field.to_le_bytes()).collect();
        for field in [crc.sum(), length, length] {
            fields.extend(field.to_le_bytes());
        }
        fields.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        fields.extend([0, 0]);
        archive.extend(b"PK\x03\x04");
        archive.extend(&fields);
        archive.extend(name.as_bytes());
        archive.extend(*bytes);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&fields);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let count = u16::try_from(files.len()).unwrap().to_le_bytes();
    let (at, length) = (number(archive.len()), number(directory.len()));
    archive.extend(directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend([count, count].concat());
    archive.extend([length.to_le_bytes(), at.to_le_bytes()].concat());
    archive.extend([0, 0]);
    archive
}

fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap()
}
