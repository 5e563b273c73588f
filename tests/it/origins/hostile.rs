//! URLs similar to the allowed ones, as an attacker, a typo or a proxy would produce them.

use proptest::prelude::*;
use proptest::sample::select;

use super::reference::ALLOWED;

/// Generates a URL inside the origins, one that is similar, or text that is no URL.
pub(super) fn url() -> impl Strategy<Value = String> {
    let from_parts = (
        select(&SCHEMES[..]),
        select(&JOINTS[..]),
        mostly_nothing(&USERS),
        host(),
        port(),
        select(&TAILS[..]),
    );
    let from_parts = from_parts.prop_map(|(scheme, joint, user, host, port, tail)| {
        format!("{scheme}{joint}{user}{host}{port}{tail}")
    });
    let near = (select(&ALLOWED[..]), select(&TAILS[..]));
    let near = near.prop_map(|(origin, tail)| format!("{origin}{tail}"));
    (prop_oneof![3 => from_parts, 2 => near], intrusion()).prop_map(intruded)
}

/// Generates a `Location`, absolute or relative.
pub(super) fn location() -> impl Strategy<Value = String> {
    let path = (select(&RELATIVE[..]), select(&TAILS[..]));
    let path = path.prop_map(|(path, tail)| format!("{path}{tail}"));
    let relative = (path, intrusion()).prop_map(intruded);
    prop_oneof![2 => url(), 1 => relative]
}

fn host() -> impl Strategy<Value = String> {
    let known = select(&HOSTS[..]).prop_map(str::to_owned);
    let changed = (select(&HOSTS[..]), any::<u64>()).prop_map(|(host, bits)| {
        let in_case = |(place, c): (usize, char)| match bits >> (place % 64) & 1 {
            0 => c,
            _ => c.to_ascii_uppercase(),
        };
        host.chars().enumerate().map(in_case).collect()
    });
    prop_oneof![known, changed]
}

fn port() -> impl Strategy<Value = String> {
    let any_number = any::<u32>().prop_map(|number| format!(":{number}"));
    prop_oneof![
        4 => Just(String::new()),
        6 => select(&PORTS[..]).prop_map(str::to_owned),
        1 => any_number,
    ]
}

fn mostly_nothing(some: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop_oneof![3 => Just(""), 1 => select(some)]
}

/// Generates a place and a character to insert there; in most cases none.
fn intrusion() -> impl Strategy<Value = Option<(usize, char)>> {
    let slips = (
        0..60_usize,
        prop_oneof![4 => select(&SLIPS[..]), 1 => any::<char>()],
    );
    prop_oneof![3 => Just(None), 1 => slips.prop_map(Some)]
}

fn intruded((url, slip): (String, Option<(usize, char)>)) -> String {
    let Some((place, c)) = slip else { return url };
    let mut chars: Vec<_> = url.chars().collect();
    chars.insert(place.min(chars.len()), c);
    chars.into_iter().collect()
}

const SCHEMES: [&str; 12] = [
    "https",
    "https",
    "https",
    "http",
    "http",
    "HTTPS",
    "hTTp",
    "ftp",
    "javascript",
    "",
    " https",
    "https:https",
];

const JOINTS: [&str; 10] = [
    "://", "://", "://", "://", "://", ":", ":/", ":///", "//", ":\\\\",
];

const USERS: [&str; 9] = [
    "user@",
    "user:pw@",
    "@",
    ":@",
    "api.edx.org@",
    "api.edx.org:443@",
    "api.edx.org\\@",
    "api.edx.org%40",
    "a@b@",
];

const HOSTS: [&str; 38] = [
    "api.edx.org",
    "api.edx.org",
    "api.edx.org",
    "discovery.edx.org",
    "localhost",
    "127.0.0.1",
    "[::1]",
    "[2001:db8::1]",
    "[2001:0db8:0:0::0001]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::1%25lo]",
    "[::1].evil.example",
    "[::1",
    "::1",
    "127.1",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "2130706433",
    "127.0.0.1.",
    "127.0.0.1.evil.example",
    "localhost.",
    "api.edx.org.",
    "api.edx.org..",
    ".api.edx.org",
    "api..edx.org",
    "api.edx.org.evil.example",
    "evil-api.edx.org",
    "evil.example",
    "edx.org",
    "api%2eedx.org",
    "%61pi.edx.org",
    "ａｐｉ.edx.org",
    "api。edx.org",
    "аpi.edx.org",
    "xn--pi-6kc.edx.org",
    "api\u{ad}.edx.org",
    "",
];

const PORTS: [&str; 16] = [
    ":443",
    ":443",
    ":8443",
    ":8443",
    ":8000",
    ":8000",
    ":8001",
    ":80",
    ":80",
    ":0443",
    ":",
    ":0",
    ":65536",
    ":+443",
    ":443:8443",
    ":４４３",
];

const TAILS: [&str; 22] = [
    "",
    "/",
    "/catalog/v1/catalogs?page=2",
    "?page=2",
    "?key=course-v1%3AX%2BY",
    "#top",
    "/@evil.example",
    "@evil.example",
    "?@evil.example/",
    "#@evil.example/",
    "\\@evil.example/",
    "\\evil.example/",
    "/\\evil.example/",
    "//evil.example/",
    "/..//evil.example/",
    "%2f@evil.example/",
    "%00/",
    ".evil.example/",
    "/a b",
    "/größe",
    "/\u{202e}",
    ";@evil.example",
];

const RELATIVE: [&str; 12] = [
    "",
    "/",
    "//",
    "///",
    "/\\",
    "\\\\",
    "..",
    "./",
    "?",
    "https:",
    "//evil.example",
    "/%2f/",
];

const SLIPS: [char; 14] = [
    '\t', '\n', '\r', '\0', ' ', '\\', '/', '@', '#', '?', ':', '.', '%', '\u{3002}',
];
