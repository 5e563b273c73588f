//! The rows with an endpoint: cold herds, a failing endpoint, calls, token requests.

mod by_hand;
mod calls;
mod credentials;
mod failing;
mod herd;

use edx_auth_core::{ClientCredentials, TokenEndpoint, TokenRequest};
use edx_auth_race::endpoint::{self, Endpoint};
use edx_auth_race::figures::Figures;
use tokio::runtime::{Builder, Runtime};

fn main() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("serve") {
        let mut number = || {
            arguments
                .next()
                .and_then(|text| text.parse().ok())
                .unwrap_or(0)
        };
        return endpoint::serve(u16::try_from(number()).expect("a status"), number());
    }
    // reqwest's client needs a TLS provider, although all requests are plain http.
    let _first = rustls::crypto::ring::default_provider().install_default();
    let mut figures = Figures::default();
    calls::exchanges(&mut figures);
    calls::calls(&mut figures);
    failing::failing(&mut figures);
    herd::herd_of_tasks(&mut figures);
    herd::herd_of_threads(&mut figures);
    credentials::credentials(&mut figures);
    figures.save("wire");
}

fn request(endpoint: &Endpoint) -> TokenRequest {
    let url = endpoint.url("/oauth2/access_token");
    let credentials = ClientCredentials::new("id", "secret").expect("valid credentials");
    TokenRequest::new(TokenEndpoint::open_edx(&url).expect("a URL"), credentials)
}

fn runtime(threads: usize) -> Runtime {
    let built = Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build();
    built.expect("a runtime")
}
