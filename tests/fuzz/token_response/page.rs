//! The response as one page of a list: its items are returned completely or not at all, and its link
//! stays inside the origins.

use std::fmt::Debug;

use edx_auth_core::{PageError, Paginator};
use http::Response;
use http::header::LOCATION;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::api::{ORIGINS, START, is_inside};
use crate::canary;

pub(crate) fn check(response: &Response<Vec<u8>>) {
    check_items::<Value>(response);
    check_items::<Course>(response);
}

/// A program's type of an item. The errors of serde quote values that do not fit into it.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Course {
    key: String,
    #[serde(default)]
    weeks: u8,
    level: Option<Level>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Level {
    Easy,
    Hard,
}

fn check_items<T: DeserializeOwned + Debug + PartialEq>(response: &Response<Vec<u8>>) {
    let mut pages = Paginator::new(START, ORIGINS.clone()).expect("a URL inside");
    let mut again = pages.clone();
    let items = pages.on_response::<T>(response);
    assert_eq!(items, again.on_response::<T>(response), "read twice");
    assert_eq!(pages.url(), again.url(), "read twice");

    let url = pages.url().map(ToString::to_string);
    assert!(url.as_deref().is_none_or(is_inside), "{url:?}");
    match &items {
        Ok(_) => assert_ne!(url.as_deref(), Some(START)),
        Err(fault) => {
            assert_eq!(url.as_deref(), Some(START));
            check_fault(fault);
        }
    }
    check_found(pages, response);
}

fn check_fault(fault: &PageError) {
    canary::assert_absent(&[fault.to_string(), format!("{fault:?}")]);
    assert!(!fault.advice().is_empty());
    assert!(fault.retry_after().is_none() || fault.is_retryable());
}

/// Checks that the list stays inside the origins if its page was redirected to the response's `Location`.
fn check_found(mut pages: Paginator, response: &Response<Vec<u8>>) {
    let location = response.headers().get(LOCATION);
    if let Some(Ok(location)) = location.map(|location| location.to_str()) {
        pages.redirected_to(location);
        let url = pages.url().map(ToString::to_string);
        assert!(url.as_deref().is_none_or(is_inside), "{url:?}");
    }
}
