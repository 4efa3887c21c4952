//! In which order do the style files follow each other? Cascade layers decide which rule wins; the order here only
//! has to name the layers before anything uses them and to be the same on every machine.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use crate::assets::{Asset, STEM};
use crate::inputs;

/// Files and folders of `style/` in the order in which they are joined.
const ORDER: [&str; 7] = ["layers.css", "tokens", "base", "layout", "components", "pages", "print.css"];

/// All style in one file.
///
/// # Errors
/// If a file lies outside the layers, where nobody would ever see it.
pub(crate) fn bundle(root: &Path) -> Result<Asset> {
    let style = root.join("style");
    let mut text = String::new();
    for path in in_order(&style)? {
        text.push_str(&String::from_utf8_lossy(&inputs::read_file(&path)?));
        if !text.ends_with('\n') {
            text.push('\n');
        }
    }
    Ok(Asset { name: format!("{STEM}.css"), bytes: text.into_bytes() })
}

fn in_order(style: &Path) -> Result<Vec<PathBuf>> {
    let mut ordered = Vec::new();
    for part in ORDER {
        let mut files = Vec::new();
        inputs::collect(&style.join(part), &mut files)?;
        files.sort();
        ordered.extend(files);
    }
    let mut all = Vec::new();
    inputs::collect(style, &mut all)?;
    for file in all {
        ensure!(
            ordered.contains(&file),
            "{} belongs to no layer; move it into one of {}",
            file.display(),
            ORDER.join(", ")
        );
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn folder_with(name: &str, files: &[&str]) -> PathBuf {
        let root = std::env::temp_dir().join(format!("wallclock-xtask-{name}-{}", std::process::id()));
        for file in files {
            let path = root.join("style").join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, format!("/* {file} */")).unwrap();
        }
        root
    }

    #[test]
    fn layers_come_first_and_print_last() {
        let files =
            ["print.css", "components/b.css", "components/a.css", "tokens/color.css", "layers.css", "pages/gap.css"];
        let root = folder_with("order", &files);
        let text = String::from_utf8(bundle(&root).unwrap().bytes).unwrap();
        let expected =
            ["layers.css", "tokens/color.css", "components/a.css", "components/b.css", "pages/gap.css", "print.css"];
        assert_eq!(text, expected.map(|file| format!("/* {file} */\n")).concat());
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn a_file_outside_the_layers_is_refused() {
        let root = folder_with("stray", &["layers.css", "theme/dark.css"]);
        let error = bundle(&root).unwrap_err().to_string();
        assert!(error.contains("theme/dark.css belongs to no layer"), "{error}");
        fs::remove_dir_all(root).unwrap();
    }
}
