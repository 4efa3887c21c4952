//! What does a browser get when it asks for style, script, wasm, a font or an icon?
//!
//! `xtask site` leaves these files in one folder; release builds carry it inside, debug builds read it once when the
//! process starts. A request is a look-up of an exact name in a map: no path from outside ever reaches a file system.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::body::{Body, Bytes};
use axum::extract::OriginalUri;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH, VARY,
};
use axum::http::{Response, StatusCode};
use serde::Deserialize;

/// The name holds a hash of the content, so a copy never goes stale.
const KEEP_FOR_EVER: &str = "public, max-age=31536000, immutable";
/// The name stays while the content may change: keep it, but ask each time.
const ASK_EACH_TIME: &str = "public, no-cache";

const MANIFEST: &str = "site.json";
const HASHED: &str = "pkg/";

/// Best first, with the ending xtask gives the packed file.
const PACKINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

#[derive(rust_embed::RustEmbed)]
#[cfg_attr(debug_assertions, folder = "../target/site/dev")]
#[cfg_attr(not(debug_assertions), folder = "../target/site/release")]
#[allow_missing = true]
struct Files;

static SITE: LazyLock<Site> = LazyLock::new(|| {
    let names: Vec<String> = Files::iter().map(Cow::into_owned).collect();
    Site::of(names.into_iter().filter_map(|name| {
        let file = Files::get(&name)?;
        Some((name, File { bytes: bytes(file.data), hash: short_hash(&file.metadata.sha256_hash()) }))
    }))
});

/// The site this process serves.
pub fn site() -> &'static Site {
    &SITE
}

/// Handler for `/pkg/{*path}`, `/favicon.svg` and `/robots.txt`.
pub async fn asset(OriginalUri(uri): OriginalUri, headers: HeaderMap) -> Response<Body> {
    site().respond(uri.path(), &headers)
}

/// Where the pages find their assets, as xtask wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SiteManifest {
    /// `pkg/{hash}`: the folder of all hashed assets, without a leading slash.
    pub pkg_dir: String,
    /// The name before the extension that script and wasm share.
    pub output_name: String,
    /// Address of the style file.
    pub css: String,
    /// Address of the script that loads the wasm.
    pub js: String,
    /// Address of the wasm.
    pub wasm: String,
    /// Address of the folder of fonts.
    pub fonts: String,
}

impl SiteManifest {
    /// Addresses under which nothing is found: the pages still work, without style and comfort.
    fn of_nothing() -> Self {
        Self {
            pkg_dir: "pkg/not-built".to_owned(),
            output_name: "wallclock".to_owned(),
            css: "/pkg/not-built/wallclock.css".to_owned(),
            js: "/pkg/not-built/wallclock.js".to_owned(),
            wasm: "/pkg/not-built/wallclock_bg.wasm".to_owned(),
            fonts: "/pkg/not-built/fonts".to_owned(),
        }
    }
}

/// One file as built: its bytes and a hash of them.
#[derive(Debug, Clone)]
struct File {
    bytes: Bytes,
    hash: String,
}

/// All files of the site by exact name, and what is where.
#[derive(Debug)]
pub struct Site {
    manifest: Option<SiteManifest>,
    unbuilt: SiteManifest,
    files: BTreeMap<String, File>,
}

impl Site {
    fn of(files: impl Iterator<Item = (String, File)>) -> Self {
        let mut files: BTreeMap<String, File> = files.collect();
        let manifest = files.remove(MANIFEST).and_then(|file| serde_json::from_slice(&file.bytes).ok());
        Self { manifest, unbuilt: SiteManifest::of_nothing(), files }
    }

    /// Whether `xtask site` ran before this server was built (release) or started (debug).
    pub fn is_built(&self) -> bool {
        self.manifest.is_some()
    }

    /// What is where; addresses of nothing if the site was never built.
    pub fn manifest(&self) -> &SiteManifest {
        self.manifest.as_ref().unwrap_or(&self.unbuilt)
    }

    /// The asset at a request path, packed as the client likes it; 304 if it has it, 404 if there is none.
    pub fn respond(&self, path: &str, headers: &HeaderMap) -> Response<Body> {
        let name = path.strip_prefix('/').unwrap_or(path);
        let Some(plain) = self.files.get(name).filter(|_| !is_packed(name)) else {
            return status_only(StatusCode::NOT_FOUND);
        };
        let (file, packing) = self.packed(name, headers).unwrap_or((plain, ""));
        let tag = format!("\"{}{packing}\"", file.hash);
        if has_copy(headers, &tag) {
            return with_cache_headers(status_only(StatusCode::NOT_MODIFIED), name, &tag);
        }
        let mut response = Response::new(Body::from(file.bytes.clone()));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
        if !packing.is_empty() {
            response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(packing));
        }
        with_cache_headers(response, name, &tag)
    }

    /// The packed file and its packing, if the client takes one that is there.
    fn packed(&self, name: &str, headers: &HeaderMap) -> Option<(&File, &'static str)> {
        let wish = headers.get(ACCEPT_ENCODING)?.to_str().ok()?;
        let mut welcome = PACKINGS.iter().filter(|(packing, _)| accepts(wish, packing));
        welcome.find_map(|(packing, ending)| Some((self.files.get(&format!("{name}{ending}"))?, *packing)))
    }
}

fn with_cache_headers(mut response: Response<Body>, name: &str, tag: &str) -> Response<Body> {
    let keep = if name.starts_with(HASHED) { KEEP_FOR_EVER } else { ASK_EACH_TIME };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(ETAG, tag);
    }
    response
}

fn status_only(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// Whether an `Accept-Encoding` names the packing, or everything, without refusing it by `q=0`.
fn accepts(wish: &str, packing: &str) -> bool {
    let weight_of = |wanted: &str| {
        wish.split(',').find_map(|entry| {
            let mut parts = entry.split(';').map(str::trim);
            let named = parts.next()?.eq_ignore_ascii_case(wanted);
            let weight = parts.find_map(|part| part.strip_prefix("q=")).unwrap_or("1");
            named.then(|| weight.trim().parse::<f32>().is_ok_and(|weight| weight > 0.0))
        })
    };
    weight_of(packing).or_else(|| weight_of("*")).unwrap_or(false)
}

/// Whether `If-None-Match` lists the tag; a proxy may have marked it weak.
fn has_copy(headers: &HeaderMap, tag: &str) -> bool {
    let lists = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).map(str::trim).any(|known| known.trim_start_matches("W/") == tag)
}

/// The packed files are variants of an asset, not assets of their own.
fn is_packed(name: &str) -> bool {
    PACKINGS.iter().any(|(_, ending)| name.ends_with(ending))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("woff2") => "font/woff2",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("txt") => "text/plain; charset=utf-8",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}

fn bytes(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    }
}

/// Eight bytes of the hash are enough to tell two versions of one file apart.
fn short_hash(hash: &[u8; 32]) -> String {
    hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSS: &str = "/pkg/0123/wallclock.css";

    fn file(text: &str) -> File {
        File { bytes: Bytes::from(text.to_owned()), hash: format!("h{}", text.len()) }
    }

    fn built() -> Site {
        let manifest = r#"{"pkg_dir":"pkg/0123","output_name":"wallclock","css":"/pkg/0123/wallclock.css",
            "js":"/pkg/0123/wallclock.js","wasm":"/pkg/0123/wallclock_bg.wasm","fonts":"/pkg/0123/fonts"}"#;
        let files = [
            (MANIFEST, manifest),
            ("favicon.svg", "<svg/>"),
            ("pkg/0123/wallclock.css", "a { b: c }"),
            ("pkg/0123/wallclock.css.br", "brotli"),
            ("pkg/0123/wallclock.css.gz", "gz"),
            ("pkg/0123/fonts/inter.woff2", "font"),
        ];
        Site::of(files.into_iter().map(|(name, text)| (name.to_owned(), file(text))))
    }

    fn ask(path: &str, headers: &[(&'static str, &'static str)]) -> Response<Body> {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse::<axum::http::HeaderName>().unwrap(), HeaderValue::from_static(value)));
        built().respond(path, &headers.collect())
    }

    fn header<'a>(response: &'a Response<Body>, name: &str) -> Option<&'a str> {
        response.headers().get(name).map(|value| value.to_str().unwrap())
    }

    #[test]
    fn the_best_packing_the_client_takes_is_sent() {
        let cases = [
            ("gzip, deflate, br, zstd", Some("br")),
            ("gzip", Some("gzip")),
            ("br;q=0, gzip;q=0.5", Some("gzip")),
            ("*", Some("br")),
            ("*, br;q=0", Some("gzip")),
            ("*;q=0", None),
            ("identity", None),
            ("brotli, gzipped", None),
            ("", None),
        ];
        for (wish, expected) in cases {
            let response = ask(CSS, &[("accept-encoding", wish)]);
            assert_eq!(header(&response, "content-encoding"), expected, "for `{wish}`");
            assert_eq!(header(&response, "content-type"), Some("text/css; charset=utf-8"));
            assert_eq!(header(&response, "vary"), Some("accept-encoding"));
        }
    }

    #[test]
    fn a_file_without_packings_is_sent_as_it_is() {
        let response = ask("/pkg/0123/fonts/inter.woff2", &[("accept-encoding", "br")]);
        assert_eq!(header(&response, "content-encoding"), None);
        assert_eq!(header(&response, "content-type"), Some("font/woff2"));
    }

    #[test]
    fn only_hashed_names_are_kept_for_ever() {
        assert_eq!(header(&ask(CSS, &[]), "cache-control"), Some("public, max-age=31536000, immutable"));
        assert_eq!(header(&ask("/favicon.svg", &[]), "cache-control"), Some("public, no-cache"));
    }

    #[test]
    fn a_known_copy_is_not_sent_again() {
        let first = ask(CSS, &[("accept-encoding", "br")]);
        assert_eq!(header(&first, "etag"), Some("\"h6br\""));
        for known in ["\"h6br\"", "W/\"h6br\"", "\"old\", \"h6br\""] {
            let again = ask(CSS, &[("accept-encoding", "br"), ("if-none-match", known)]);
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "for {known}");
            assert_eq!(header(&again, "etag"), Some("\"h6br\""));
            assert!(header(&again, "cache-control").is_some());
        }
    }

    #[test]
    fn a_copy_in_another_packing_is_not_the_same_copy() {
        let response = ask(CSS, &[("accept-encoding", "gzip"), ("if-none-match", "\"h6br\"")]);
        assert_eq!(response.status(), StatusCode::OK);
    }

    #[test]
    fn only_exact_names_are_found() {
        let strange = [
            "/pkg/0123/wallclock.css.br",
            "/pkg/0123/../0123/wallclock.css",
            "/pkg/0123/%77allclock.css",
            "//pkg/0123/wallclock.css",
            "/pkg/0123/wallclock.css/",
            "/pkg/0123/",
            "/site.json",
            "/../Cargo.toml",
            "/etc/passwd",
            "/",
            "",
        ];
        for path in strange {
            assert_eq!(ask(path, &[]).status(), StatusCode::NOT_FOUND, "for `{path}`");
        }
    }

    #[test]
    fn the_manifest_says_where_things_are() {
        let site = built();
        assert!(site.is_built());
        assert_eq!(site.manifest().css, CSS);
        assert_eq!(site.manifest().pkg_dir, "pkg/0123");
    }

    #[test]
    fn a_server_without_its_site_still_names_addresses() {
        let site = Site::of(std::iter::empty());
        assert!(!site.is_built());
        assert_eq!(site.manifest().pkg_dir, "pkg/not-built");
        assert_eq!(site.respond(&site.manifest().css, &HeaderMap::new()).status(), StatusCode::NOT_FOUND);
    }
}
