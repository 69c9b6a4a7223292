//! Where a port opens.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// Where a port opens: on TCP or on a Unix socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// `127.0.0.1:8080`
    Tcp(SocketAddr),
    /// `unix:/run/vigie/vigie.sock`
    Unix(PathBuf),
}

impl Address {
    /// Reads `IP:PORT`, `localhost:PORT` or `unix:PATH`.
    ///
    /// # Errors
    /// It is none of these. Other host names are none: what they mean is decided elsewhere.
    pub fn parse(written: &str) -> Result<Self, String> {
        if let Some(path) = written.strip_prefix("unix:") {
            return match path.is_empty() {
                true => Err("needs a path after `unix:`".to_owned()),
                false => Ok(Self::Unix(path.into())),
            };
        }
        let local = written.strip_prefix("localhost:").map(str::parse);
        match local {
            Some(Ok(port)) => Ok(Self::Tcp((Ipv4Addr::LOCALHOST, port).into())),
            Some(Err(_)) => Err("has no port between 0 and 65535".to_owned()),
            None => written.parse().map(Self::Tcp).map_err(|_| {
                "is no address: write `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080` or \
                 `unix:/run/vigie.sock`"
                    .to_owned()
            }),
        }
    }

    /// Whether only this machine gets there.
    #[must_use]
    pub fn is_local(&self) -> bool {
        match self {
            Self::Tcp(address) => address.ip().is_loopback(),
            Self::Unix(_) => true,
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}
