//! Under which names and in which packings do the files reach the server?
//!
//! ```text
//! site.json                     what is where; read by the server, never sent
//! favicon.svg  robots.txt       at the root, revalidated
//! pkg/{hash}/wallclock.css …    everything else; the hash is that of all of them, so they may be kept for ever
//! *.br  *.gz                    beside each file that becomes smaller
//! ```

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::fingerprint::hex;
use crate::site::Kind;

/// What all our assets are called before their extension.
pub(crate) const STEM: &str = "wallclock";

/// The file that tells the server what is where.
pub(crate) const MANIFEST: &str = "site.json";

/// Sixteen digits tell any two builds apart and keep the address short.
const HASH_DIGITS: usize = 16;

/// Already packed inside, so packing them again wastes bytes.
const PACKED_ENDINGS: [&str; 4] = [".woff2", ".png", ".jpg", ".webp"];

/// One file of the site.
#[derive(Debug)]
pub(crate) struct Asset {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// Replaces what `out` held and says in a few words what it holds now.
pub(crate) fn write(out: &Path, kind: Kind, hashed: Vec<Asset>, plain: Vec<Asset>) -> Result<String> {
    // Built aside and moved in one step: a server that starts meanwhile sees the old site or the new one.
    let fresh = out.with_extension("new");
    remove(&fresh)?;
    let package = format!("pkg/{}", hash_of(&hashed));
    let mut report = Vec::new();
    for asset in hashed {
        let sizes = write_packed(&fresh, kind, &Asset { name: format!("{package}/{}", asset.name), ..asset })?;
        if asset.name.ends_with(".wasm") || asset.name.ends_with(".css") || asset.name.ends_with(".js") {
            report.push(format!("{} {sizes}", asset.name));
        }
    }
    for asset in plain {
        write_packed(&fresh, kind, &asset)?;
    }
    write_file(&fresh.join(MANIFEST), manifest(&package).as_bytes())?;
    remove(out)?;
    fs::rename(&fresh, out).with_context(|| format!("cannot move the site to {}", out.display()))?;
    Ok(report.join(", "))
}

fn hash_of(assets: &[Asset]) -> String {
    let mut hash = Sha256::new();
    for asset in assets {
        hash.update(format!("{} {}\n", asset.name, asset.bytes.len()));
        hash.update(&asset.bytes);
    }
    hex(&hash.finalize()).chars().take(HASH_DIGITS).collect()
}

fn manifest(package: &str) -> String {
    let value = serde_json::json!({
        "pkg_dir": package,
        "output_name": STEM,
        "css": format!("/{package}/{STEM}.css"),
        "js": format!("/{package}/{STEM}.js"),
        "wasm": format!("/{package}/{STEM}_bg.wasm"),
        "fonts": format!("/{package}/fonts"),
    });
    format!("{value:#}\n")
}

fn write_packed(folder: &Path, kind: Kind, asset: &Asset) -> Result<String> {
    let path = folder.join(&asset.name);
    write_file(&path, &asset.bytes)?;
    if PACKED_ENDINGS.iter().any(|ending| asset.name.ends_with(ending)) {
        return Ok(kilobytes(asset.bytes.len()));
    }
    let brotli = brotli(&asset.bytes, kind).with_context(|| format!("cannot pack {}", asset.name))?;
    let gzip = gzip(&asset.bytes, kind).with_context(|| format!("cannot pack {}", asset.name))?;
    for (ending, packed) in [("br", &brotli), ("gz", &gzip)] {
        if packed.len() < asset.bytes.len() {
            write_file(&folder.join(format!("{}.{ending}", asset.name)), packed)?;
        }
    }
    Ok(format!("{} ({} packed)", kilobytes(asset.bytes.len()), kilobytes(brotli.len())))
}

fn brotli(bytes: &[u8], kind: Kind) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: match kind {
            Kind::Dev => 5,
            Kind::Release => 11,
        },
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &parameters)?;
    Ok(packed)
}

fn gzip(bytes: &[u8], kind: Kind) -> Result<Vec<u8>> {
    let level = match kind {
        Kind::Dev => Compression::fast(),
        Kind::Release => Compression::best(),
    };
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    Ok(())
}

fn kilobytes(bytes: usize) -> String {
    format!("{} KB", bytes.div_ceil(1000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;
    use std::path::PathBuf;

    fn asset(name: &str, text: &str) -> Asset {
        Asset { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
    }

    fn folder(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("wallclock-xtask-{name}-{}", std::process::id()))
    }

    fn package_of(out: &Path) -> String {
        let manifest: serde_json::Value = serde_json::from_slice(&fs::read(out.join(MANIFEST)).unwrap()).unwrap();
        manifest.get("pkg_dir").unwrap().as_str().unwrap().to_owned()
    }

    #[test]
    fn a_changed_asset_changes_the_address_of_all() {
        let out = folder("address");
        write(&out, Kind::Dev, vec![asset("wallclock.css", "a"), asset("wallclock.js", "b")], Vec::new()).unwrap();
        let first = package_of(&out);
        write(&out, Kind::Dev, vec![asset("wallclock.css", "a"), asset("wallclock.js", "c")], Vec::new()).unwrap();
        let second = package_of(&out);
        assert_ne!(first, second);
        assert!(out.join(second).join("wallclock.css").is_file());
        assert!(!out.join(first).exists(), "the old folder is still there");
        fs::remove_dir_all(out).unwrap();
    }

    #[test]
    fn both_packings_unpack_to_the_same_bytes() {
        let out = folder("packings");
        let text = "the wall clock never pauses; ".repeat(200);
        write(&out, Kind::Release, vec![asset("wallclock.css", &text)], Vec::new()).unwrap();
        let package = out.join(package_of(&out));
        let mut unpacked = Vec::new();
        let packed = fs::read(package.join("wallclock.css.br")).unwrap();
        brotli::BrotliDecompress(&mut packed.as_slice(), &mut unpacked).unwrap();
        assert_eq!(unpacked, text.as_bytes());
        let packed = fs::read(package.join("wallclock.css.gz")).unwrap();
        let mut unpacked = String::new();
        flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut unpacked).unwrap();
        assert_eq!(unpacked, text);
        fs::remove_dir_all(out).unwrap();
    }

    #[test]
    fn what_is_packed_inside_gets_no_second_packing() {
        let out = folder("fonts");
        write(&out, Kind::Dev, vec![asset("fonts/inter.woff2", &"x".repeat(5000))], vec![asset("robots.txt", "")])
            .unwrap();
        let fonts = out.join(package_of(&out)).join("fonts");
        assert_eq!(fs::read_dir(fonts).unwrap().count(), 1);
        assert!(out.join("robots.txt").is_file());
        assert!(!out.join("robots.txt.gz").exists(), "an empty file cannot become smaller");
        fs::remove_dir_all(out).unwrap();
    }
}
