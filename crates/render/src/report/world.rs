//! What may the typesetter see? Three files in memory, four typefaces, and the day the report is about.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use super::ReportError;

const MAIN: &str = "board.typ";
const DATA: &str = "report.json";
const TEMPLATE: &str = include_str!("../../templates/board.typ");

static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let files: [&'static [u8]; 4] = [
        include_bytes!("../../fonts/Inter-Regular.otf"),
        include_bytes!("../../fonts/Inter-Medium.otf"),
        include_bytes!("../../fonts/Inter-SemiBold.otf"),
        include_bytes!("../../fonts/DejaVuSansMono.ttf"),
    ];
    files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect()
});

/// Whether one of the typefaces can print `letter`. What none can print would make the PDF break its standard.
pub(super) fn can_print(letter: char) -> bool {
    FONTS.iter().any(|font| font.info().coverage.contains(u32::from(letter)))
}

/// A world without a file system, a network, packages or a clock.
pub(super) struct ReportWorld {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    main: FileId,
    files: BTreeMap<&'static str, Bytes>,
    today: Datetime,
}

impl ReportWorld {
    /// The template with `data` beside it, on the day `today`.
    pub(super) fn new(data: Vec<u8>, today: Datetime) -> Result<Self, ReportError> {
        let path = VirtualPath::new(MAIN).map_err(|_fault| ReportError::Template)?;
        let files = BTreeMap::from([(MAIN, Bytes::new(TEMPLATE.as_bytes())), (DATA, Bytes::new(data))]);
        Ok(Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(FONTS.iter())),
            main: RootedPath::new(VirtualRoot::Project, path).intern(),
            files,
            today,
        })
    }
}

impl World for ReportWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let text = self.file(id)?.to_str().map_err(|_fault| FileError::InvalidUtf8)?.to_string();
        Ok(Source::new(id, text))
    }

    /// A path of a package is refused like any other that is not one of ours.
    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let path = id.get();
        let is_ours = *path.root() == VirtualRoot::Project;
        let known = self.files.get(path.vpath().get_without_slash()).filter(|_| is_ours);
        known.cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    /// The day the report describes: two runs on different days give the same bytes.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        Some(self.today)
    }
}
