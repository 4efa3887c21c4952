//! What bytes were sent? Read whole, within the bounds that the gate put around them, and unpacked where they are packed.

use std::io::Read;

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_ENCODING;
use formats::file_fault::FileFault;
use formats::unpack::{ArchiveFault, Limits, Packing, Unpacked};

use crate::middleware::body_bounds::problem_of;
use crate::problem::{Code, Problem};

/// All bytes of a bounded body.
///
/// # Errors
/// Too large, too slow, or broken off.
pub async fn read(body: Body) -> Result<Bytes, Problem> {
    axum::body::to_bytes(body, usize::MAX).await.map_err(|error| problem_of(&error))
}

/// All bytes of a bounded body as they were before it was packed, at most so many.
///
/// # Errors
/// As [`read`]; 413 `unpacked_too_large` for a body that unfolds further, 422 for one that cannot be unpacked.
pub async fn read_unpacked(headers: &HeaderMap, body: Body, most: u64) -> Result<Bytes, Problem> {
    let packed = read(body).await?;
    let packing = headers.get(CONTENT_ENCODING).and_then(|packing| packing.to_str().ok());
    match packing.and_then(Packing::of_content_encoding) {
        None | Some(Packing::Plain) => Ok(packed),
        Some(packing) => {
            let unpacking = tokio::task::spawn_blocking(move || unpacked(&packed, packing, most));
            unpacking.await.map_err(|_| Problem::new(Code::Internal))?.map_err(|fault| told(&fault, most))
        }
    }
}

fn unpacked(packed: &[u8], packing: Packing, most: u64) -> Result<Bytes, FileFault> {
    let limits = Limits { bytes_max: most, ..Limits::default() };
    let mut plain = Vec::new();
    Unpacked::open(packed, packing, limits)?.read_to_end(&mut plain)?;
    Ok(plain.into())
}

fn told(fault: &FileFault, most: u64) -> Problem {
    if matches!(fault, FileFault::Archive(ArchiveFault::TooLarge(_) | ArchiveFault::Ratio(_))) {
        return Problem::new(Code::UnpackedTooLarge).detail(fault.to_string()).member("limit", most);
    }
    let code = Code::ALL.iter().copied().find(|code| code.as_str() == fault.code()).unwrap_or(Code::BadRequest);
    Problem::new(code).detail(fault.to_string())
}
