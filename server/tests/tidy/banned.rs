//! Is anything written that this stack makes dangerous? Each ban has a reason and a place where it does not hold.

use crate::tree::{self, SourceFile};

/// A text no product file may hold, the files it is allowed in, and what to do instead.
struct Ban {
    text: &'static str,
    except: &'static [&'static str],
    instead: &'static str,
}

const fn ban(text: &'static str, except: &'static [&'static str], instead: &'static str) -> Ban {
    Ban { text, except, instead }
}

const CLOCK: &[&str] = &["server/src/clock.rs"];
/// A file system for SQLite is a table of C functions; tests alone use it.
const FILE_SYSTEM: &[&str] = &["crates/shimfs/src/vfs.rs"];
/// Our own renderer's SVG, which holds no text that was not escaped there.
const CHART: &[&str] = &["app/src/components/chart.rs"];

const BANS: [Ban; 21] = [
    ban("inner_html", CHART, "build elements; imported text must never become markup"),
    ban("AssertSqlSafe", &[], "a statement is a constant with bound values"),
    ban("GetUrl", &[], "a server function that changes state must not answer GET"),
    ban("GetCbor", &[], "a server function that changes state must not answer GET"),
    ban("Websocket", &[], "no open sockets: their messages pass no limit of ours"),
    ban("SsrMode::Static", &[], "static pages are written by path without a check"),
    ban("ServerFnError::new", &[], "return the page's own error type, whose words are safe"),
    ban("axum::serve(", &[], "use the accept loop with its timeouts in server/src/serve.rs"),
    ban("reqwest::", &["server/src/outbound.rs"], "nothing goes out except through one gate"),
    ban("SystemTime::now", CLOCK, "take the time from the clock that was handed in"),
    ban("Timestamp::now", CLOCK, "take the time from the clock that was handed in"),
    ban("Zoned::now", CLOCK, "take the time from the clock that was handed in"),
    ban("Utc::now", CLOCK, "take the time from the clock that was handed in"),
    ban("unsafe {", FILE_SYSTEM, "there is a safe way; unsafe code is forbidden"),
    ban("#[allow(", &[], "write #[expect(…, reason = \"…\")], which ends when its cause does"),
    ban("#![allow(", &[], "write #[expect(…, reason = \"…\")], which ends when its cause does"),
    ban("format!(\"select ", &[], "a statement is a constant with bound values"),
    ban("format!(\"insert ", &[], "a statement is a constant with bound values"),
    ban("format!(\"update ", &[], "a statement is a constant with bound values"),
    ban("format!(\"delete ", &[], "a statement is a constant with bound values"),
    ban("select *", &[], "name the columns: a new one must not change an answer"),
];

/// Folders of the server that answer requests; none touches the file system.
const HANDLERS: [&str; 6] = [
    "server/src/api",
    "server/src/odata",
    "server/src/export",
    "server/src/webhook",
    "server/src/sign_in",
    "server/src/middleware",
];

#[test]
fn nothing_banned_is_written() {
    let mut found = Vec::new();
    for file in tree::files().iter().filter(|file| file.is_product()) {
        for ban in BANS.iter().filter(|ban| !ban.except.contains(&file.path.as_str())) {
            for (number, _) in
                code_lines(file).filter(|(_, line)| line.to_lowercase().contains(&ban.text.to_lowercase()))
            {
                found.push(format!("{}:{number}: `{}`: {}", file.path, ban.text, ban.instead));
            }
        }
    }
    tree::nothing(&found, "what is banned has a better way:");
}

#[test]
fn no_handler_touches_the_file_system() {
    let mut found = Vec::new();
    let files = tree::files();
    let handlers = files.iter().filter(|file| HANDLERS.iter().any(|folder| file.is_below(folder)) && file.is_product());
    for file in handlers {
        let touching = code_lines(file).filter(|(_, line)| line.contains("std::fs") || line.contains("tokio::fs"));
        found.extend(touching.map(|(number, _)| format!("{}:{number}", file.path)));
    }
    tree::nothing(&found, "let `service` spool it: no path from outside may reach the file system:");
}

#[test]
fn no_view_carries_its_own_style() {
    let mut found = Vec::new();
    for file in tree::files().iter().filter(|file| file.is_below("app/src")) {
        let styled =
            code_lines(file).filter(|(_, line)| line.contains(" style=") || line.trim_start().starts_with("style="));
        found.extend(styled.map(|(number, _)| format!("{}:{number}", file.path)));
    }
    tree::nothing(&found, "write a class: the content security policy blocks inline style:");
}

#[test]
fn every_server_function_has_a_stable_address() {
    let mut found = Vec::new();
    for file in tree::files().iter().filter(|file| file.is_below("app/src")) {
        for (number, line) in file.lines().filter(|(_, line)| line.trim_start().starts_with("#[server")) {
            let attribute = file.text.lines().skip(number - 1).take(6).collect::<Vec<_>>().join(" ");
            let attribute = attribute.split(")]").next().unwrap_or_default();
            if !attribute.contains("endpoint") {
                found.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    tree::nothing(&found, "name its `endpoint`: the default holds a hash of the checkout's path:");
}

/// Lines of product code, without those that are nothing but comment.
fn code_lines(file: &SourceFile) -> impl Iterator<Item = (usize, &str)> {
    file.product_lines().filter(|(_, line)| !line.trim_start().starts_with("//"))
}
