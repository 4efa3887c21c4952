//! How was this server set up? All faults at once, before anything starts.

use std::net::{IpAddr, SocketAddr};

/// Every variable that is read; another one beginning with `WALLCLOCK_` is a slip of the pen and refused.
const KNOWN: [&str; 15] = [
    "WALLCLOCK_DATA_DIR",
    "WALLCLOCK_DATABASE_URL",
    "WALLCLOCK_LISTEN",
    "WALLCLOCK_PUBLIC_URL",
    "WALLCLOCK_ALLOWED_HOSTS",
    "WALLCLOCK_TRUSTED_PROXIES",
    "WALLCLOCK_ALLOW_PLAIN_HTTP",
    "WALLCLOCK_ADMIN_EMAIL",
    "WALLCLOCK_ADMIN_PASSWORD_FILE",
    "WALLCLOCK_LOG",
    "WALLCLOCK_TOKEN_RATE",
    "WALLCLOCK_TEST_POSTGRES",
    "WALLCLOCK_BINARY",
    "WALLCLOCK_ADDRESS",
    "WALLCLOCK_FOLDER",
];

/// What the command line and the environment say, unread.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    pub listen: String,
    pub public_url: Option<String>,
    pub allowed_hosts: Option<String>,
    pub trusted_proxies: Option<String>,
    pub plain_http: PlainHttp,
}

/// Whether passwords and sessions may travel without TLS beyond this machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlainHttp {
    /// Only on loopback.
    #[default]
    OnLoopback,
    /// Everywhere: somebody said so.
    Everywhere,
}

/// What a running server needs to know about its place in the network.
#[derive(Clone, Debug)]
pub struct Settings {
    pub listen: SocketAddr,
    pub public_url: PublicUrl,
    pub allowed_hosts: Vec<String>,
    pub trusted_proxies: Vec<IpAddr>,
}

/// The address people type: scheme and host, without a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    scheme: Scheme,
    authority: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

impl PublicUrl {
    /// Reads `http://host[:port]` or `https://host[:port]`, with at most one slash behind it.
    fn read(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let scheme = match scheme {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return None,
        };
        let authority = rest.strip_suffix('/').unwrap_or(rest).to_ascii_lowercase();
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "-.:[]".contains(letter);
        (!authority.is_empty() && authority.chars().all(plain)).then_some(Self { scheme, authority })
    }

    /// Scheme and host as a browser writes an origin.
    #[must_use]
    pub fn origin(&self) -> String {
        let scheme = match self.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        };
        format!("{scheme}://{}", self.authority)
    }

    /// The host with its port, as a `Host` header holds it.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Whether browsers reach us by TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.scheme == Scheme::Https
    }

    fn is_loopback(&self) -> bool {
        let host = self.authority.rsplit_once(':').map_or(self.authority.as_str(), |(host, port)| {
            if port.bytes().all(|digit| digit.is_ascii_digit()) { host } else { self.authority.as_str() }
        });
        let host = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

impl Settings {
    /// Reads what was wished for.
    ///
    /// # Errors
    /// Every fault, one sentence each.
    pub fn read(wishes: &Wishes) -> Result<Self, Vec<String>> {
        let mut faults = Vec::new();
        let listen: Option<SocketAddr> = wishes.listen.parse().ok();
        if listen.is_none() {
            faults.push(format!("listen: `{}` is not an address, expected one as `127.0.0.1:3000`", wishes.listen));
        }
        let listen = listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)));
        let public_url = wishes.public_url.clone().unwrap_or_else(|| format!("http://{listen}"));
        let public_url = match PublicUrl::read(&public_url) {
            Some(url) => Some(url),
            None => {
                faults.push(format!("public url: `{public_url}` is not `https://host` or `http://host`"));
                None
            }
        };
        if let Some(url) = &public_url
            && url.scheme == Scheme::Http
            && !url.is_loopback()
            && wishes.plain_http == PlainHttp::OnLoopback
        {
            faults.push(format!(
                "public url: `{}` sends passwords in the clear; use https, or say --allow-plain-http",
                url.origin()
            ));
        }
        let trusted_proxies = addresses(wishes.trusted_proxies.as_deref(), &mut faults);
        match public_url {
            Some(public_url) if faults.is_empty() => {
                Ok(Self { listen, allowed_hosts: hosts(wishes.allowed_hosts.as_deref()), public_url, trusted_proxies })
            }
            _ => Err(faults),
        }
    }

    /// The same settings on the port that the system gave.
    #[must_use]
    pub fn bound_to(mut self, bound: SocketAddr) -> Self {
        if self.listen.port() == 0 && self.public_url.authority == self.listen.to_string() {
            self.public_url.authority = bound.to_string();
        }
        self.listen = bound;
        self
    }

    /// Whether a `Host` header names this server.
    #[must_use]
    pub fn answers_for(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        host == self.public_url.authority
            || host == self.listen.to_string()
            || (self.listen.ip().is_loopback() && host == format!("localhost:{}", self.listen.port()))
            || self.allowed_hosts.contains(&host)
    }
}

fn addresses(list: Option<&str>, faults: &mut Vec<String>) -> Vec<IpAddr> {
    let words = list.unwrap_or("").split(',').map(str::trim).filter(|word| !word.is_empty());
    let mut addresses = Vec::new();
    for word in words {
        match word.parse() {
            Ok(address) => addresses.push(address),
            Err(_) => faults.push(format!("trusted proxies: `{word}` is not an IP address")),
        }
    }
    addresses
}

fn hosts(list: Option<&str>) -> Vec<String> {
    let words = list.unwrap_or("").split(',').map(str::trim).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect()
}

/// A variable of the environment, if it is set and is text.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "configuration is read here and nowhere else")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var_os(name)?.into_string().ok()
}

/// Variables of the environment that look like ours and are not.
#[must_use]
pub fn unknown_variables(names: impl Iterator<Item = String>) -> Vec<String> {
    names
        .filter(|name| name.starts_with("WALLCLOCK_") && !KNOWN.contains(&name.as_str()))
        .map(|name| format!("`{name}` is not a setting; did you mean `{}`?", nearest(&name)))
        .collect()
}

/// The known name that shares the longest beginning and differs least in length.
fn nearest(name: &str) -> &'static str {
    let alike = |known: &str| known.bytes().zip(name.bytes()).take_while(|(left, right)| left == right).count();
    let best = KNOWN.iter().max_by_key(|known| (alike(known), std::cmp::Reverse(known.len().abs_diff(name.len()))));
    best.copied().unwrap_or("WALLCLOCK_DATA_DIR")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wishes(listen: &str, public_url: Option<&str>) -> Wishes {
        Wishes { listen: listen.to_owned(), public_url: public_url.map(str::to_owned), ..Wishes::default() }
    }

    #[test]
    fn loopback_without_tls_is_fine_and_anything_else_is_not() {
        assert!(Settings::read(&wishes("127.0.0.1:3000", None)).is_ok());
        assert!(Settings::read(&wishes("[::1]:3000", None)).is_ok());
        assert!(Settings::read(&wishes("0.0.0.0:3000", None)).is_err());
        assert!(Settings::read(&wishes("0.0.0.0:3000", Some("http://wall.example"))).is_err());
        assert!(Settings::read(&wishes("0.0.0.0:3000", Some("https://wall.example"))).is_ok());
        let open = Wishes { plain_http: PlainHttp::Everywhere, ..wishes("0.0.0.0:3000", Some("http://wall.example")) };
        assert!(Settings::read(&open).is_ok());
    }

    #[test]
    fn all_faults_are_named_at_once() {
        let wrong = Wishes {
            trusted_proxies: Some("10.0.0.1, proxy".to_owned()),
            ..wishes("somewhere", Some("ftp://wall.example"))
        };
        let faults = Settings::read(&wrong).unwrap_err();
        assert_eq!(faults.len(), 3, "{faults:?}");
    }

    #[test]
    fn a_misspelt_variable_is_named_with_the_nearest_one() {
        let names = ["PATH", "WALLCLOCK_LISTEN", "WALLCLOCK_PUBLIC_ULR"].map(str::to_owned);
        let faults = unknown_variables(names.into_iter());
        assert_eq!(faults.len(), 1);
        assert!(faults[0].contains("WALLCLOCK_PUBLIC_URL"), "{}", faults[0]);
    }

    #[test]
    fn only_the_own_hosts_are_answered_for() {
        let settings = Settings::read(&Wishes {
            allowed_hosts: Some("Wall.Example".to_owned()),
            ..wishes("127.0.0.1:3000", None)
        })
        .unwrap();
        for host in ["127.0.0.1:3000", "localhost:3000", "wall.example", "WALL.example"] {
            assert!(settings.answers_for(host), "{host}");
        }
        for host in ["", "127.0.0.1", "evil.example", "wall.example:3000", "localhost:3001"] {
            assert!(!settings.answers_for(host), "{host}");
        }
    }
}
