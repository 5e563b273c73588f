//! The HTTP stack as this crate sets it up for itself.

use std::env;
use std::time::Duration;

use edx_auth_core::ClientName;
use ureq::config::ConfigBuilder;
use ureq::typestate::AgentScope;
use ureq::{Agent, Proxy};

use crate::tls;

/// An agent for token requests: the system's roots, no connection kept, and its name.
pub(crate) fn agent(name: Option<&ClientName>) -> Agent {
    let config = ours(name).max_idle_connections(0);
    config.build().new_agent()
}

/// An agent for API calls, which keeps connections for the next ones: for a shorter time than the
/// servers known do.
pub(crate) fn api_agent(name: Option<&ClientName>) -> Agent {
    let config = ours(name).max_idle_age(KEPT_FOR);
    config.build().new_agent()
}

fn ours(name: Option<&ClientName>) -> ConfigBuilder<AgentScope> {
    let config = Agent::config_builder().user_agent(user_agent(name));
    tls::with_system_roots(config.proxy(proxy()))
}

/// The proxy that the environment names. In a program of a web server, which says so by
/// `REQUEST_METHOD`, there is none, as in the twin: `HTTP_PROXY` is there what whoever asks sends as
/// the header `Proxy` (CVE-2016-5385).
fn proxy() -> Option<Proxy> {
    match env::var_os("REQUEST_METHOD") {
        Some(_) => None,
        None => Proxy::try_from_env(),
    }
}

fn user_agent(name: Option<&ClientName>) -> String {
    match name {
        Some(name) => name.user_agent(LIBRARY),
        None => String::from(LIBRARY),
    }
}

const LIBRARY: &str = concat!("edx-auth-ureq/", env!("CARGO_PKG_VERSION"));

const KEPT_FOR: Duration = Duration::from_secs(10);
