//! Credentials that change while somebody asks with the old ones.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use machine::thread;

use crate::{Asked, Plan, STEADY, Source, callers, no_token, site};

pub(super) fn a_newer_pair_has_the_last_word<S: Source>() {
    let (source, pair) = changing::<S>();

    let callers = callers(3, &source, |source| {
        let earlier = source.token();
        let later = source.token();
        assert!(
            is_of(NEW, &later) || !is_of(NEW, &earlier),
            "back to the old one"
        );
        later
    });
    let before = rotate(&source, &pair);
    let _tokens = callers.tokens();

    let _renews = source.token().unwrap();
    thread::end();
    assert!(is_of(NEW, &source.token()));
    let asked_by = site::asked_by();
    assert!(
        asked_by[before..].iter().all(|client| client == NEW),
        "{asked_by:?}"
    );
    assert!(asked_by.len() <= 3, "{asked_by:?}");
}

pub(super) fn a_refused_pair_is_changed_before_anybody_hears_of_it<S: Source>() {
    let rotated = AtomicBool::new(false);
    let once_old = move || {
        if rotated.swap(true, Ordering::Relaxed) {
            NEW
        } else {
            OLD
        }
    };
    let source = S::of(Plan::new(STEADY).by(once_old));
    site::forgets(OLD);

    callers(6, &source, S::token).one_token();

    assert_eq!(site::asked_by(), [OLD, NEW]);
}

pub(super) fn changed_credentials_end_what_the_old_ones_caused<S: Source>() {
    let (source, pair) = changing::<S>();
    site::forgets(OLD);

    let callers = callers(3, &source, S::token);
    let before = rotate(&source, &pair);
    for asked in callers.results() {
        assert!(is_of(NEW, &asked) || no_token(asked).cause().is_some());
    }

    assert!(is_of(NEW, &source.token()));
    let asked_by = site::asked_by();
    assert!(
        asked_by[before..].iter().all(|client| client == NEW),
        "{asked_by:?}"
    );
}

pub(super) fn of_two_changes_the_later_has_the_last_word<S: Source>() {
    let (source, pair) = changing::<S>();

    let callers = callers(4, &source, S::token);
    let _before = rotate(&source, &pair);
    let before = rotate(&source, &pair);
    let _tokens = callers.tokens();

    let _renews = source.token().unwrap();
    thread::end();
    assert!(is_of(NEWEST, &source.token()));
    let asked_by = site::asked_by();
    assert!(
        asked_by[before..].iter().all(|client| client == NEWEST),
        "{asked_by:?}"
    );
}

/// A source whose pair is whichever somebody says.
fn changing<S: Source>() -> (S, Arc<AtomicUsize>) {
    let pair = Arc::new(AtomicUsize::new(0));
    let now = Arc::clone(&pair);
    let client = move || PAIRS[now.load(Ordering::Relaxed)];
    (S::of(Plan::new(STEADY).by(client)), pair)
}

/// Changes to the next pair and says so; how many requests there had been when that was done.
fn rotate<S: Source>(source: &S, pair: &AtomicUsize) -> usize {
    pair.fetch_add(1, Ordering::Relaxed);
    source.credentials_changed();
    site::requests()
}

fn is_of(client: &str, asked: &Asked) -> bool {
    let token = asked.as_ref().map(|token| token.authorization().to_str());
    token.is_ok_and(|token| token.unwrap().ends_with(client))
}

const OLD: &str = "old-pair";
const NEW: &str = "new-pair";
const NEWEST: &str = "newest-pair";
const PAIRS: [&str; 3] = [OLD, NEW, NEWEST];
