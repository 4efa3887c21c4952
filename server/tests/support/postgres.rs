//! The PostgreSQL of the test run, as the script that starts it gives it out.

use std::path::Path;
use std::process::Command;

/// The address of an empty schema of this name.
pub(crate) fn empty_schema(name: &str) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/with-postgres.sh");
    let output = Command::new(script).args(["--schema", name]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
