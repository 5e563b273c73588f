//! Programs that announce new client credentials with `credentials_changed`: rarely, often, and without
//! having any.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::testing::{
    Ask, Behavior, Count, Flavor, LONG_BACKOFFS, Site, credentials, hold_fresh, in_both_flavors,
};
use crate::{ClientCredentials, TokenSource};

in_both_flavors!(
    changed_credentials_end_the_backoff_of_the_old_ones,
    announcing_revoked_credentials_before_each_use_costs_one_request,
    announcing_alternating_revoked_credentials_costs_three_requests_at_most,
    a_token_is_accepted_although_credentials_are_announced_meanwhile,
    announcing_the_credentials_in_use_changes_nothing,
    the_cached_token_stays_in_use_while_credentials_change,
    without_a_function_an_announcement_does_nothing,
);

fn changed_credentials_end_the_backoff_of_the_old_ones<W: Flavor>() {
    let site = Site::new();
    let vault = Vault::holding("old");
    let source = vault.source::<W>(&site);
    site.respond([Behavior::Denied, Behavior::Token]);
    W::ask(&source, Ask::Token).unwrap_err();

    vault.replace_by("new");
    source.credentials_changed();

    W::ask(&source, Ask::Token).unwrap();
    assert_eq!(site.client_ids(), ["old", "new"]);
}

fn announcing_revoked_credentials_before_each_use_costs_one_request<W: Flavor>() {
    let site = Site::new();
    let vault = Vault::holding("old");
    let source = vault.source::<W>(&site);
    site.respond([Behavior::Denied; 100]);

    for _ in 0..100 {
        source.credentials_changed();
        let error = W::ask(&source, Ask::Token).unwrap_err();
        assert!(!error.is_retryable());
    }

    assert_eq!(site.client_ids(), ["old"]);
}

fn announcing_alternating_revoked_credentials_costs_three_requests_at_most<W: Flavor>() {
    let site = Site::new();
    let calls = AtomicUsize::new(0);
    let source = site.source_with::<W>(LONG_BACKOFFS, move || {
        let is_even = calls.fetch_add(1, Ordering::SeqCst) % 2 == 0;
        Ok(credentials(if is_even { "one" } else { "other" }))
    });
    site.respond([Behavior::Denied; 100]);

    for _ in 0..100 {
        source.credentials_changed();
        W::ask(&source, Ask::Token).unwrap_err();
    }

    assert!(site.requests() <= 3, "{:?}", site.client_ids());
}

fn a_token_is_accepted_although_credentials_are_announced_meanwhile<W: Flavor>() {
    let site = Site::new();
    let vault = Vault::holding("acme-api");
    let source = vault.source::<W>(&site);

    let callers = W::start(8, &source, Ask::Token);
    site.receives(1);
    for _ in 0..100 {
        source.credentials_changed();
    }
    site.respond([Behavior::Token]);
    let token = crate::testing::one_token(callers.results());
    vault.calls.reaches(2);
    let later = W::ask(&source, Ask::Token).unwrap();

    assert_eq!(later.generation(), token);
    assert_eq!(site.requests(), 1);
}

fn announcing_the_credentials_in_use_changes_nothing<W: Flavor>() {
    let site = Site::new();
    let vault = Vault::holding("acme-api");
    let source = vault.source::<W>(&site);
    hold_fresh(&source);
    let old = W::ask(&source, Ask::Token).unwrap();

    // The function is called again after its last result was taken in.
    for calls in 1..=20 {
        source.credentials_changed();
        vault.calls.reaches(calls);
        let token = W::ask(&source, Ask::Token).unwrap();
        assert_eq!(token.generation(), old.generation());
    }

    assert_eq!(site.requests(), 0);
}

fn the_cached_token_stays_in_use_while_credentials_change<W: Flavor>() {
    let site = Site::new();
    let vault = Vault::holding("old");
    let source = vault.source::<W>(&site);
    site.respond([Behavior::Token]);
    let old = W::ask(&source, Ask::Token).unwrap();

    vault.replace_by("new");
    source.credentials_changed();
    until(|| format!("{source:?}").contains("\"new\""));
    let meanwhile = W::ask(&source, Ask::Token).unwrap();
    site.respond([Behavior::Token]);
    let new = W::ask(&source, Ask::NewerThan(old.clone())).unwrap();

    assert_eq!(meanwhile.generation(), old.generation());
    assert!(new.generation() > old.generation());
    assert_eq!(site.client_ids(), ["old", "new"]);
}

fn without_a_function_an_announcement_does_nothing<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(LONG_BACKOFFS);
    site.respond([Behavior::Denied, Behavior::Token]);
    let denied = W::ask(&source, Ask::Token).unwrap_err();

    for _ in 0..20 {
        source.credentials_changed();
        let error = W::ask(&source, Ask::Token).unwrap_err();
        assert_eq!(error.to_string(), denied.to_string());
    }

    assert_eq!(site.requests(), 1);
}

/// Where the program keeps its client credentials.
struct Vault {
    client_id: Mutex<&'static str>,
    calls: Count,
}

impl Vault {
    fn holding(client_id: &'static str) -> Arc<Self> {
        Arc::new(Self {
            client_id: Mutex::new(client_id),
            calls: Count::default(),
        })
    }

    fn replace_by(&self, client_id: &'static str) {
        *self.client_id.lock().unwrap() = client_id;
    }

    fn source<W>(self: &Arc<Self>, site: &Site) -> TokenSource<W> {
        let vault = Arc::clone(self);
        site.source_with(LONG_BACKOFFS, move || Ok(vault.provide()))
    }

    fn provide(&self) -> ClientCredentials {
        let client_id = *self.client_id.lock().unwrap();
        self.calls.add();
        credentials(client_id)
    }
}

fn until(mut is_so: impl FnMut() -> bool) {
    while !is_so() {
        thread::yield_now();
    }
}
