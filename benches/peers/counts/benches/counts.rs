//! Counts the instructions of every row in memory, exact to one or two.

use edx_auth_benches::{build, hot, parse, response};
use edx_auth_core::{IssuedToken, TokenExchange, TokenRequest};
use gungraun::{
    Callgrind, EventKind, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main,
};
use http::{HeaderMap, HeaderValue};

#[library_benchmark(setup = warm_build, config = at_most(1_175))]
#[bench::edx_auth()]
fn build_ours(request: TokenRequest) -> TokenRequest {
    build::ours(&request);
    request
}

#[library_benchmark(setup = warm_build_by_hand)]
#[bench::by_hand()]
fn build_by_hand(request: build::ByHand) -> build::ByHand {
    request.build();
    request
}

#[library_benchmark(setup = warm_parse)]
#[bench::opaque(args = (response::with_opaque_token(1024)), config = at_most(9_880))]
#[bench::jwt(args = (response::with_jwt(1024)), config = at_most(26_800))]
#[bench::jwt_4_kib(args = (response::with_jwt(4096)), config = at_most(77_800))]
#[bench::jwt_16_kib(args = (response::with_jwt(16384)), config = at_most(294_200))]
fn parse_ours(
    (request, exchange, response): (TokenRequest, TokenExchange, Vec<u8>),
) -> (TokenRequest, IssuedToken, Vec<u8>) {
    (request, parse::ours(exchange, &response), response)
}

#[library_benchmark(setup = warm_parse_by_hand)]
#[bench::opaque(response::with_opaque_token(1024))]
#[bench::jwt(response::with_jwt(1024))]
#[bench::jwt_4_kib(response::with_jwt(4096))]
#[bench::jwt_16_kib(response::with_jwt(16384))]
fn parse_by_hand(response: Vec<u8>) -> (HeaderValue, Vec<u8>) {
    (parse::by_hand(&response).0, response)
}

#[library_benchmark(setup = warm_parse_by_hand)]
#[bench::jwt(response::with_jwt(1024))]
fn parse_by_hand_with_claims(response: Vec<u8>) -> (HeaderValue, Vec<u8>) {
    (parse::by_hand_with_claims(&response).0, response)
}

#[library_benchmark(setup = warm_ureq, config = at_most(710))]
#[bench::edx_auth(1024)]
fn hot_ureq(
    (source, mut headers): (edx_auth_ureq::TokenSource, HeaderMap),
) -> (edx_auth_ureq::TokenSource, HeaderMap) {
    hot::ureq(&source, &mut headers);
    (source, headers)
}

#[library_benchmark(setup = warm_reqwest, config = at_most(698))]
#[bench::edx_auth(1024)]
fn hot_reqwest(
    (source, mut headers): (edx_auth_reqwest::TokenSource, HeaderMap),
) -> (edx_auth_reqwest::TokenSource, HeaderMap) {
    hot::reqwest(&source, &mut headers);
    (source, headers)
}

#[library_benchmark(setup = warm_hot_by_hand)]
#[bench::by_hand(1024)]
fn hot_by_hand((header, mut headers): (HeaderValue, HeaderMap)) -> (HeaderValue, HeaderMap) {
    hot::by_hand_with_clocks(&header, &mut headers);
    (header, headers)
}

/// Returns a configuration that fails above this bound: the count when the row was last reviewed, plus a
/// twentieth for another libc and another processor.
fn at_most(instructions: u64) -> LibraryBenchmarkConfig {
    let mut callgrind = Callgrind::default();
    callgrind.hard_limits([(EventKind::Ir, instructions)]);
    let mut config = LibraryBenchmarkConfig::default();
    config.tool(callgrind);
    config
}

// Every setup does the work once before the count, so that one-time initialization is not included.

fn warm_build() -> TokenRequest {
    let request = build::kept();
    build::ours(&request);
    request
}

fn warm_build_by_hand() -> build::ByHand {
    let request = build::ByHand::kept();
    request.build();
    request
}

fn warm_parse(response: Vec<u8>) -> (TokenRequest, TokenExchange, Vec<u8>) {
    let request = build::kept();
    drop(parse::ours(request.begin().1, &response));
    let (_, exchange) = request.begin();
    (request, exchange, response)
}

fn warm_parse_by_hand(response: Vec<u8>) -> Vec<u8> {
    drop(parse::by_hand(&response));
    response
}

fn warm_ureq(length: usize) -> (edx_auth_ureq::TokenSource, HeaderMap) {
    let (source, mut headers) = (hot::ureq_source(length), hot::headers());
    hot::ureq(&source, &mut headers);
    (source, headers)
}

fn warm_reqwest(length: usize) -> (edx_auth_reqwest::TokenSource, HeaderMap) {
    let (source, mut headers) = (hot::reqwest_source(length), hot::headers());
    hot::reqwest(&source, &mut headers);
    (source, headers)
}

fn warm_hot_by_hand(length: usize) -> (HeaderValue, HeaderMap) {
    let (header, mut headers) = (hot::token(length).authorization().clone(), hot::headers());
    hot::by_hand_with_clocks(&header, &mut headers);
    (header, headers)
}

library_benchmark_group!(
    name = rows,
    benchmarks = [
        build_ours,
        build_by_hand,
        parse_ours,
        parse_by_hand,
        parse_by_hand_with_claims,
        hot_ureq,
        hot_reqwest,
        hot_by_hand
    ]
);

main!(library_benchmark_groups = rows);
