//! The same work by hand, and the plain clients that it is done with.

use std::time::Duration;

/// One token, asked for by hand.
pub(crate) async fn by_hand(client: &reqwest::Client, url: &str) -> String {
    let form = "grant_type=client_credentials&client_id=id&client_secret=secret&token_type=jwt";
    let request = client
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form);
    let reply = request
        .send()
        .await
        .expect("a reply")
        .bytes()
        .await
        .expect("a body");
    token_of(&reply)
}

pub(crate) fn by_hand_blocking(agent: &ureq::Agent, url: &str) -> String {
    let form = "grant_type=client_credentials&client_id=id&client_secret=secret&token_type=jwt";
    let request = agent
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded");
    let mut reply = request.send(form).expect("a reply");
    token_of(
        reply
            .body_mut()
            .read_to_string()
            .expect("a body")
            .as_bytes(),
    )
}

fn token_of(reply: &[u8]) -> String {
    let (header, _) = edx_auth_benches::parse::by_hand(reply);
    header.to_str().expect("text").to_owned()
}

pub(crate) fn plain_client(kept: usize) -> reqwest::Client {
    let built = reqwest::Client::builder()
        .no_proxy()
        .pool_max_idle_per_host(kept)
        .build();
    built.expect("a client")
}

/// An agent with a deadline, as every program should have: over one, ureq looks each name up on a
/// thread that it starts for the purpose, whether a connection is kept or not.
pub(crate) fn patient_agent(kept: usize) -> ureq::Agent {
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
