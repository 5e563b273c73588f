//! Damaged responses: cut, with flipped bits, or spliced from two.

use edx_auth_testkit::{Behavior, MockEdx, MockResponse};
use proptest::sample::Index;
use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::TestRunner;

use super::{ask, exchange_error, hasty_setup, over_every_stack};

/// Each request ends by its deadline, before the time limit, and not with a panic.
#[test]
fn each_of_500_malformed_responses_is_a_token_or_an_error() {
    over_every_stack(|stack| {
        let edx = MockEdx::start().unwrap();
        let responses = malformed_responses();
        for (number, response) in responses.iter().enumerate() {
            edx.next_request(MockEdx::TOKEN_PATH, Behavior::bytes(response.clone()));

            if let Err(error) = ask(stack, hasty_setup(&edx)) {
                let error = exchange_error(&error);
                assert!(!error.advice().is_empty(), "{}", stack.name);
            }

            // On a busy machine a request may not be sent before its deadline.
            let seen = edx.requests().len();
            let shown = response.escape_ascii();
            assert!(seen <= number + 1, "{} {shown}", stack.name);
        }
        let seen = edx.requests().len();
        assert!(seen > 250, "{}: {seen} of {}", stack.name, responses.len());
    });
}

/// Returns the same responses in every run.
fn malformed_responses() -> Vec<Vec<u8>> {
    let mut runner = TestRunner::deterministic();
    let accidents = proptest::collection::vec(
        (0..ACCIDENTS.len(), proptest::arbitrary::any::<[Index; 3]>()),
        1..4,
    );
    let strategy = (proptest::arbitrary::any::<Index>(), accidents);
    let mut one = || {
        let (sound, accidents) = strategy.new_tree(&mut runner).unwrap().current();
        let sound = sound.get(&sound_responses()).clone();
        accidents
            .into_iter()
            .fold(sound, |response, (accident, places)| {
                ACCIDENTS[accident](response, places)
            })
    };
    (0..500).map(|_| one()).collect()
}

fn sound_responses() -> [Vec<u8>; 5] {
    let chunks = format!(
        "4\r\n{}\r\n{:x}\r\n{}\r\n0\r\n\r\n",
        &TOKEN[..4],
        TOKEN.len() - 4,
        &TOKEN[4..]
    );
    [
        MockResponse::json(200, TOKEN).to_bytes(),
        MockResponse::json(200, chunks)
            .header("Transfer-Encoding", "chunked")
            .to_bytes(),
        MockResponse::json(401, r#"{"error": "invalid_client"}"#)
            .header("WWW-Authenticate", "Bearer")
            .to_bytes(),
        MockResponse::html(503, "<h1>Sorry</h1>")
            .header("Retry-After", "17")
            .to_bytes(),
        [
            b"HTTP/1.1 100 Continue\r\n\r\n",
            &*MockResponse::json(200, TOKEN).to_bytes(),
        ]
        .concat(),
    ]
}

type Accident = fn(Vec<u8>, [Index; 3]) -> Vec<u8>;

const ACCIDENTS: [Accident; 3] = [cut, flip_a_bit, splice];

fn cut(mut response: Vec<u8>, [place, ..]: [Index; 3]) -> Vec<u8> {
    response.truncate(place.index(response.len() + 1));
    response
}

fn flip_a_bit(mut response: Vec<u8>, [place, bit, _]: [Index; 3]) -> Vec<u8> {
    let place = place.index(response.len().max(1));
    if let Some(byte) = response.get_mut(place) {
        *byte ^= 1 << bit.index(8);
    }
    response
}

/// Returns the beginning of this response, followed by the end of another one.
fn splice(response: Vec<u8>, [place, other, from]: [Index; 3]) -> Vec<u8> {
    let other = other.get(&sound_responses()).clone();
    let mut response = cut(response, [place; 3]);
    response.extend(&other[from.index(other.len() + 1)..]);
    response
}

const TOKEN: &str = r#"{"access_token": "e30.e30.c2ln", "expires_in": 3600, "token_type": "JWT"}"#;
