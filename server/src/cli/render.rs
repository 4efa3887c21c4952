//! How is a report drawn without risk to the server? In a process of its own that limits itself before it reads a byte.

use std::io::Read;

use render::report::{Model, pdf};
use rustix::process::{Resource, Rlimit, setrlimit};

use super::exit::Failure;
use super::out;

/// All memory the process may address.
const ADDRESS_SPACE_BYTES: u64 = 1 << 30;
/// All the processor time it may use.
const CPU_SECONDS: u64 = 20;
/// All the files it may hold open.
const FILES: u64 = 16;
/// A model is never larger.
const MODEL_BYTES_MAX: u64 = 32 << 20;

/// JSON on standard input, PDF on standard output.
///
/// # Errors
/// Exit 2 for a model that cannot be read, 1 for one that cannot be drawn.
pub fn run() -> Result<(), Failure> {
    limit()?;
    let mut json = Vec::new();
    let read = std::io::stdin().lock().take(MODEL_BYTES_MAX).read_to_end(&mut json);
    read.map_err(|error| Failure::bad_input(format!("reading the model: {error}")))?;
    let model: Model =
        serde_json::from_slice(&json).map_err(|error| Failure::bad_input(format!("reading the model: {error}")))?;
    let drawn = pdf(&model).map_err(|error| Failure::failed(error.to_string()))?;
    out::bytes(&drawn)
}

fn limit() -> Result<(), Failure> {
    let limits = [(Resource::As, ADDRESS_SPACE_BYTES), (Resource::Cpu, CPU_SECONDS), (Resource::Nofile, FILES)];
    for (resource, most) in limits {
        let limit = Rlimit { current: Some(most), maximum: Some(most) };
        setrlimit(resource, limit).map_err(|error| Failure::failed(format!("limiting the process: {error}")))?;
    }
    Ok(())
}
