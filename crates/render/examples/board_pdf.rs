//! Writes the board report of a fictional organisation, for looking at a template while it changes:
//! `cargo run -p render --example board_pdf > report.pdf`, with `empty` as argument for one without an event.

use std::io::Write;

#[path = "../tests/support/board.rs"]
mod board;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let is_empty = std::env::args().nth(1).is_some_and(|argument| argument == "empty");
    let model = if is_empty { board::empty() } else { board::sample() };
    std::io::stdout().write_all(&render::report::pdf(&model)?)?;
    Ok(())
}
