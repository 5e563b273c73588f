//! Replies that something happened to on their way: cut, with bits changed, or two grown into one.

use edx_auth_testkit::{Behavior, MockEdx, Reply};
use proptest::sample::Index;
use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::TestRunner;

use super::{ask, exchange_error, hasty_setup, over_every_stack};

/// Each within its deadline, for none reaches the guard; and none by a panic, which would be no end
/// of an exchange.
#[test]
fn each_of_500_malformed_replies_is_a_token_or_an_error() {
    over_every_stack(|stack| {
        let edx = MockEdx::start().unwrap();
        let replies = malformed_replies();
        for (number, reply) in replies.iter().enumerate() {
            edx.next_request(MockEdx::TOKEN_PATH, Behavior::bytes(reply.clone()));

            if let Err(error) = ask(stack, hasty_setup(&edx)) {
                let error = exchange_error(&error);
                assert!(!error.advice().is_empty(), "{}", stack.name);
            }

            // A busy machine may not come to send one before its deadline.
            let seen = edx.requests().len();
            let shown = reply.escape_ascii();
            assert!(seen <= number + 1, "{} {shown}", stack.name);
        }
        let seen = edx.requests().len();
        assert!(seen > 250, "{}: {seen} of {}", stack.name, replies.len());
    });
}

/// The same ones in every run.
fn malformed_replies() -> Vec<Vec<u8>> {
    let mut runner = TestRunner::deterministic();
    let accidents = proptest::collection::vec(
        (0..ACCIDENTS.len(), proptest::arbitrary::any::<[Index; 3]>()),
        1..4,
    );
    let strategy = (proptest::arbitrary::any::<Index>(), accidents);
    let mut one = || {
        let (sound, accidents) = strategy.new_tree(&mut runner).unwrap().current();
        let sound = sound.get(&sound_replies()).clone();
        accidents
            .into_iter()
            .fold(sound, |reply, (accident, places)| {
                ACCIDENTS[accident](reply, places)
            })
    };
    (0..500).map(|_| one()).collect()
}

fn sound_replies() -> [Vec<u8>; 5] {
    let chunks = format!(
        "4\r\n{}\r\n{:x}\r\n{}\r\n0\r\n\r\n",
        &TOKEN[..4],
        TOKEN.len() - 4,
        &TOKEN[4..]
    );
    [
        Reply::json(200, TOKEN).to_bytes(),
        Reply::json(200, chunks)
            .header("Transfer-Encoding", "chunked")
            .to_bytes(),
        Reply::json(401, r#"{"error": "invalid_client"}"#)
            .header("WWW-Authenticate", "Bearer")
            .to_bytes(),
        Reply::html(503, "<h1>Sorry</h1>")
            .header("Retry-After", "17")
            .to_bytes(),
        [
            b"HTTP/1.1 100 Continue\r\n\r\n",
            &*Reply::json(200, TOKEN).to_bytes(),
        ]
        .concat(),
    ]
}

type Accident = fn(Vec<u8>, [Index; 3]) -> Vec<u8>;

const ACCIDENTS: [Accident; 3] = [cut, flip_a_bit, splice];

fn cut(mut reply: Vec<u8>, [place, ..]: [Index; 3]) -> Vec<u8> {
    reply.truncate(place.index(reply.len() + 1));
    reply
}

fn flip_a_bit(mut reply: Vec<u8>, [place, bit, _]: [Index; 3]) -> Vec<u8> {
    let place = place.index(reply.len().max(1));
    if let Some(byte) = reply.get_mut(place) {
        *byte ^= 1 << bit.index(8);
    }
    reply
}

/// The beginning of this one, and the end of another from some place of its own.
fn splice(reply: Vec<u8>, [place, other, from]: [Index; 3]) -> Vec<u8> {
    let other = other.get(&sound_replies()).clone();
    let mut reply = cut(reply, [place; 3]);
    reply.extend(&other[from.index(other.len() + 1)..]);
    reply
}

const TOKEN: &str = r#"{"access_token": "e30.e30.c2ln", "expires_in": 3600, "token_type": "JWT"}"#;
