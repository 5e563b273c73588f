//! What clones share, and what they show.

use crate::testing::{
    Ask, Behavior, Flavor, LONG_BACKOFFS, SECRET, Site, in_both_flavors, one_token,
};
use crate::{Blocking, TokenSource};

in_both_flavors!(
    clones_share_the_token,
    a_clone_outlives_the_source_that_it_was_cloned_from,
    no_secret_is_shown,
);

fn clones_share_the_token<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(LONG_BACKOFFS);
    site.respond([Behavior::Token]);

    let first = W::ask(&source.clone(), Ask::Token).unwrap();
    let others = one_token(W::start(20, &source.clone(), Ask::Token).results());

    assert_eq!(others, first.generation());
    assert_eq!(site.requests(), 1);
}

fn a_clone_outlives_the_source_that_it_was_cloned_from<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(LONG_BACKOFFS);

    let callers = W::start(20, &source, Ask::Token);
    drop(source);
    site.respond([Behavior::Token]);

    one_token(callers.results());
    assert_eq!(site.requests(), 1);
}

fn no_secret_is_shown<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(LONG_BACKOFFS);
    site.respond([Behavior::Token]);
    let token = W::ask(&source, Ask::Token).unwrap();

    let shown = format!("{source:?} {source:#?} {token:?} {}", source.health());

    assert!(shown.contains("acme-api") && shown.contains("generation 1"));
    assert!(!shown.contains(SECRET) && !shown.contains("opaque"));
}

#[test]
fn a_source_goes_to_every_thread_of_its_program() {
    fn goes_everywhere<T: Send + Sync + Clone + std::fmt::Debug + 'static>() {}

    goes_everywhere::<TokenSource<Blocking>>();
    #[cfg(feature = "async")]
    goes_everywhere::<TokenSource<crate::Async>>();
}

#[cfg(feature = "async")]
#[test]
fn the_futures_of_a_source_move_between_threads() {
    fn moves<T: Send>(_: T) {}
    let site = Site::new();
    let source = site.source::<crate::Async>(LONG_BACKOFFS);
    site.respond([Behavior::Token]);
    let token = crate::testing::block_on(source.token()).unwrap();

    moves(source.token());
    moves(source.token_within(std::time::Duration::ZERO));
    moves(source.token_valid_for(std::time::Duration::ZERO));
    moves(source.token_newer_than(&token));
    moves(source.renew_now());
}
