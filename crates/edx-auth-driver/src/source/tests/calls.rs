//! API calls that take their tokens from a source.

use std::thread;
use std::time::Duration;

use edx_auth_core::{ApiCall, CallError, CallStep, Origins, Verdict};
use http::{HeaderMap, Method, StatusCode};

use crate::testing::{Behavior, Flavor, LONG_BACKOFFS, Site, hold_fresh, in_both_flavors};

in_both_flavors!(
    a_call_waits_for_its_first_token,
    a_call_whose_token_is_rejected_waits_for_a_newer_one,
    a_call_without_a_token_ends_at_its_deadline,
);

fn a_call_waits_for_its_first_token<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(LONG_BACKOFFS);
    let mut call = call();

    let calling = thread::spawn(move || W::next_step(&source, &mut call));
    site.receives(1);
    site.respond([Behavior::Token]);

    let step = calling.join().unwrap();
    assert_eq!(authorization(step), "JWT opaque1");
}

fn a_call_whose_token_is_rejected_waits_for_a_newer_one<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(LONG_BACKOFFS);
    hold_fresh(&source);
    let mut call = call();

    let first = W::next_step(&source, &mut call);
    call.on_response(StatusCode::UNAUTHORIZED, &HeaderMap::new(), b"");
    site.respond([Behavior::Token]);
    let second = W::next_step(&source, &mut call);
    call.on_response(StatusCode::OK, &HeaderMap::new(), b"");
    let last = W::next_step(&source, &mut call);

    assert_eq!(authorization(first), "JWT a.b.c");
    assert_eq!(authorization(second), "JWT opaque1");
    let CallStep::Deliver { verdict, .. } = last else {
        panic!("{last:?}");
    };
    assert_eq!(verdict, Verdict::Success);
    assert_eq!(source.health().rejected, 1);
}

fn a_call_without_a_token_ends_at_its_deadline<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(LONG_BACKOFFS);
    let mut call = call().timeout(Duration::from_millis(5));

    let step = W::next_step(&source, &mut call);

    let CallStep::Fail(CallError::Token(error)) = step else {
        panic!("{step:?}");
    };
    assert!(error.renewal_error().is_none());
}

fn call() -> ApiCall {
    let url = "https://discovery.edx.org/api/v1/courses/";
    ApiCall::new(Method::GET, url, Origins::edx()).unwrap()
}

fn authorization(step: CallStep) -> String {
    let CallStep::Send(request) = step else {
        panic!("{step:?}");
    };
    let request = request.with_body(());
    let value = request.headers()["authorization"].to_str();
    value.unwrap().to_owned()
}
