//! What the crates offer, as it is written down under `tests/public-api`.

use std::collections::BTreeSet;

const CORE: &str = include_str!("../public-api/edx-auth-core.txt");
const UREQ: &str = include_str!("../public-api/edx-auth-ureq.txt");
const REQWEST: &str = include_str!("../public-api/edx-auth-reqwest.txt");

#[test]
fn the_drivers_are_twins_but_for_what_their_http_libraries_hand_in() {
    let (ureq, reqwest) = (
        names(UREQ, "edx_auth_ureq"),
        names(REQWEST, "edx_auth_reqwest"),
    );

    let only = |own: &BTreeSet<String>, other: &BTreeSet<String>| {
        own.difference(other).cloned().collect::<Vec<_>>()
    };
    let agents = [
        "AuthorizedClientBuilder::agent",
        "TokenSourceBuilder::agent",
    ];
    let clients = [
        "AuthorizedClientBuilder::client_builder",
        "AuthorizedClientBuilder::dangerously_use_client",
        "Pages::is_terminated",
        "Pages::poll_next",
        "TokenSourceBuilder::client_builder",
    ];
    assert_eq!(only(&ureq, &reqwest), agents);
    assert_eq!(only(&reqwest, &ureq), clients);
}

#[test]
fn the_core_shows_no_foreign_type_but_those_of_http() {
    let foreign = |line: &&str| crates(line).any(|krate| !KNOWN_TO_THE_CORE.contains(&krate));

    assert_eq!(
        CORE.lines().filter(foreign).collect::<Vec<_>>(),
        Vec::<&str>::new()
    );
}

#[test]
fn the_drivers_show_no_foreign_type_but_those_of_http_and_their_client() {
    for (api, own) in [
        (UREQ, &["edx_auth_ureq", "ureq"][..]),
        (
            REQWEST,
            &["edx_auth_reqwest", "reqwest", "futures_core"][..],
        ),
    ] {
        let is_known = |krate: &str| KNOWN_TO_THE_CORE.contains(&krate) || own.contains(&krate);
        let foreign = |line: &&str| crates(line).any(|krate| !is_known(krate));

        assert_eq!(
            api.lines().filter(foreign).collect::<Vec<_>>(),
            Vec::<&str>::new()
        );
    }
}

/// The names of a crate's items, without signatures.
fn names(api: &str, krate: &str) -> BTreeSet<String> {
    let prefix = format!("{krate}::");
    let items = api.lines().filter(|line| line.contains("pub "));
    let paths = items.filter_map(|line| line.split_once(&prefix).map(|(_, path)| path));
    let name = |path: &str| {
        path.replace("<T>", "")
            .split(['(', '<', ' '])
            .next()
            .map(|name| name.trim_end_matches(':').to_owned())
    };
    paths.filter_map(name).collect()
}

/// The crates that a line names.
fn crates(line: &str) -> impl Iterator<Item = &str> {
    let is_path = |word: &&str| word.contains("::");
    let words = line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    words
        .filter(is_path)
        .filter_map(|path| path.split("::").next())
        // A bound on an associated type is written down without the sign between.
        .map(|krate| krate.strip_prefix("Error").unwrap_or(krate))
        .filter(|krate| !["", "Self"].contains(krate))
}

/// serde's traits alone, of which no value is made: items and bodies are whatever a program has.
const KNOWN_TO_THE_CORE: [&str; 6] = [
    "core",
    "alloc",
    "std",
    "http",
    "serde_core",
    "edx_auth_core",
];
