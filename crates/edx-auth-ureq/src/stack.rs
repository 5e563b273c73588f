//! The HTTP stack as this crate sets it up for itself.

use std::env;
use std::time::Duration;

use edx_auth_core::ClientName;
use ureq::config::ConfigBuilder;
use ureq::typestate::AgentScope;
use ureq::{Agent, Proxy};

use crate::send::HEAD_LIMIT;
use crate::tls;

/// An agent for token requests: the system's roots, no connection kept, its name, and no more room
/// than they need.
pub(crate) fn agent(name: Option<&ClientName>) -> Agent {
    let config = ours(name)
        .input_buffer_size(ROOM_FOR_REPLIES)
        .output_buffer_size(ROOM_FOR_REQUESTS)
        .max_idle_connections(0);
    config.build().new_agent()
}

/// An agent for API calls, which keeps connections for the next ones: for a shorter time than the
/// servers known do.
pub(crate) fn api_agent(name: Option<&ClientName>) -> Agent {
    let config = ours(name).max_idle_age(KEPT_FOR);
    config.build().new_agent()
}

/// It asks for no compression, whatever other crates of the program have switched on.
fn ours(name: Option<&ClientName>) -> ConfigBuilder<AgentScope> {
    let config = Agent::config_builder()
        .user_agent(user_agent(name))
        .accept_encoding("");
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

/// The longest head that is taken, and a little more: ureq takes a head that fills its buffer for
/// the end of the connection. Of itself it would lay out 256 KiB for each exchange, and zero them.
const ROOM_FOR_REPLIES: usize = HEAD_LIMIT + 1024;

/// A header line as long as servers take one; a body goes in pieces.
const ROOM_FOR_REQUESTS: usize = 8 * 1024;

const KEPT_FOR: Duration = Duration::from_secs(10);
