//! Files of registers: every register reads every changed file, and every row counts or says why not.

use crate::{OUTPUT_BYTES_MAX, readers::held_holds};
use domain::register::Register;
use formats::register::RegisterFile;
use fuzz::campaign;

#[test]
fn files_of_registers_become_rows_or_are_held() {
    campaign::run("register", |input| {
        for register in Register::ALL {
            read(input, *register);
        }
    });
}

fn read(input: &[u8], register: Register) {
    let Ok(mut file) = RegisterFile::open(input, register) else { return };
    let (mut output, mut byte) = (0, None);
    while let Ok(Some(record)) = file.next_record() {
        assert!(record.place.line >= 1 && byte < Some(record.place.byte), "{register}: {record:?}");
        byte = Some(record.place.byte);
        let said = match &record.row {
            Ok(row) => {
                assert!(!row.key.is_empty(), "{register}: {record:?}");
                0
            }
            Err(held) => held_holds(held),
        };
        output += record.raw.len() + said;
        assert!(output <= OUTPUT_BYTES_MAX, "{register}: {output} bytes");
    }
    assert!(file.unknown_columns().count() <= 100, "{register}");
}
