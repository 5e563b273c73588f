//! A token request written by hand, and plain clients that send it.

use std::time::Duration;

/// Requests one token, written by hand.
pub(crate) async fn by_hand(client: &reqwest::Client, url: &str) -> String {
    let form = "grant_type=client_credentials&client_id=id&client_secret=secret&token_type=jwt";
    let request = client
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form);
    let response = request
        .send()
        .await
        .expect("a response")
        .bytes()
        .await
        .expect("a body");
    token_of(&response)
}

pub(crate) fn by_hand_blocking(agent: &ureq::Agent, url: &str) -> String {
    let form = "grant_type=client_credentials&client_id=id&client_secret=secret&token_type=jwt";
    let request = agent
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded");
    let mut response = request.send(form).expect("a response");
    token_of(
        response
            .body_mut()
            .read_to_string()
            .expect("a body")
            .as_bytes(),
    )
}

fn token_of(response: &[u8]) -> String {
    let (header, _) = edx_auth_benches::parse::by_hand(response);
    header.to_str().expect("text").to_owned()
}

pub(crate) fn plain_client(kept: usize) -> reqwest::Client {
    let built = reqwest::Client::builder()
        .no_proxy()
        .pool_max_idle_per_host(kept)
        .build();
    built.expect("a client")
}

/// Returns an agent with a deadline, as every program should have. With a deadline, ureq looks up each
/// name on a new thread, even if it reuses a connection.
pub(crate) fn deadline_agent(kept: usize) -> ureq::Agent {
    ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(20)))
        .max_idle_connections(kept)
        .build()
        .new_agent()
}

pub(crate) fn plain_agent(kept: usize) -> ureq::Agent {
    ureq::Agent::config_builder()
        .max_idle_connections(kept)
        .build()
        .new_agent()
}
