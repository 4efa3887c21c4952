//! How does the server get a PDF? From a child process with a deadline; two at a time, and none outlives its request.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use render::report::Model;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::sync::Semaphore;

/// Children at once; each may hold 1 GiB.
const CHILDREN: usize = 2;

/// Starts children that draw.
#[derive(Clone, Debug)]
pub struct Renderer {
    program: PathBuf,
    places: Arc<Semaphore>,
    deadline: Duration,
}

/// Why there is no PDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderFailed {
    /// It took too long and was ended.
    #[error("the report took too long to draw")]
    TooLong,
    /// The child ended without a PDF, or could not be started.
    #[error("the report could not be drawn")]
    NoPdf,
}

impl Renderer {
    /// Draws with this very program.
    #[must_use]
    pub fn own(deadline: Duration) -> Self {
        Self::with(std::env::current_exe().unwrap_or_else(|_| PathBuf::from("wallclock")), deadline)
    }

    /// Draws with another program that understands `render`.
    #[must_use]
    pub fn with(program: PathBuf, deadline: Duration) -> Self {
        Self { program, places: Arc::new(Semaphore::new(CHILDREN)), deadline }
    }

    /// The PDF of a model.
    ///
    /// # Errors
    /// [`RenderFailed`]; what the child said is logged.
    pub async fn draw(&self, model: &Model) -> Result<Vec<u8>, RenderFailed> {
        let json = serde_json::to_vec(model).map_err(|_| RenderFailed::NoPdf)?;
        let _place = self.places.acquire().await.map_err(|_| RenderFailed::NoPdf)?;
        tokio::time::timeout(self.deadline, self.child(&json)).await.unwrap_or(Err(RenderFailed::TooLong))
    }

    async fn child(&self, json: &[u8]) -> Result<Vec<u8>, RenderFailed> {
        let mut child = Command::new(&self.program);
        // The allocator keeps a gigabyte of addresses ready unless told otherwise: as much as the child may have at all.
        let child = child.arg("render").env_clear().env("MIMALLOC_ARENA_RESERVE", "64MiB");
        let child = child.env("RAYON_NUM_THREADS", "1").kill_on_drop(true);
        let child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.map_err(|error| failed(&error.to_string()))?;
        let mut input = child.stdin.take().ok_or(RenderFailed::NoPdf)?;
        let (written, ended) = tokio::join!(
            async {
                let written = input.write_all(json).await;
                drop(input);
                written
            },
            child.wait_with_output()
        );
        let ended = ended.map_err(|error| failed(&error.to_string()))?;
        if let (Ok(()), true) = (written, ended.status.success()) {
            return Ok(ended.stdout);
        }
        Err(failed(&String::from_utf8_lossy(&ended.stderr)))
    }
}

fn failed(reason: &str) -> RenderFailed {
    let short: String = reason.chars().take(500).collect();
    tracing::error!(event = "render_failed", reason = short, "a report could not be drawn");
    RenderFailed::NoPdf
}
