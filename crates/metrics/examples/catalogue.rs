//! Prints the page of the documentation that the catalogue makes: `cargo run -p metrics --example catalogue > docs/metrics.md`.

#[expect(clippy::print_stdout, reason = "printing is all it does")]
fn main() {
    print!("{}", metrics::catalogue::markdown());
}
