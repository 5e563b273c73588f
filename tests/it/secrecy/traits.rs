//! Traits that secrets must not have: comparison, `Display`, serialization, `Default`. These tests ask
//! the compiler; `edx_auth_tests::secrets` shows its errors.

use std::fmt::Display;

use edx_auth_core::{
    AccessToken, ApiRequest, ApiUrl, ClientCredentials, EnvConfig, ExchangeTicket, FormBody,
    IssuedToken, LiveToken, Scope, StoredToken, TokenAgent, TokenExchange, TokenRequest,
    UnverifiedClaims, Work,
};
use serde::Serialize;

/// Returns whether a type implements a trait: an inherent constant takes precedence over one of a
/// trait.
macro_rules! is {
    ($type:ty: $trait:path) => {{
        struct Asked<T>(std::marker::PhantomData<T>);
        #[allow(dead_code, reason = "not read if the type implements the trait")]
        trait Fallback {
            const IS: bool = false;
        }
        impl<T> Fallback for Asked<T> {}
        #[allow(
            dead_code,
            reason = "not read if the type does not implement the trait"
        )]
        impl<T: $trait> Asked<T> {
            const IS: bool = true;
        }
        <Asked<$type>>::IS
    }};
}

/// Returns which of these traits a type implements.
macro_rules! traits {
    ($($type:ty),* $(,)?) => {
        [$((
            stringify!($type),
            [
                ("PartialEq", is!($type: PartialEq)),
                ("PartialOrd", is!($type: PartialOrd)),
                ("Hash", is!($type: std::hash::Hash)),
                ("Display", is!($type: Display)),
                ("ToString", is!($type: ToString)),
                ("Serialize", is!($type: Serialize)),
                ("Default", is!($type: Default)),
                ("AsRef<str>", is!($type: AsRef<str>)),
                ("Into<String>", is!($type: Into<String>)),
                ("Deref", is!($type: std::ops::Deref)),
            ],
        )),*]
    };
}

#[test]
fn types_with_a_secret_have_no_comparison_no_display_and_no_serialization() {
    let secret = traits![
        ClientCredentials,
        FormBody,
        TokenRequest,
        TokenExchange,
        EnvConfig,
        AccessToken,
        IssuedToken,
        LiveToken,
        StoredToken,
        UnverifiedClaims,
        TokenAgent,
        Work,
        ExchangeTicket,
        ApiRequest,
        edx_auth_driver::ResponseBody,
        edx_auth_driver::RequestDraft<Vec<u8>, Vec<u8>>,
        edx_auth_driver::TokenSource<edx_auth_driver::Blocking>,
        edx_auth_driver::TokenSourceBuilder<edx_auth_driver::Blocking>,
        edx_auth_ureq::TokenSource,
        edx_auth_ureq::TokenSourceBuilder,
        edx_auth_ureq::AuthorizedClient,
        edx_auth_ureq::AuthorizedClientBuilder,
        edx_auth_ureq::RequestBuilder<'static>,
        edx_auth_reqwest::TokenSource,
        edx_auth_reqwest::TokenSourceBuilder,
        edx_auth_reqwest::AuthorizedClient,
        edx_auth_reqwest::AuthorizedClientBuilder,
        edx_auth_reqwest::RequestBuilder,
    ];
    for (name, traits) in secret {
        for (of, is) in traits {
            assert!(!is, "{name} is {of}");
        }
    }
}

/// If the macros recognized no trait, the test above would prove nothing.
#[test]
fn types_without_a_secret_are_recognized() {
    let results: Vec<_> = traits![String, ApiUrl, Scope].into();
    let is = |place: usize, of: &str| results[place].1.iter().any(|(name, is)| *name == of && *is);

    for of in results[0].1.map(|(name, _)| name) {
        assert!(is(0, of), "String is {of}");
    }
    assert!(is(1, "Display") && is(1, "ToString"));
    assert!(is(2, "PartialEq") && !is(2, "Serialize"));
}
