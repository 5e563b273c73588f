//! Drives the items of a list as the iterator and the stream of the adapters do.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

use edx_auth_core::{AccessToken, TokenType, TransportFailure};
use http::StatusCode;

use super::*;
use crate::Blocking;

const LIST: &str = "https://api.edx.org/catalog/v1/catalogs";

#[test]
fn items_come_page_by_page() {
    let mut items = items();
    let second = format!("{LIST}?page=2");
    let first = format!(r#"{{"next": "{second}", "results": [1, 2]}}"#);

    assert_eq!(fetch(&mut items), LIST);
    items.on_page(Ok(page(StatusCode::OK, &first)), &source());
    let of_first = [item(&mut items), item(&mut items)];
    assert_eq!(fetch(&mut items), second);
    items.on_page(
        Ok(page(StatusCode::OK, r#"{"next": null, "results": [3]}"#)),
        &source(),
    );

    assert_eq!((of_first, item(&mut items)), ([1, 2], 3));
    assert!(items.has_ended());
    assert!(matches!(items.next_step(at(0)), ItemStep::Return(None)));
}

#[test]
fn a_position_leads_to_the_page_whose_items_come_next() {
    let mut items = items();
    let at = |items: &Items<u8>| items.position().map(|position| position.to_string());
    let first = format!(r#"{{"count": 3, "next": "{LIST}?page=2", "results": [1, 2]}}"#);
    let start = at(&items);

    assert_eq!(fetch(&mut items), LIST);
    items.on_page(Ok(page(StatusCode::OK, &first)), &source());
    let before_the_page = at(&items);
    let _one = item(&mut items);
    let within_the_page = at(&items);
    let _two = item(&mut items);
    let after_the_page = items.position().unwrap();

    assert_eq!(before_the_page, start);
    assert_eq!(within_the_page, start);
    assert_eq!(items.total(), Some(3));
    assert_eq!(items.report().items, 2);
    let mut rest = Items::<u8>::from_position(&after_the_page, Origins::edx());
    assert_eq!(fetch(&mut rest), format!("{LIST}?page=2"));
}

#[test]
fn a_position_outside_the_origins_is_one_error() {
    let elsewhere = Origins::none().allow("https://elsewhere.example").unwrap();
    let list = Items::<u8>::new("https://elsewhere.example/list", elsewhere);
    let position = list.position().unwrap();

    let mut items = Items::<u8>::from_position(&position, Origins::edx());

    assert!(matches!(error(&mut items), Error::Url(_)));
    assert!(items.has_ended());
}

#[test]
fn a_list_that_broke_keeps_its_position_and_its_report() {
    let mut items = items();
    let start = items.position().unwrap().to_string();
    assert_eq!(fetch(&mut items), LIST);
    let forbidden = page(StatusCode::FORBIDDEN, "{}");

    items.on_page(Ok(forbidden), &source());

    let _error = error(&mut items);
    assert_eq!(items.position().unwrap().to_string(), start);
    assert_eq!(items.report().pages, 0);
    assert!(items.has_ended());
}

#[test]
fn the_place_of_the_items_is_checked_when_it_is_set() {
    assert!(items().items_at("results.courses").is_ok());
    assert!(items().items_at("results.0").is_err());
    assert!(items().items_at("").is_err());
}

#[test]
fn the_first_mistake_in_a_setting_is_the_one_item() {
    let mut items = items()
        .query("no parameters")
        .header("a header", "x")
        .header("x", "y")
        .retry_timeout(Duration::ZERO)
        .whole_pages();

    let error = error(&mut items);

    assert!(
        error.report().to_string().contains("maps and structs"),
        "{}",
        error.report()
    );
    assert!(items.has_ended());
}

#[test]
fn settings_change_nothing_about_a_list_outside_the_origins() {
    let items = Items::<u8>::new("https://evil.example/", Origins::edx());

    let mut items = items.query(&[("a", 1)]).header("x", "y");

    assert!(matches!(error(&mut items), Error::Url(_)));
}

#[test]
fn a_failure_that_may_pass_is_waited_out() {
    let mut items = items();
    assert_eq!(fetch(&mut items), LIST);

    items.on_page(Ok(page(StatusCode::SERVICE_UNAVAILABLE, "")), &source());

    let ItemStep::Wait(wait) = items.next_step(at(0)) else {
        panic!("{items:?}");
    };
    assert!(wait >= Duration::from_secs(1), "{wait:?}");
    assert!(!items.has_ended());
    let ItemStep::Fetch(call) = items.next_step(at(wait.as_secs() + 1)) else {
        panic!("{items:?}");
    };
    assert_eq!(call.url().to_string(), LIST);
}

#[test]
fn a_retry_timeout_set_after_the_first_fetch_counts() {
    let mut items = items();
    assert_eq!(fetch(&mut items), LIST);

    let mut items = items.retry_timeout(Duration::ZERO);
    items.on_page(Ok(page(StatusCode::SERVICE_UNAVAILABLE, "")), &source());

    assert!(error(&mut items).is_retryable());
}

#[test]
fn an_error_names_its_page_and_ends_the_list() {
    let mut items = items();
    assert_eq!(fetch(&mut items), LIST);

    let url = Origins::edx().check(LIST).unwrap();
    let failed = Error::transport(&url, TransportFailure::Redirected);
    items.on_page(Err(failed), &source());

    let Error::Pagination { page, .. } = error(&mut items) else {
        panic!("{items:?}");
    };
    assert_eq!(page.to_string(), LIST);
    assert!(items.has_ended());
    assert!(matches!(items.next_step(at(0)), ItemStep::Return(None)));
}

#[test]
fn a_list_outside_the_origins_is_one_error() {
    let mut items = Items::<u8>::new("https://evil.example/", Origins::edx());

    assert!(!items.has_ended());
    assert!(matches!(error(&mut items), Error::Url(_)));
    assert!(items.has_ended());
}

#[test]
fn a_page_that_was_not_asked_for_changes_nothing() {
    let mut items = Items::<u8>::new("https://evil.example/", Origins::edx());
    let _ = error(&mut items);

    items.on_page(
        Ok(page(StatusCode::OK, r#"{"next": null, "results": [3]}"#)),
        &source(),
    );

    assert!(items.has_ended());
}

fn source() -> TokenSource<Blocking> {
    let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();
    TokenSource::fixed(token, Origins::edx())
}

fn items() -> Items<u8> {
    Items::new(LIST, Origins::edx())
}

fn page(status: StatusCode, body: &str) -> (Response<Vec<u8>>, String) {
    let mut response = Response::new(body.as_bytes().to_vec());
    *response.status_mut() = status;
    (response, LIST.to_owned())
}

fn fetch(items: &mut Items<u8>) -> String {
    match items.next_step(at(0)) {
        ItemStep::Fetch(call) => call.url().to_string(),
        step => panic!("{step:?}"),
    }
}

fn item(items: &mut Items<u8>) -> u8 {
    match items.next_step(at(0)) {
        ItemStep::Return(Some(item)) => item.unwrap(),
        step => panic!("{step:?}"),
    }
}

fn error(items: &mut Items<u8>) -> Error {
    match items.next_step(at(0)) {
        ItemStep::Return(Some(Err(error))) => error,
        step => panic!("{step:?}"),
    }
}

fn at(seconds: u64) -> Moment {
    Moment {
        monotonic: Duration::from_secs(seconds),
        wall: Duration::from_secs(seconds),
    }
}
