//! Packed files: what unfolds stays within its limits, however the archive was changed.

use formats::{
    file_fault::FileFault,
    unpack::{Files, Limits, Packing, Unpacked, join},
};
use fuzz::campaign;
use std::{
    io::{Cursor, Read},
    path::Path,
};

const LIMITS: Limits = Limits { bytes_max: 4 << 20, ratio_max: 100, entries_max: 20 };

/// Without a look at the ratio this much may come of an input.
const RATIO_FREE_BYTES: usize = 1 << 20;

#[test]
fn packed_files_unfold_within_their_limits() {
    campaign::run_in("packed", Path::new("../formats/tests/unpack/fixtures"), |input| {
        let within = |given: usize| given <= RATIO_FREE_BYTES.max(100 * input.len());
        match files(input) {
            Ok((Packing::Plain, given)) => assert_eq!(given, input.len()),
            Ok((_, given)) => assert!(within(given), "{given} bytes"),
            Err(fault) => assert!(fault.to_string().len() < 300, "messages stay short: {fault}"),
        }
        let mut one = Vec::new();
        let joined = Files::open(Cursor::new(input), LIMITS).and_then(|mut files| join(&mut files, &mut one));
        assert!(within(one.len()), "{} bytes of {joined:?}", one.len());
        if let Err(fault) = joined {
            assert!(fault.to_string().len() < 700, "messages stay short: {fault}");
        }
        for packing in [Packing::Plain, Packing::Gzip, Packing::Zstd, Packing::Zip] {
            let Ok(mut body) = Unpacked::open(input, packing, LIMITS) else { continue };
            let mut found = Vec::new();
            let ended = body.read_to_end(&mut found);
            assert!(within(found.len()) && (ended.is_ok() || body.read(&mut [0; 8]).is_err()), "{} bytes", found.len());
        }
    });
}

/// How an upload is packed, and how much all its files hold.
fn files(input: &[u8]) -> Result<(Packing, usize), FileFault> {
    let mut files = Files::open(Cursor::new(input), LIMITS)?;
    let mut given = 0;
    while let Some(mut file) = files.next_file()? {
        let mut found = Vec::new();
        file.read_to_end(&mut found)?;
        given += found.len();
    }
    Ok((files.packing(), given))
}
