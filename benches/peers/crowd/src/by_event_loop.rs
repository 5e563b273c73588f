//! By the event loop of the example: one thread, and at most as many sockets.

use std::sync::mpsc;
use std::time::Duration;

use edx_auth_core::{ApiCall, Origins, RenewalPolicy, TokenAgent};
use http::{Method, Response};

use crate::event_loop::{Account, Call, EventLoop};
use crate::{CALLS, CLIENTS};

pub(crate) fn run(token_url: &str, api_url: &str) {
    let endpoint = crate::endpoint(token_url);
    let origins = Origins::of(&endpoint);
    let (sender, done) = mpsc::channel();
    let call = |number: usize| {
        let sender = sender.clone();
        Call {
            request: ApiCall::new(Method::GET, api_url, origins.clone()).expect("a call"),
            body: Vec::new(),
            response: Response::default(),
            done: Box::new(move |result| {
                assert_eq!(result.expect("a response").status(), 200);
                sender.send(number).expect("a receiver");
            }),
        }
    };
    let account = |number| Account {
        agent: TokenAgent::new(crate::request(&endpoint, number), RenewalPolicy::DEFAULT),
        calls: vec![call(number)],
        due: Duration::ZERO,
    };
    let mut event_loop = EventLoop::new((0..CLIENTS).map(account).collect()).expect("a poll");
    let mut left = vec![CALLS; CLIENTS];
    while left.iter().any(|left| *left > 0) {
        event_loop.turn(A_WHILE).expect("a turn");
        for number in done.try_iter() {
            left[number] -= 1;
            if left[number] > 0 {
                let account = &mut event_loop.accounts[number];
                account.calls.push(call(number));
                account.due = Duration::ZERO;
            }
        }
    }
}

const A_WHILE: Duration = Duration::from_secs(60);
