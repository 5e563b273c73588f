//! Looks up host names as ureq does, on a thread whose start may fail: ureq would panic then. An error
//! says that the request was certainly not sent.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;

use http::Uri;
use ureq::Error;
use ureq::config::Config;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use crate::connector::not_connected;

/// ureq's own resolver, on a thread of this crate.
#[derive(Debug, Default)]
pub(crate) struct StrictResolver;

impl Resolver for StrictResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let (done, result) = mpsc::sync_channel(1);
        let (uri, config) = (uri.clone(), config.clone());
        let thread = thread::Builder::new().name(String::from("edx-auth-lookup"));
        let started = thread.spawn(move || {
            // The receiver may be gone: a look-up that hangs is left behind.
            let _ = done.send(look_up(&uri, &config));
        });
        started.map_err(|error| not_connected(error.into()))?;
        match result.recv_timeout(*timeout.after) {
            Ok(found) => found.map_err(not_connected),
            Err(RecvTimeoutError::Timeout) => Err(Error::Timeout(timeout.reason)),
            Err(RecvTimeoutError::Disconnected) => Err(Error::HostNotFound),
        }
    }
}

/// Looks a host up on this thread, for as long as the system takes.
fn look_up(uri: &Uri, config: &Config) -> Result<ResolvedSocketAddrs, Error> {
    DefaultResolver::default().resolve(uri, config, NextTimeout::default())
}
