//! API calls that take their tokens from a source.

use std::thread;
use std::time::Duration;

use edx_auth_core::{ApiCall, Origins, TransportError};
use http::{Method, Response, StatusCode};

use crate::testing::{Behavior, Flavor, LONG_BACKOFFS, Site, hold_fresh, in_both_flavors};
use crate::{CallAction, Error};

in_both_flavors!(
    a_call_waits_for_its_first_token,
    a_call_whose_token_is_rejected_waits_for_a_newer_one,
    a_call_without_a_token_ends_at_its_deadline,
);

fn a_call_waits_for_its_first_token<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(LONG_BACKOFFS);
    let mut call = call();

    let calling = thread::spawn(move || W::next_action(&source, &mut call));
    site.receives(1);
    site.respond([Behavior::Token]);

    let action = calling.join().unwrap();
    assert_eq!(authorization(action), "JWT opaque1");
}

fn a_call_whose_token_is_rejected_waits_for_a_newer_one<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(LONG_BACKOFFS);
    hold_fresh(&source);
    let mut call = call();

    let first = W::next_action(&source, &mut call);
    let rejected = received(&mut call, StatusCode::UNAUTHORIZED);
    site.respond([Behavior::Token]);
    let second = W::next_action(&source, &mut call);
    let received = received(&mut call, StatusCode::OK);
    let last = W::next_action(&source, &mut call);

    assert_eq!(authorization(first), "JWT a.b.c");
    assert_eq!(authorization(second), "JWT opaque1");
    let Ok(CallAction::Deliver(meaning)) = last else {
        panic!("{last:?}");
    };
    assert_eq!(
        rejected.map(|response| response.status()),
        Some(StatusCode::UNAUTHORIZED)
    );
    assert_eq!(meaning.deliver(received).unwrap().status(), StatusCode::OK);
    assert_eq!(source.health().rejected, 1);
}

fn a_call_without_a_token_ends_at_its_deadline<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(LONG_BACKOFFS);
    let mut call = call().timeout(Duration::from_millis(5));

    let action = W::next_action(&source, &mut call);

    let Err(Error::Token(error)) = action else {
        panic!("{action:?}");
    };
    assert!(error.renewal_error().is_none());
}

fn call() -> ApiCall {
    let url = "https://discovery.edx.org/api/v1/courses/";
    ApiCall::new(Method::GET, url, Origins::edx()).unwrap()
}

fn received(call: &mut ApiCall, status: StatusCode) -> Option<Response<Vec<u8>>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = status;
    call.on_result(Ok::<_, TransportError>(response))
}

fn authorization(action: Result<CallAction, Error>) -> String {
    let Ok(CallAction::Send(request)) = action else {
        panic!("{action:?}");
    };
    let request = request.with_body(());
    let value = request.headers()["authorization"].to_str();
    value.unwrap().to_owned()
}
