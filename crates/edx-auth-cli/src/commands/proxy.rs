//! `edx-auth proxy`: a local proxy that adds the token.
//!
//! ```text
//! upstream      the origin behind the proxy
//! admission     which requests may pass: writes, run_secret, web_pages
//! headers       which headers pass
//! editing       what changes in a body while it streams: pages and links, redaction
//! rejection     responses of the proxy itself, health among them
//! service       one request, with all of these
//! listener      connections, on a loopback port or a Unix socket
//! own_file      the secret file or the socket, until the end
//! ```

mod admission;
mod body;
mod editing;
mod file_limit;
mod headers;
mod health;
mod links;
mod listener;
mod own_file;
mod pages;
mod redaction;
mod rejection;
mod run_secret;
mod service;
mod upstream;
mod web_pages;
mod writes;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use crate::arguments::Options;
use crate::failure::Failure;
use crate::shutdown::{self, EndSignals};
use crate::{output, private_file};

use admission::Admission;
use listener::Listener;
use own_file::OwnFile;
use run_secret::RunSecret;
use service::Service;
use upstream::Upstream;
use web_pages::PageOrigin;
use writes::WritablePath;

/// Run a local proxy that adds the token, for programs that must hold no secret.
///
/// Requests go to one origin. Only GET and HEAD pass, without the program's own credentials and cookies; links
/// to other pages lead through the proxy. While there is no token, the response is 503 with Retry-After. GET
/// /-/health says whether there is one. The first line of the output is the URL of the proxy.
#[derive(Args, Debug)]
pub(crate) struct Proxy {
    /// The origin that gets the token, such as https://courses.example.org.
    #[arg(long, value_name = "ORIGIN")]
    to: String,

    /// Listen on this port of 127.0.0.1. 0 is a free one.
    #[arg(long, requires = "secret_file", required_unless_present = "socket")]
    port: Option<u16>,

    /// Write the header that each request on the port must have to this file, which its owner alone can read.
    /// Its secret is new in each run: curl -H @FILE sends it.
    #[arg(long, value_name = "FILE", requires = "port")]
    secret_file: Option<PathBuf>,

    /// Listen on a Unix socket, which its owner alone can use.
    #[cfg(unix)]
    #[arg(long, value_name = "PATH", conflicts_with = "port")]
    socket: Option<PathBuf>,

    /// Let POST, PUT, PATCH and DELETE pass to this path and all below it. May be repeated.
    #[arg(long, value_name = "PATH")]
    allow_writes: Vec<WritablePath>,

    /// Let web pages of this origin, such as http://localhost:3000, fetch through the proxy. They need the
    /// header in the secret file too. May be repeated.
    #[arg(long, value_name = "ORIGIN", requires = "port")]
    allow_origin: Vec<PageOrigin>,
}

impl Proxy {
    pub(super) fn run(&self, options: &Options) -> Result<ExitCode, Failure> {
        file_limit::raise();
        shutdown::block_on(self.serve(options)).map_err(Failure::Server)??;
        Ok(ExitCode::SUCCESS)
    }

    /// Serves until Ctrl-C, which may come before there is a token.
    async fn serve(&self, options: &Options) -> Result<(), Failure> {
        let mut end = EndSignals::listen().map_err(Failure::Server)?;
        let (listener, service, _file) = tokio::select! {
            started = self.start(options) => started?,
            () = end.wait(None) => return Ok(()),
        };
        listener.serve(service, &mut end).await;
        Ok(())
    }

    /// Starts with a token, unless waiting might bring one.
    async fn start(&self, options: &Options) -> Result<(Listener, Arc<Service>, OwnFile), Failure> {
        let (listener, admission, name, file) = self.open().await?;
        let upstream = Upstream::open(&self.to, options)?;
        upstream.check_credentials().await?;
        output::write(format!("{name}\n").as_bytes())?;
        Ok((listener, Arc::new(Service::new(upstream, admission)), file))
    }

    /// Listens, and returns the rules for requests and the URL of the proxy.
    async fn open(&self) -> Result<Opened, Failure> {
        let writable = self.allow_writes.iter().cloned().collect();
        #[cfg(unix)]
        if let Some(path) = &self.socket {
            let listener = Listener::on_socket(path).map_err(|source| in_file(path, source))?;
            let name = format!("unix:{}", path.display());
            return Ok((listener, Admission::on_socket(writable), name, own(path)?));
        }
        let listener = Listener::on_port(self.port.unwrap_or_default()).await;
        let (listener, port) = listener.map_err(Failure::Server)?;
        let (secret, file) = self.new_secret()?;
        let pages = self.allow_origin.iter().cloned().collect();
        let admission = Admission::on_port(port, secret, writable).with_pages(pages);
        Ok((
            listener,
            admission,
            format!("http://127.0.0.1:{port}"),
            file,
        ))
    }

    fn new_secret(&self) -> Result<(RunSecret, OwnFile), Failure> {
        let secret = RunSecret::random().map_err(|error| Failure::Server(error.into()))?;
        let path = self.secret_file.as_deref().unwrap_or_else(|| Path::new(""));
        let written = private_file::replace(path, secret.line().as_bytes());
        written.map_err(|source| in_file(path, source))?;
        Ok((secret, own(path)?))
    }
}

/// Where it listens, the rules for requests, its URL, and the file that leads to it.
type Opened = (Listener, Admission, String, OwnFile);

fn own(path: &Path) -> Result<OwnFile, Failure> {
    OwnFile::created(path).map_err(|source| in_file(path, source))
}

fn in_file(path: &Path, source: io::Error) -> Failure {
    Failure::File {
        path: path.to_owned(),
        source,
    }
}
