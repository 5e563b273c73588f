//! What clones share, and what they show.

use std::time::Duration;

use super::callers::{callers, one_token, token};
use super::issuer::{Answer, Issuer, SECRET};
use super::policies::LONG_PAUSES;
use crate::TokenSource;

#[tokio::test(flavor = "multi_thread")]
async fn clones_share_the_token() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    issuer.answer([Answer::Token]);

    let first = source.clone().token().await.unwrap();
    let others = one_token(callers(50, &source.clone(), token).results().await);

    assert_eq!(others, first.generation());
    assert_eq!(issuer.requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clone_outlives_the_source_that_it_is_of() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);

    let callers = callers(50, &source, token);
    drop(source);
    issuer.answer([Answer::Token]);

    one_token(callers.results().await);
    assert_eq!(issuer.requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_secret_is_shown() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    issuer.answer([Answer::Token]);
    let token = source.token().await.unwrap();

    let shown = format!("{source:?} {source:#?} {token:?} {}", source.health());

    assert!(shown.contains("acme-api") && shown.contains("generation 1"));
    assert!(!shown.contains(SECRET) && !shown.contains("opaque"));
}

#[test]
fn a_source_goes_wherever_its_program_does() {
    fn goes_anywhere<T: Send + Sync + Clone + std::fmt::Debug + 'static>() {}

    goes_anywhere::<TokenSource>();
}

#[tokio::test]
async fn what_is_awaited_moves_between_threads() {
    fn moves<T: Send>(_: T) {}
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    issuer.answer([Answer::Token]);
    let token = source.token().await.unwrap();

    moves(source.token());
    moves(source.token_within(Duration::ZERO));
    moves(source.token_valid_for(Duration::ZERO));
    moves(source.token_newer_than(&token));
    moves(source.renew_now());
}
