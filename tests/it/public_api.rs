//! Rules for the public API in `tests/public-api`.

use std::collections::BTreeSet;

const CORE: &str = include_str!("../public-api/edx-auth-core.txt");
const DRIVER: &str = include_str!("../public-api/edx-auth-driver.txt");
const REDIS: &str = include_str!("../public-api/edx-auth-redis.txt");
const UREQ: &str = include_str!("../public-api/edx-auth-ureq.txt");
const REQWEST: &str = include_str!("../public-api/edx-auth-reqwest.txt");

#[test]
fn both_adapters_export_the_same_except_for_their_http_libraries() {
    let (ureq, reqwest) = (
        names(UREQ, "edx_auth_ureq"),
        names(REQWEST, "edx_auth_reqwest"),
    );

    let only = |own: &BTreeSet<String>, other: &BTreeSet<String>| {
        own.difference(other).cloned().collect::<Vec<_>>()
    };
    let of_ureq = [
        "Ureq",
        "Ureq::Client",
        "Ureq::transport",
        "many_tenants",
        "migration",
        "ureq",
    ];
    let of_reqwest = [
        "Authorization",
        "AuthorizationLayer",
        "AuthorizationMiddleware",
        "AuthorizationMiddleware::handle",
        "AuthorizationMiddleware::new",
        "AuthorizationMiddleware::timeout",
        "AuthorizationMiddleware::token_timeout",
        "AuthorizedClient::with_source",
        "AuthorizedClientBuilder::dangerously_use_client",
        "Changes",
        "HttpClient",
        "HttpClient::fmt",
        "HttpClient::from",
        "Pages::is_terminated",
        "Pages::poll_next",
        "PeekedBody",
        "Reqwest",
        "Reqwest::Client",
        "Reqwest::transport",
        "reqwest",
        "web_services",
    ];
    assert_eq!(only(&ureq, &reqwest), of_ureq);
    assert_eq!(only(&reqwest, &ureq), of_reqwest);
}

#[test]
fn no_public_api_has_foreign_types_except_those_of_http_and_the_http_library() {
    for (api, own) in [
        (CORE, &[][..]),
        (DRIVER, &["edx_auth_driver"][..]),
        (REDIS, &["edx_auth_driver", "edx_auth_redis"][..]),
        (UREQ, &["edx_auth_driver", "edx_auth_ureq", "ureq"][..]),
        (
            REQWEST,
            &[
                "edx_auth_driver",
                "edx_auth_reqwest",
                "reqwest",
                "futures_core",
                // Of the layers. The body of reqwest's responses has the types of the first two.
                "bytes",
                "http_body",
                "reqwest_middleware",
                "tower_layer",
                "tower_service",
            ][..],
        ),
    ] {
        let is_known = |krate: &str| KNOWN_TO_ALL.contains(&krate) || own.contains(&krate);
        let foreign = |line: &&str| crates(line).any(|krate| !is_known(krate));

        assert_eq!(
            api.lines().filter(foreign).collect::<Vec<_>>(),
            Vec::<&str>::new()
        );
    }
}

/// Returns the names of a crate's items, without signatures.
fn names(api: &str, krate: &str) -> BTreeSet<String> {
    let prefix = format!("{krate}::");
    let items = api.lines().filter(|line| line.contains("pub "));
    let paths = items.filter_map(|line| line.split_once(&prefix).map(|(_, path)| path));
    let name = |path: &str| {
        ["<T>", "<'a>", "<'_>"]
            .iter()
            .fold(path.to_owned(), |path, generic| path.replace(generic, ""))
            .split(['(', '<', ' '])
            .next()
            .map(|name| name.trim_end_matches(':').to_owned())
    };
    paths.filter_map(name).collect()
}

/// Returns the crates that a line names.
fn crates(line: &str) -> impl Iterator<Item = &str> {
    let is_path = |word: &&str| word.contains("::");
    let words = line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    words
        .filter(is_path)
        .filter_map(|path| path.split("::").next())
        // A bound on an associated type has no separator before the crate.
        .map(|krate| {
            let mut bounds = ["Error", "Future"].iter();
            let bound = bounds.find_map(|name| krate.strip_prefix(name));
            bound.unwrap_or(krate)
        })
        // `F::send` is a method of a type parameter.
        .filter(|krate| !["", "F", "Self"].contains(krate))
}

/// The crates whose types may be in every public API. Those of serde are only the traits, for the program's
/// own items and bodies.
const KNOWN_TO_ALL: [&str; 6] = [
    "core",
    "alloc",
    "std",
    "http",
    "serde_core",
    "edx_auth_core",
];
