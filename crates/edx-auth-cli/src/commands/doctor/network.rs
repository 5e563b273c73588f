//! The way to the token endpoint, before anything is sent.

use std::io;
use std::net::{IpAddr, TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use edx_auth_driver::EnvProxies;
use edx_auth_ureq::EnvConfig;
use edx_auth_ureq::http::Uri;

use super::report::Finding;
use crate::failure::Failure;

/// Connects to the proxy of the environment.
pub(super) fn proxy(config: &EnvConfig) -> Finding {
    match proxy_of(config) {
        Ok(None) => Finding::passed("none for this host"),
        Ok(Some(proxy)) => match reach(&proxy) {
            Ok(()) => Finding::passed(format!("{proxy} accepts connections")),
            Err(source) => Finding::fault(&Failure::Proxy { proxy, source }),
        },
        Err(failure) => Finding::fault(&failure),
    }
}

/// Looks up the host of the token endpoint. Behind a proxy, the proxy does that.
pub(super) fn host_name(config: &EnvConfig) -> Finding {
    if !matches!(proxy_of(config), Ok(None)) {
        return Finding::skipped("looked up by the proxy");
    }
    let (host, port) = host_and_port(config.token_request().endpoint().uri());
    let bare = host.trim_matches(['[', ']']);
    if bare.parse::<IpAddr>().is_ok() {
        return Finding::skipped("not looked up: it is an address");
    }
    match (bare, port).to_socket_addrs() {
        Ok(addresses) => {
            let addresses: Vec<_> = addresses.map(|address| address.ip().to_string()).collect();
            Finding::passed(format!("{host} is {}", addresses.join(", ")))
        }
        Err(source) => Finding::fault(&Failure::HostName { host, source }),
    }
}

/// Returns the URL of the proxy, without its login.
fn proxy_of(config: &EnvConfig) -> Result<Option<String>, Failure> {
    let endpoint = config.token_request().endpoint();
    if !endpoint.is_https() {
        return Ok(None);
    }
    let (host, port) = host_and_port(endpoint.uri());
    let proxies = EnvProxies::from_env()?;
    Ok(proxies.for_host(&host, port).map(ToString::to_string))
}

fn reach(proxy: &str) -> io::Result<()> {
    let invalid = |_| io::Error::from(io::ErrorKind::InvalidInput);
    let (host, port) = host_and_port(&proxy.parse().map_err(invalid)?);
    let mut error = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in (host.trim_matches(['[', ']']), port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, TIMEOUT) {
            Ok(_) => return Ok(()),
            Err(failed) => error = failed,
        }
    }
    Err(error)
}

fn host_and_port(uri: &Uri) -> (String, u16) {
    let default = match uri.scheme_str() {
        Some("http") => 80,
        Some(scheme) if scheme.starts_with("socks") => 1080,
        _ => 443,
    };
    let host = uri.host().unwrap_or_default().to_owned();
    (host, uri.port_u16().unwrap_or(default))
}

const TIMEOUT: Duration = Duration::from_secs(5);
