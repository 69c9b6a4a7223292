//! One file for each thing that is measured.

mod batch;
mod kill;
mod latency;
mod overload;
mod reload;
mod single;
mod unix;

use crate::drive::{Driven, Load, Pace, drive};
use crate::http::{Address, Request};
use crate::options::{Measuring, Scenario};
use crate::posts::{self, Posts};
use crate::process::Server;
use crate::report::Finding;
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;
use tempfile::TempDir;

/// The echo and the sidecar, and what they are sent.
pub struct Field<'o> {
    pub options: &'o Measuring,
    pub posts: Posts,
    pub numbers: Rc<Cell<u64>>,
    folder: TempDir,
}

/// Ports of this machine that servers listen on.
const ECHO: &str = "127.0.0.1:18180";
const SIDECAR: &str = "127.0.0.1:18181";
const ADMIN: &str = "127.0.0.1:18182";

impl<'o> Field<'o> {
    pub fn prepare(options: &'o Measuring) -> Result<Self, String> {
        if !options.vigie.is_file() {
            let path = options.vigie.display();
            return Err(format!("{path}: build it first, or name it with --vigie"));
        }
        let folder = tempfile::Builder::new().prefix("vigie-load-").tempdir();
        let folder = folder.map_err(|error| error.to_string())?;
        let policies = folder.path().join("policies");
        std::fs::create_dir(&policies).map_err(|error| error.to_string())?;
        let posts = posts::prepare(options.rules, options.seed, &policies)?;
        Ok(Self {
            options,
            posts,
            numbers: Rc::default(),
            folder,
        })
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub async fn echo(&self) -> Result<Server, String> {
        let own = std::env::current_exe().map_err(|error| error.to_string())?;
        let address = Address::Tcp(ECHO.to_owned());
        let arguments = ["echo".to_owned(), address.to_string()];
        Server::start(&own, &arguments, &address, (&address, "/v1/decisions")).await
    }

    pub async fn sidecar(&self) -> Result<Server, String> {
        self.sidecar_with(&[]).await
    }

    /// The sidecar with further settings.
    pub async fn sidecar_with(&self, settings: &[&str]) -> Result<Server, String> {
        let policies = self.path("policies");
        let address = Address::Tcp(SIDECAR.to_owned());
        self.sidecar_at(address, Some(&policies), settings).await
    }

    pub async fn sidecar_at(
        &self,
        address: Address,
        policies: Option<&Path>,
        settings: &[&str],
    ) -> Result<Server, String> {
        let mut arguments = vec!["serve".to_owned()];
        let state = self.path("state").display().to_string();
        let listen = address.to_string();
        for (name, value) in [
            ("--listen", &*listen),
            ("--admin", ADMIN),
            ("--state", &state),
        ] {
            arguments.extend([name.to_owned(), value.to_owned()]);
        }
        if let Some(policies) = policies {
            arguments.extend(["--policies".to_owned(), policies.display().to_string()]);
        }
        arguments.extend(settings.iter().map(|it| (*it).to_owned()));
        let ready = (&self.admin(), "/ready");
        Server::start(&self.options.vigie, &arguments, &address, ready).await
    }

    pub fn admin(&self) -> Address {
        Address::Tcp(ADMIN.to_owned())
    }

    /// The ordinary load on a server.
    pub fn load(&self, server: &Server, requests: &Rc<Vec<Request>>, pace: Pace) -> Load {
        Load {
            address: server.address.clone(),
            requests: Rc::clone(requests),
            numbers: Rc::clone(&self.numbers),
            connections: self.options.connections,
            lasts: Duration::from_secs(self.options.seconds),
            pace,
        }
    }
}

/// Measures one thing.
pub async fn run(scenario: Scenario, field: &Field<'_>) -> Result<Vec<Finding>, String> {
    match scenario {
        Scenario::Single => single::measure(field).await,
        Scenario::Batch => batch::measure(field).await,
        Scenario::Unix => unix::measure(field).await,
        Scenario::Latency => latency::measure(field).await,
        Scenario::Reload => reload::measure(field).await,
        Scenario::Overload => overload::measure(field).await,
        Scenario::Kill => kill::measure(field).await,
    }
}

/// Loads a server, and bears no wrong answer.
async fn drive_well(load: &Load) -> Result<Driven, String> {
    let driven = drive(load, None).await?;
    match &driven.first_wrong {
        None => Ok(driven),
        Some(first) => Err(format!(
            "{} wrong answers; the first: {first}",
            driven.wrong
        )),
    }
}
