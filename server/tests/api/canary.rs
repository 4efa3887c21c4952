//! Does the log keep to itself what it is given? Secrets and names in every place a request has, at every address.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

use server::routes::table::{Asked, ROUTES, Route, Surface};
use service::identity::scope::Scope;

use crate::command::{text, wallclock_with};
use crate::support::Folder;

const PASSWORD: &str = "canary horse battery";

/// The command, serving.
pub(crate) struct Serving {
    child: Child,
    /// What it logs is read while it serves: a pipe that nobody empties would stop it.
    log: JoinHandle<Vec<String>>,
    address: String,
}

impl Serving {
    pub(crate) fn start(folder: &Folder, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_wallclock"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .env_clear()
            .env("WALLCLOCK_DATA_DIR", folder.path().join("data"))
            .env("WALLCLOCK_LOG", "debug")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let said = lines.by_ref().map_while(Result::ok).find(|line| line.starts_with("Wallclock listens on ")).unwrap();
        let address = said.rsplit('/').next().unwrap().to_owned();
        let log = std::thread::spawn(move || lines.map_while(Result::ok).collect());
        Self { child, log, address }
    }

    /// Sends one request and reads the whole answer.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> String {
        let mut socket = TcpStream::connect(&self.address).unwrap();
        let address = &self.address;
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n"
        );
        // A server that refuses before it has read everything closes early; that is its right.
        drop(socket.write_all(head.as_bytes()).and_then(|()| socket.write_all(body.as_bytes())));
        let mut answer = Vec::new();
        drop(socket.read_to_end(&mut answer));
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Asks it to stop; what it logged until then.
    pub(crate) fn stop(mut self) -> Vec<String> {
        let process = rustix::process::Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        rustix::process::kill_process(process, rustix::process::Signal::TERM).unwrap();
        assert!(self.child.wait().unwrap().success(), "a server that is asked to stop ends well");
        self.log.join().unwrap()
    }
}

const FORM: &str = "email=canary-person%40example.test&password=canary-password&next=/canary-next&name=canary-name\
                    &organisation=canary-name&line=canary-line&note=canary-note&theme=canary-theme&query=q%3Dcanary-query&id=canary-id";
const EVENTS: &str = r#"{"id":"canary-event","item_id":"canary-item","event":"detected","at":"2026-03-01T10:00:00Z","actor":"canary-actor"}
{"item_id":"canary-held"}
canary-unreadable
"#;

fn ask(server: &Serving, route: &Route, headers: &str) -> String {
    let path = route.path.replace("{id}", "canary-id").replace("{version}", "1").replace("{code}", "canary-code");
    let path = path.replace("{name}", "people").replace("{*path}", "canary-path");
    let path = path.replace("{source}", "canary-source").replace("{key}", "canary-key");
    let path = format!("{path}?q=canary-query&canary-name=canary-value");
    match route.asked {
        Asked::Get | Asked::Any => server.ask("GET", &path, headers, ""),
        Asked::Put => {
            let headers = format!("{headers}content-type: text/csv\r\n");
            server.ask(
                "PUT",
                &path,
                &headers,
                "id,name,canary-column\ncanary-person,canary-name,canary-cell\n,canary-row,\n",
            )
        }
        Asked::Post if route.surface == Surface::Api => {
            let headers = format!("{headers}content-type: application/x-ndjson\r\n");
            server.ask("POST", route.path, &headers, EVENTS)
        }
        Asked::Post => {
            let headers = format!("{headers}content-type: application/x-www-form-urlencoded\r\n");
            server.ask("POST", &path, &headers, FORM)
        }
    }
}

#[test]
fn secrets_and_names_never_reach_the_log() {
    let folder = Folder::new();
    let file = folder.path().join("password");
    std::fs::write(&file, PASSWORD).unwrap();
    let owner = ["--admin-email", "canary-owner@example.test", "--admin-password-file", file.to_str().unwrap()];
    let server = Serving::start(&folder, &owner);
    let made =
        wallclock_with(&folder, &[], &["token", "add", "canary-token-name", "--scope", &Scope::join(Scope::ALL)], "");
    let token = text(&made.stdout).trim().to_owned();
    assert_eq!(token.len(), 55, "{}", text(&made.stderr));
    let form = format!("email=canary-owner%40example.test&password={}", PASSWORD.replace(' ', "+"));
    let kind = "content-type: application/x-www-form-urlencoded\r\n";
    let signed_in = server.ask("POST", "/sign-in", kind, &form);
    let key =
        signed_in.split("wc-local=").nth(1).and_then(|rest| rest.split(';').next()).unwrap_or_default().to_owned();
    assert_eq!(key.len(), 43, "{signed_in}");
    let canaries = "user-agent: canary-agent\r\nreferer: http://canary.example/\r\nx-canary: canary-header\r\n";
    let known = format!("{canaries}cookie: wc-local={key}; canary=canary-cookie\r\nauthorization: Bearer {token}\r\n");
    let wrong = format!("{canaries}cookie: wc-local=canary-cookie\r\nauthorization: Bearer canary-token\r\n");
    let (last, routes): (Vec<&Route>, Vec<&Route>) = ROUTES.iter().partition(|route| route.path == "/sign-out");
    let mut reached = 0;
    for route in routes.into_iter().chain(last) {
        let answer = ask(&server, route, &known);
        // A webhook knows no caller, only what it sends.
        let is_known = route.surface != Surface::Webhook;
        reached +=
            usize::from(!is_known || (!answer.starts_with("HTTP/1.1 401") && !answer.starts_with("HTTP/1.1 429")));
        ask(&server, route, &wrong);
    }
    assert_eq!(reached, ROUTES.len(), "every address was reached by somebody it knows");
    let log = server.stop();
    let requests = log.iter().filter(|line| line.contains("\"event\":\"request\"")).count();
    assert!(requests >= 2 * ROUTES.len(), "{requests}");
    for line in &log {
        for secret in ["canary", &key, &token[12..], "horse"] {
            assert!(!line.contains(secret), "`{secret}` in {line}");
        }
    }
}
