//! The rows without a network: times and allocations of all contestants, in turns.

use std::cell::RefCell;
use std::hint::black_box;

use edx_auth_benches::hot::at_once;
use edx_auth_benches::{build, hot, parse, response};
use edx_auth_race::allocations;
use edx_auth_race::endpoint::{self, Endpoint};
use edx_auth_race::figures::Figures;
use edx_auth_race::peers::{aws, azure, google, oauth2, yup};
use edx_auth_race::rounds::{self, Contestant, race};
use http::header::AUTHORIZATION;

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
    let mut figures = Figures::default();
    build_row(&mut figures);
    parse_row("parse", &response::with_opaque_token(1024), &mut figures);
    parse_row("parse_jwt", &response::with_jwt(1024), &mut figures);
    hot_rows(&mut figures);
    growth(&mut figures);
    figures.save("memory");
}

const ROUNDS: usize = 41;

fn run(row: &str, mut contestants: Vec<Contestant<'_>>, figures: &mut Figures) {
    for (name, call) in &mut contestants {
        figures.note(format!("{row}/{name}/allocs"), allocations::of(call));
    }
    for (name, time) in race(ROUNDS, &mut contestants) {
        figures.note(format!("{row}/{name}/ns"), time);
    }
}

fn build_row(figures: &mut Figures) {
    let (ours, by_hand, peer) = (build::kept(), build::ByHand::kept(), oauth2::kept());
    let contestants: Vec<Contestant<'_>> = vec![
        ("edx-auth", Box::new(|| build::ours(&ours))),
        ("by hand", Box::new(|| by_hand.build())),
        ("oauth2", Box::new(|| oauth2::build(&peer))),
    ];
    run("build", contestants, figures);
}

fn parse_row(row: &str, response: &[u8], figures: &mut Figures) {
    let (ours, peer) = (build::kept(), oauth2::kept());
    let contestants: Vec<Contestant<'_>> = vec![
        ("edx-auth begin", Box::new(|| build::ours(&ours))),
        (
            "edx-auth whole",
            Box::new(|| {
                let (to_send, exchange) = ours.begin();
                black_box(to_send);
                drop(parse::ours(exchange, response));
            }),
        ),
        ("by hand", Box::new(|| drop(parse::by_hand(response)))),
        (
            "by hand with claims",
            Box::new(|| drop(parse::by_hand_with_claims(response))),
        ),
        ("oauth2 build", Box::new(|| oauth2::build(&peer))),
        (
            "oauth2 whole",
            Box::new(|| drop(oauth2::build_and_parse(&peer, response))),
        ),
    ];
    run(row, contestants, figures);
    for measure in ["ns", "allocs"] {
        let of = |name: &str| {
            figures
                .get(&format!("{row}/{name}/{measure}"))
                .unwrap_or(f64::NAN)
        };
        let ours = of("edx-auth whole") - of("edx-auth begin");
        let peer = of("oauth2 whole") - of("oauth2 build");
        figures.note(format!("{row}/edx-auth/{measure}"), ours);
        figures.note(format!("{row}/oauth2/{measure}"), peer);
    }
}

fn hot_rows(figures: &mut Figures) {
    let endpoint = Endpoint::start(200, 0);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    // Two of the peers need a runtime around them, even if they do not wait.
    let _inside = runtime.enter();
    let google = google::credentials(&endpoint.url(""));
    let azure = azure::credential(&endpoint.url("/bearer"));
    let aws = aws::cache(reqwest::Client::new(), &endpoint.url("/bearer"));
    let yup = runtime.block_on(async {
        let yup = yup::authenticator(&endpoint.url("/bearer")).await;
        google::headers(&google).await.expect("headers");
        yup.token(&["read"]).await.expect("a token");
        azure::token(&azure).await.expect("a token");
        aws::token(&aws).await.expect("a token");
        yup
    });
    let (tag, headers) = at_once(google::headers(&google)).expect("headers");
    let kept = (tag, headers[AUTHORIZATION].clone());
    let (ureq, reqwest) = (hot::ureq_source(1024), hot::reqwest_source(1024));
    let header = hot::token(1024).authorization().clone();

    let map = RefCell::new(hot::headers());
    let contestants: Vec<Contestant<'_>> = vec![
        (
            "edx-auth ureq",
            Box::new(|| hot::ureq(&ureq, &mut map.borrow_mut())),
        ),
        (
            "edx-auth reqwest",
            Box::new(|| hot::reqwest(&reqwest, &mut map.borrow_mut())),
        ),
        (
            "by hand",
            Box::new(|| hot::by_hand(&header, &mut map.borrow_mut())),
        ),
        (
            "by hand with clocks",
            Box::new(|| hot::by_hand_with_clocks(&header, &mut map.borrow_mut())),
        ),
        (
            "google-cloud-auth with tag",
            Box::new(|| at_once(google::call_with_tag(&google, &kept, &mut map.borrow_mut()))),
        ),
        (
            "google-cloud-auth",
            Box::new(|| at_once(google::call(&google, &mut map.borrow_mut()))),
        ),
        (
            "yup-oauth2",
            Box::new(|| at_once(yup::call(&yup, &mut map.borrow_mut()))),
        ),
        (
            "azure_identity",
            Box::new(|| at_once(azure::call(&azure, &mut map.borrow_mut()))),
        ),
        (
            "aws-smithy-runtime",
            Box::new(|| at_once(aws::call(&aws, &mut map.borrow_mut()))),
        ),
    ];
    run("hot", contestants, figures);

    // Two threads, also in turns: every contestant once per round.
    let mut times: Vec<(&str, Vec<f64>)> = Vec::new();
    for _ in 0..ROUNDS {
        let mut note = |name, time| match times.iter_mut().find(|(known, _)| *known == name) {
            Some((_, times)) => times.push(time),
            None => times.push((name, vec![time])),
        };
        let calls = 100_000;
        let two = |call: &(dyn Fn(&mut http::HeaderMap) + Sync)| {
            let own = || (runtime.enter(), hot::headers());
            rounds::at_once_each(2, calls, own, |(_, map)| call(map))
        };
        note("edx-auth ureq", two(&|map| hot::ureq(&ureq, map)));
        note("edx-auth reqwest", two(&|map| hot::reqwest(&reqwest, map)));
        note("by hand", two(&|map| hot::by_hand(&header, map)));
        note(
            "google-cloud-auth with tag",
            two(&|map| at_once(google::call_with_tag(&google, &kept, map))),
        );
        note(
            "google-cloud-auth",
            two(&|map| at_once(google::call(&google, map))),
        );
        note(
            "azure_identity",
            two(&|map| at_once(azure::call(&azure, map))),
        );
        note(
            "aws-smithy-runtime",
            two(&|map| at_once(aws::call(&aws, map))),
        );
    }
    for (name, times) in times {
        figures.note(format!("hot2/{name}/ns"), rounds::median(times));
    }
}

/// Measures longer tokens, and more threads.
fn growth(figures: &mut Figures) {
    for kib in [1, 2, 4, 8, 16] {
        lengths(kib, figures);
    }
    let (ureq, reqwest) = (hot::ureq_source(1024), hot::reqwest_source(1024));
    let header = hot::token(1024).authorization().clone();
    for threads in [1, 2, 4, 8, 16, 32, 64] {
        let mut note = |name: &str, call: &(dyn Fn(&mut http::HeaderMap) + Sync)| {
            let calls = 20_000;
            let round = || rounds::at_once_each(threads, calls, hot::headers, call);
            // The cost of one call for the machine: the wall time of all calls, divided by their number.
            let time = rounds::median((0..7).map(|_| round()).collect()) / threads as f64;
            figures.note(format!("threads/{name}/{threads}"), time);
        };
        note("edx-auth ureq", &|map| hot::ureq(&ureq, map));
        note("edx-auth reqwest", &|map| hot::reqwest(&reqwest, map));
        note("by hand", &|map| hot::by_hand(&header, map));
    }
}

fn lengths(kib: usize, figures: &mut Figures) {
    let response = response::with_jwt(kib * 1024);
    let request = build::kept();
    let (ureq, reqwest) = (
        hot::ureq_source(kib * 1024),
        hot::reqwest_source(kib * 1024),
    );
    let header = hot::token(kib * 1024).authorization().clone();
    let map = RefCell::new(hot::headers());
    let mut contestants: Vec<Contestant<'_>> = vec![
        (
            "edx-auth",
            Box::new(|| drop(parse::ours(request.begin().1, &response))),
        ),
        ("by hand", Box::new(|| drop(parse::by_hand(&response)))),
        (
            "by hand with claims",
            Box::new(|| drop(parse::by_hand_with_claims(&response))),
        ),
        (
            "edx-auth ureq hot",
            Box::new(|| hot::ureq(&ureq, &mut map.borrow_mut())),
        ),
        (
            "edx-auth reqwest hot",
            Box::new(|| hot::reqwest(&reqwest, &mut map.borrow_mut())),
        ),
        (
            "by hand hot",
            Box::new(|| hot::by_hand_with_clocks(&header, &mut map.borrow_mut())),
        ),
    ];
    for (name, time) in race(11, &mut contestants) {
        figures.note(format!("length/{name}/{kib}"), time);
    }
}
