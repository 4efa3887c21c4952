//! The `wallclock` command.

use std::process::ExitCode;

use clap::Parser;
use server::cli::{Cli, out, run};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Whatever is written holds open weaknesses: nobody else on the machine reads it.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            out::say(&format!("wallclock: {failure}"));
            failure.exit_code()
        }
    }
}
