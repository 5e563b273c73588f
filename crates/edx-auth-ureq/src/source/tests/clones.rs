//! What clones share, and what they show.

use super::callers::{callers, one_token};
use super::issuer::{Answer, Issuer, SECRET};
use super::policies::LONG_PAUSES;
use crate::TokenSource;

#[test]
fn clones_share_the_token() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    issuer.answer([Answer::Token]);

    let first = source.clone().token().unwrap();
    let others = one_token(callers(50, &source.clone(), TokenSource::token).results());

    assert_eq!(others, first.generation());
    assert_eq!(issuer.requests(), 1);
}

#[test]
fn a_clone_outlives_the_source_that_it_is_of() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);

    let callers = callers(50, &source, TokenSource::token);
    drop(source);
    issuer.answer([Answer::Token]);

    one_token(callers.results());
    assert_eq!(issuer.requests(), 1);
}

#[test]
fn nothing_secret_is_shown() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    issuer.answer([Answer::Token]);
    let token = source.token().unwrap();

    let shown = format!("{source:?} {source:#?} {token:?} {}", source.health());

    assert!(shown.contains("acme-api") && shown.contains("generation 1"));
    assert!(!shown.contains(SECRET) && !shown.contains("opaque"));
}

#[test]
fn a_source_goes_wherever_its_program_does() {
    fn goes_anywhere<T: Send + Sync + Clone + std::fmt::Debug + 'static>() {}

    goes_anywhere::<TokenSource>();
}
