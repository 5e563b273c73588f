//! One token request and one authorized call, each compared with the same work written by hand.

use edx_auth_benches::hot;
use edx_auth_core::{AccessToken, Origins, TokenType};
use edx_auth_race::allocations;
use edx_auth_race::endpoint::Endpoint;
use edx_auth_race::figures::Figures;
use edx_auth_race::rounds::{Contestant, race};
use http::header::AUTHORIZATION;
use tokio::runtime::Builder;

use crate::by_hand::{by_hand, by_hand_blocking, deadline_agent, plain_agent, plain_client};
use crate::request;

/// Counts the allocations of one token request on a new connection.
pub(crate) fn exchanges(figures: &mut Figures) {
    let endpoint = Endpoint::start(200, 0);
    let url = endpoint.url("/oauth2/access_token");
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let (client, agent) = (plain_client(0), deadline_agent(0));
    let reqwest = edx_auth_reqwest::TokenSource::new(request(&endpoint)).expect("a source");
    let ureq = edx_auth_ureq::TokenSource::new(request(&endpoint)).expect("a source");
    let mut note = |name: &str, count: f64| figures.note(format!("fetch/{name}/allocs"), count);

    note(
        "by hand reqwest",
        allocations::of(|| drop(runtime.block_on(by_hand(&client, &url)))),
    );
    note(
        "by hand ureq",
        allocations::of(|| drop(by_hand_blocking(&agent, &url))),
    );
    note(
        "edx-auth reqwest",
        allocations::of(|| {
            drop(runtime.block_on(reqwest.renew_now()).expect("a token"));
        }),
    );
    note(
        "edx-auth ureq",
        allocations::of(|| drop(ureq.renew_now().expect("a token"))),
    );
    note(
        "thread",
        allocations::of(|| {
            let named = std::thread::Builder::new().name(String::from("edx-auth-exchange"));
            named
                .spawn(|| ())
                .expect("a thread")
                .join()
                .expect("its end");
        }),
    );
    note(
        "runtime",
        allocations::of(|| {
            drop(
                Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .expect("a runtime"),
            );
        }),
    );
}

/// Measures a GET with authorization, compared with the same GET with a preset header.
pub(crate) fn calls(figures: &mut Figures) {
    let endpoint = Endpoint::start(200, 0);
    let url = endpoint.url("/api");
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let token = || AccessToken::new(TokenType::Jwt, hot::token(1024).expose()).expect("a token");
    let origins = || Origins::of(request(&endpoint).endpoint());
    let (client, agent) = (plain_client(8), plain_agent(8));
    let deadline = deadline_agent(8);
    let source = edx_auth_reqwest::TokenSource::fixed(token(), origins());
    let reqwest = edx_auth_reqwest::AuthorizedClient::new(source).expect("a client");
    let source = edx_auth_ureq::TokenSource::fixed(token(), origins());
    let ureq = edx_auth_ureq::AuthorizedClient::new(source).expect("a client");
    let header = token().authorization().clone();
    let contestants: Vec<Contestant<'_>> = vec![
        (
            "edx-auth reqwest",
            Box::new(|| {
                let response = runtime.block_on(async {
                    reqwest
                        .get(&url)
                        .send()
                        .await?
                        .bytes()
                        .await
                        .map_err(|_| unreachable!())
                });
                let _: edx_auth_reqwest::Error = match response {
                    Ok(_) => return,
                    Err(fault) => fault,
                };
                panic!("no response");
            }),
        ),
        (
            "preset reqwest",
            Box::new(|| {
                runtime.block_on(async {
                    // With the default headers of ours, so that both send the same.
                    let get = client.get(&url).header(AUTHORIZATION, header.clone());
                    let get = get
                        .header("accept", "application/json")
                        .header("accept-language", "en");
                    get.send()
                        .await
                        .expect("a response")
                        .bytes()
                        .await
                        .expect("a body");
                });
            }),
        ),
        (
            "edx-auth ureq",
            Box::new(|| {
                let mut response = ureq.get(&url).send().expect("a response");
                response.body_mut().read_to_vec().expect("a body");
            }),
        ),
        (
            "preset ureq",
            Box::new(|| {
                let get = agent.get(&url).header(AUTHORIZATION, header.clone());
                let get = get
                    .header("accept", "application/json")
                    .header("accept-language", "en");
                get.call()
                    .expect("a response")
                    .body_mut()
                    .read_to_vec()
                    .expect("a body");
            }),
        ),
        (
            "preset ureq with a deadline",
            Box::new(|| {
                let get = deadline.get(&url).header(AUTHORIZATION, header.clone());
                let get = get
                    .header("accept", "application/json")
                    .header("accept-language", "en");
                get.call()
                    .expect("a response")
                    .body_mut()
                    .read_to_vec()
                    .expect("a body");
            }),
        ),
    ];
    let mut contestants = contestants;
    for (name, call) in &mut contestants {
        figures.note(format!("get/{name}/allocs"), allocations::of(call));
    }
    for (name, time) in race(41, &mut contestants) {
        figures.note(format!("get/{name}/ns"), time);
    }
}
