//! Client credentials that change, or that the program cannot provide.

use std::collections::VecDeque;
use std::error::Error as StdError;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use edx_auth_core::{ApiCall, ClientCredentials, Origins, RenewalError, RenewalPolicy};
use http::Method;

use crate::testing::{
    Ask, Behavior, Flavor, LONG_BACKOFFS, Site, cause, credentials, hold_due, in_both_flavors,
    one_error, one_token,
};

in_both_flavors!(
    denied_credentials_are_replaced_at_once,
    no_caller_sees_the_denial_of_replaced_credentials,
    denied_credentials_are_not_tried_twice,
    the_second_denial_ends_the_attempt,
    credentials_regenerated_under_a_live_token_fail_no_caller,
    a_function_that_fails_causes_no_request,
    a_function_that_panics_is_an_abandoned_attempt,
    a_function_that_alternates_between_denied_credentials_is_retried_once,
    an_api_call_leads_to_a_question_for_denied_credentials_too,
);

fn denied_credentials_are_replaced_at_once<W: Flavor>() {
    let site = Site::new();
    let source = site.source_with::<W>(LONG_BACKOFFS, one_after_the_other(["old", "new"]));

    let callers = W::start(20, &source, Ask::Token);
    site.respond([Behavior::Denied, Behavior::Token]);

    one_token(callers.results());
    assert_eq!(site.client_ids(), ["old", "new"]);
}

fn no_caller_sees_the_denial_of_replaced_credentials<W: Flavor>() {
    let site = Site::new();
    let source = site.source_with::<W>(LONG_BACKOFFS, one_after_the_other(["old", "new"]));

    let waiting = W::start(20, &source, Ask::Token);
    site.respond([Behavior::Denied]);
    site.receives(2);
    let error = W::ask(&source, Ask::Within(Duration::ZERO)).unwrap_err();
    site.respond([Behavior::Token]);

    assert!(cause(&error).is_none(), "{error}");
    one_token(waiting.results());
    assert_eq!(site.client_ids(), ["old", "new"]);
}

fn denied_credentials_are_not_tried_twice<W: Flavor>() {
    let site = Site::new();
    let source = site.source_with::<W>(LONG_BACKOFFS, one_after_the_other(["old", "old"]));

    let callers = W::start(20, &source, Ask::Token);
    site.respond([Behavior::Denied]);

    let error = one_error(callers.results());
    assert!(!error.is_retryable());
    assert_eq!(site.client_ids(), ["old"]);
}

fn the_second_denial_ends_the_attempt<W: Flavor>() {
    let site = Site::new();
    let provide = one_after_the_other(["old", "new", "newer"]);
    let source = site.source_with::<W>(LONG_BACKOFFS, provide);

    let callers = W::start(20, &source, Ask::Token);
    site.respond([Behavior::Denied, Behavior::Denied]);

    let error = one_error(callers.results());
    assert!(!error.is_retryable());
    assert_eq!(site.client_ids(), ["old", "new"]);
}

fn credentials_regenerated_under_a_live_token_fail_no_caller<W: Flavor>() {
    let site = Site::new();
    let source = site.source_with::<W>(LONG_BACKOFFS, one_after_the_other(["old", "new"]));
    hold_due(&source);

    let old = W::ask(&source, Ask::Token).unwrap();
    site.respond([Behavior::Denied]);
    site.receives(2);
    let meanwhile = one_token(W::start(20, &source, Ask::Token).results());
    let waiting = W::start(20, &source, Ask::NewerThan(old));
    site.respond([Behavior::Token]);

    assert!(one_token(waiting.results()) > meanwhile);
    assert_eq!(site.client_ids(), ["old", "new"]);
}

fn a_function_that_fails_causes_no_request<W: Flavor>() {
    let site = Site::new();
    let provide = || Err("the vault is sealed".into());
    let source = site.source_with::<W>(LONG_BACKOFFS, provide);

    let callers = W::start(20, &source, Ask::Token);

    let error = one_error(callers.results());
    let Some(RenewalError::Credentials(why)) = cause(&error) else {
        panic!("{error}");
    };
    assert_eq!(why.to_string(), "the vault is sealed");
    assert!(error.is_retryable());
    assert_eq!(site.requests(), 0);
}

fn a_function_that_panics_is_an_abandoned_attempt<W: Flavor>() {
    let site = Site::new();
    let source = site.source_with::<W>(LONG_BACKOFFS, || panic!("the vault breaks"));

    let callers = W::start(20, &source, Ask::Token);

    let error = one_error(callers.results());
    assert!(matches!(cause(&error), Some(RenewalError::Abandoned)));
    assert_eq!(site.requests(), 0);
}

fn a_function_that_alternates_between_denied_credentials_is_retried_once<W: Flavor>() {
    let site = Site::new();
    let at_once = Duration::from_millis(1);
    let policy = RenewalPolicy::builder().permanent_backoff(at_once, at_once);
    let source = site.source_with::<W>(policy.build().unwrap(), alternating());
    site.respond([Behavior::Denied; 5]);

    while site.requests() < 5 {
        W::ask(&source, Ask::Within(Duration::ZERO)).unwrap_err();
    }

    assert_eq!(site.client_ids(), ["one", "other", "one", "one", "one"]);
}

fn an_api_call_leads_to_a_question_for_denied_credentials_too<W: Flavor>() {
    let site = Site::new();
    let provide = one_after_the_other(["old", "old", "new", "new"]);
    let source = site.source_with::<W>(LONG_BACKOFFS, provide);
    let call = || {
        let url = "https://api.edx.org/catalog/v1/catalogs";
        let mut call = ApiCall::new(Method::GET, url, Origins::edx()).unwrap();
        W::next_action(&source, &mut call)
    };
    site.respond([Behavior::Denied, Behavior::Token]);

    call().unwrap_err();
    thread::sleep(Duration::from_secs(1)); // until the first question
    let _request = call().unwrap();

    assert_eq!(site.client_ids(), ["old", "new"]);
}

/// Returns the credentials of these clients in turn, then an error.
fn one_after_the_other<const N: usize>(
    clients: [&'static str; N],
) -> impl Fn() -> Result<ClientCredentials, Box<dyn StdError + Send + Sync>> {
    let clients = Mutex::new(VecDeque::from(clients));
    move || {
        let client = clients.lock().unwrap().pop_front();
        client
            .map(credentials)
            .ok_or_else(|| "there are no others".into())
    }
}

/// Returns the credentials of two clients, alternating.
fn alternating() -> impl Fn() -> Result<ClientCredentials, Box<dyn StdError + Send + Sync>> {
    let calls = AtomicUsize::new(0);
    move || match calls.fetch_add(1, Ordering::SeqCst) % 2 {
        0 => Ok(credentials("one")),
        _ => Ok(credentials("other")),
    }
}
