//! How does the browser half of Wallclock get built? `xtask site` answers it: wasm, style, fonts and icons in one
//! folder, packed and named by their content, ready to be embedded into the server.
//!
//! ```text
//! cargo run --profile xtask -p xtask -- site [--release] [--force-fallback] [--out DIR]
//! ```

mod assets;
mod bindgen;
mod css;
mod fingerprint;
mod inputs;
mod site;
mod toolchain;
mod wasm;

use std::path::PathBuf;
use std::process::ExitCode;

use site::{Kind, Order};

const USAGE: &str = "usage: xtask site [--release] [--force-fallback] [--out DIR]

  site              build wasm, style, fonts and icons into target/site/dev
  --release         the small, slow-to-build one, into target/site/release
  --force-fallback  use the distribution's compiler for wasm even if rustup has the target
  --out DIR         write there instead";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let order = match read_order(&arguments) {
        Ok(order) => order,
        Err(reason) => {
            eprintln!("xtask: {reason}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match site::build(&order) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn read_order(arguments: &[String]) -> Result<Order, String> {
    let mut words = arguments.iter().map(String::as_str);
    if words.next() != Some("site") {
        return Err("expected the command `site`".to_owned());
    }
    let mut order = Order { kind: Kind::Dev, toolchain: toolchain::Choice::FirstThatWorks, out: None };
    while let Some(word) = words.next() {
        match word {
            "--release" => order.kind = Kind::Release,
            "--force-fallback" => order.toolchain = toolchain::Choice::Fallback,
            "--out" => order.out = Some(PathBuf::from(words.next().ok_or("`--out` needs a folder")?)),
            other => return Err(format!("unknown argument `{other}`")),
        }
    }
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(words: &[&str]) -> Result<Order, String> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        read_order(&words)
    }

    #[test]
    fn a_plain_site_is_for_development() {
        let order = order(&["site"]).unwrap();
        assert_eq!(order.kind, Kind::Dev);
        assert_eq!(order.toolchain, toolchain::Choice::FirstThatWorks);
        assert_eq!(order.out, None);
    }

    #[test]
    fn every_switch_is_heard() {
        let order = order(&["site", "--release", "--force-fallback", "--out", "somewhere"]).unwrap();
        assert_eq!(order.kind, Kind::Release);
        assert_eq!(order.toolchain, toolchain::Choice::Fallback);
        assert_eq!(order.out, Some(PathBuf::from("somewhere")));
    }

    #[test]
    fn a_mistyped_switch_is_named() {
        assert_eq!(order(&["site", "--relase"]).unwrap_err(), "unknown argument `--relase`");
        assert_eq!(order(&[]).unwrap_err(), "expected the command `site`");
        assert_eq!(order(&["site", "--out"]).unwrap_err(), "`--out` needs a folder");
    }
}
