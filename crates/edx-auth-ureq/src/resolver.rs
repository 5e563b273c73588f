//! Looks up host names for new connections only, each within the time for connecting.
//!
//! ureq asks its resolver before it looks for a kept connection. [`DeferredResolver`] therefore looks up nothing,
//! and the [connector](crate::connector), which ureq asks only for a new connection, uses [`TimedResolver`]. A
//! kept connection needs no look-up, and a new one always gets the addresses of now.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;

use http::Uri;
use ureq::Error;
use ureq::config::Config;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// Leaves the look-up to the connector. Its only address means that one is needed.
#[derive(Debug)]
pub(crate) struct DeferredResolver;

impl Resolver for DeferredResolver {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let mut addresses = self.empty();
        addresses.push(DEFERRED);
        Ok(addresses)
    }
}

/// Reports whether the look-up is left to the connector. If a proxy looks the host up, there is no address.
pub(crate) fn is_deferred(addresses: &ResolvedSocketAddrs) -> bool {
    addresses.first() == Some(&DEFERRED)
}

/// Looks up names as ureq does, on a thread that is left behind if it hangs. If the thread cannot be started,
/// ureq would panic.
#[derive(Debug)]
pub(crate) struct TimedResolver;

impl Resolver for TimedResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        if is_address(uri) {
            look_up(uri, config)
        } else {
            look_up_on_a_thread(uri, config, timeout)
        }
    }
}

/// Reports whether the URL has an address in place of a name.
fn is_address(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default();
    host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok()
}

fn look_up_on_a_thread(
    uri: &Uri,
    config: &Config,
    timeout: NextTimeout,
) -> Result<ResolvedSocketAddrs, Error> {
    let (done, result) = mpsc::sync_channel(1);
    let (uri, config) = (uri.clone(), config.clone());
    let thread = thread::Builder::new().name(String::from("edx-auth-lookup"));
    thread.spawn(move || {
        // The receiver is gone if the look-up took too long.
        let _ = done.send(look_up(&uri, &config));
    })?;
    match result.recv_timeout(*timeout.after) {
        Ok(found) => found,
        Err(RecvTimeoutError::Timeout) => Err(Error::Timeout(timeout.reason)),
        Err(RecvTimeoutError::Disconnected) => Err(Error::HostNotFound),
    }
}

/// Looks a host up on this thread, for as long as the system takes.
fn look_up(uri: &Uri, config: &Config) -> Result<ResolvedSocketAddrs, Error> {
    DefaultResolver::default().resolve(uri, config, NextTimeout::default())
}

/// No server has this address.
const DEFERRED: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);
