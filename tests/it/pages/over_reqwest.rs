//! Tests of the async client alone: callers that stop waiting, and streams.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use edx_auth_reqwest::{AuthorizedClient, Pages, TokenSource};
use edx_auth_testkit::{Behavior, MockEdx, MockResponse};
use edx_auth_tests::clients::{Item, Setup, on_a_runtime};
use futures_core::Stream;
use futures_core::stream::FusedStream;
use tokio::time::timeout;

use super::list::{ids, path, requests, serve, url};

#[test]
fn dropping_the_wait_for_an_item_loses_no_item() {
    on_a_runtime(async || {
        let edx = MockEdx::start().unwrap();
        serve(&edx, 4);
        edx.next_request(
            path(2),
            Behavior::after(Duration::from_millis(100), Behavior::pass_through()),
        );
        edx.next_request(path(3), MockResponse::html(503, ""));
        let mut pages = pages(&edx);

        let (mut given, mut stopped) = (Vec::new(), 0);
        loop {
            match polled_once(pages.next()).await {
                Poll::Ready(Some(item)) => given.push(item.unwrap().id),
                Poll::Ready(None) => break,
                Poll::Pending => stopped += 1,
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }

        assert_eq!(given, ids(1..=4));
        assert!(stopped > 0);
        assert_eq!(requests(&edx), 5);
    });
}

#[test]
fn a_stream_returns_the_same_items_and_terminates() {
    on_a_runtime(async || {
        let edx = MockEdx::start().unwrap();
        serve(&edx, 3);
        let mut pages = pages(&edx);

        assert!(!pages.is_terminated());
        let given = collected(&mut pages).await;

        assert_eq!(given, ids(1..=3));
        assert!(pages.is_terminated());
        assert!(collected(&mut pages).await.is_empty());
    });
}

#[test]
fn a_stream_ends_after_an_error() {
    on_a_runtime(async || {
        let edx = MockEdx::start().unwrap();
        edx.on("GET", path(1), MockResponse::json(404, ""));
        let mut pages = pages(&edx);

        let error = pages.next().await.unwrap().unwrap_err();

        assert!(
            error.to_string().starts_with("the list ended early, at "),
            "{error}"
        );
        assert!(pages.is_terminated());
        assert!(pages.next().await.is_none());
    });
}

#[test]
fn a_stream_may_be_dropped_in_the_middle_of_a_page() {
    on_a_runtime(async || {
        let edx = MockEdx::start().unwrap();
        serve(&edx, 1);
        edx.next_request(path(1), Behavior::stall());
        let client = client(&edx);
        let mut stalled = client.pages::<Item>(&url(&edx, 1));

        while requests(&edx) == 0 {
            let given = timeout(Duration::from_millis(1), stalled.next()).await;
            assert!(given.is_err(), "a page that stalls");
        }
        drop(stalled);
        let mut pages = client.pages(&url(&edx, 1));

        assert_eq!(collected(&mut pages).await, ids([1]));
    });
}

#[test]
fn a_stream_may_go_to_another_task_in_the_middle_of_a_page() {
    on_a_runtime(async || {
        let edx = MockEdx::start().unwrap();
        serve(&edx, 2);
        edx.next_request(
            path(1),
            Behavior::after(Duration::from_millis(100), Behavior::pass_through()),
        );
        let mut pages = pages(&edx);

        assert!(polled_once(pages.next()).await.is_pending());
        let moved = tokio::spawn(async move { collected(&mut pages).await });

        assert_eq!(moved.await.unwrap(), ids(1..=2));
    });
}

async fn polled_once<T>(work: impl Future<Output = T>) -> Poll<T> {
    let mut work = pin!(work);
    poll_fn(|context| Poll::Ready(work.as_mut().poll(context))).await
}

async fn collected(pages: &mut Pages<Item>) -> Vec<u64> {
    let mut given = Vec::new();
    while let Some(item) = poll_fn(|context| Pin::new(&mut *pages).poll_next(context)).await {
        given.push(item.unwrap().id);
    }
    given
}

fn pages(edx: &MockEdx) -> Pages<Item> {
    client(edx).pages(&url(edx, 1))
}

fn client(edx: &MockEdx) -> AuthorizedClient {
    let source = TokenSource::new(Setup::of(edx).request).unwrap();
    AuthorizedClient::new(source).unwrap()
}
