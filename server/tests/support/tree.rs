//! The repository as files: what the house-keeping tests look at. Nothing is compiled, so they see what a reader sees.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold what was built, downloaded or produced by a run.
const NOT_OURS: [&str; 9] =
    ["target", ".git", "node_modules", "dist", "data", "data-demo", "site", "test-results", "playwright-report"];

/// Endings of files that are text; all others are only weighed.
const TEXT: [&str; 20] = [
    "rs", "toml", "md", "css", "sql", "sh", "ts", "mjs", "js", "json", "svg", "typ", "txt", "csv", "ndjson", "html",
    "yml", "lock", "example", "run",
];

/// One file, by its path from the root of the repository.
pub(crate) struct SourceFile {
    pub(crate) path: String,
    pub(crate) bytes: u64,
    /// Empty for what is not text.
    pub(crate) text: String,
}

impl SourceFile {
    pub(crate) fn ends_with(&self, ending: &str) -> bool {
        self.path.ends_with(ending)
    }

    pub(crate) fn is_below(&self, folder: &str) -> bool {
        self.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The name without folders and ending.
    pub(crate) fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.split('.').next().unwrap_or(name)
    }

    /// Whether the file is product code in Rust: not a test, not this house-keeping, not the build.
    pub(crate) fn is_product(&self) -> bool {
        self.ends_with(".rs") && !self.is_test() && !self.is_below("crates/xtask") && !self.ends_with("build.rs")
    }

    pub(crate) fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.is_below("end2end") || self.stem() == "tests"
    }

    /// Whether the file is one of those that hold the rules and so must spell what they forbid.
    pub(crate) fn holds_rules(&self) -> bool {
        self.is_below("server/tests/tidy") || self.is_below("server/tests/architecture")
    }

    /// Numbered lines outside the file's unit tests, which by house rule stand last.
    pub(crate) fn product_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines().take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
    }

    /// Lines counted from one.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// Every file that belongs to the repository, sorted by path.
pub(crate) fn files() -> Vec<SourceFile> {
    let root = root();
    let mut files = Vec::new();
    collect(&root, &root, &mut files);
    files.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(files.len() > 50, "the walk found only {} files below {}", files.len(), root.display());
    files
}

fn collect(folder: &Path, root: &Path, files: &mut Vec<SourceFile>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() && !NOT_OURS.contains(&name.as_str()) {
            collect(&path, root, files);
        } else if kind.is_file() {
            files.extend(read(&path, root));
        }
    }
}

/// The file, or `None` if it went away while the walk was under way, as editors' temporary files do.
fn read(path: &Path, root: &Path) -> Option<SourceFile> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    let ending = name.rsplit('.').next().unwrap_or_default();
    let is_text = TEXT.contains(&ending) || name == "Makefile" || name.starts_with("LICENSE") || name.starts_with('.');
    let bytes = fs::metadata(path).ok()?.len();
    let text = if is_text { String::from_utf8_lossy(&fs::read(path).ok()?).into_owned() } else { String::new() };
    Some(SourceFile { path: path.strip_prefix(root).ok()?.to_string_lossy().into_owned(), bytes, text })
}

/// Passes if nothing was found, else fails with what to do and where.
pub(crate) fn nothing(found: &[String], what_to_do: &str) {
    assert!(found.is_empty(), "{what_to_do}\n  {}\n", found.join("\n  "));
}
