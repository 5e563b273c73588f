//! ureq's agents as this crate configures them.

use std::env;
use std::time::Duration;

use edx_auth_driver::ClientName;
use ureq::config::ConfigBuilder;
use ureq::typestate::AgentScope;
use ureq::{Agent, Proxy};

use crate::send::TOKEN_HEAD_LIMIT;
use crate::tls;

/// Creates an agent for token requests: the system's roots, no connection kept, the program's name,
/// and buffers no larger than needed.
pub(crate) fn for_tokens(name: Option<&ClientName>) -> Agent {
    let config = ours(name)
        .input_buffer_size(INPUT_BUFFER)
        .output_buffer_size(OUTPUT_BUFFER)
        .max_idle_connections(0);
    config.build().new_agent()
}

/// Creates an agent for API calls. It keeps connections for a shorter time than the known servers do.
pub(crate) fn for_calls(name: Option<&ClientName>) -> Agent {
    let config = ours(name).max_idle_age(MAX_IDLE_AGE);
    config.build().new_agent()
}

/// Asks for no compression, even if another crate of the program has enabled ureq's decoders.
fn ours(name: Option<&ClientName>) -> ConfigBuilder<AgentScope> {
    let config = Agent::config_builder()
        .user_agent(user_agent(name))
        .accept_encoding("");
    tls::with_system_roots(config.proxy(proxy()))
}

/// Returns the proxy that the environment names; none in a CGI program (`REQUEST_METHOD` is set),
/// where `HTTP_PROXY` is the header `Proxy` of any request (CVE-2016-5385).
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

/// The longest response head and a little more: ureq takes a head that fills its buffer for the end
/// of the connection. Its default is 256 KiB, zeroed for each request.
const INPUT_BUFFER: usize = TOKEN_HEAD_LIMIT + 1024;

/// The longest header line that servers take; a body is sent in pieces.
const OUTPUT_BUFFER: usize = 8 * 1024;

const MAX_IDLE_AGE: Duration = Duration::from_secs(10);
