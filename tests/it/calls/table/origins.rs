//! URLs outside the allowed origins: an error names the origin, and nothing is sent.

use edx_auth_tests::clients::Call;

use crate::calls::action::Action::{Authorize, Execute, Send};
use crate::calls::action::failed;
use crate::calls::row::{Row, row};

pub(super) fn rows() -> Vec<Row> {
    let named = OUTSIDE.map(|(url, words)| {
        row(format!("outside the origins: {url}"))
            .does([
                (Send(Call::get(url)), failed(words)),
                (Send(Call::post(url).body("{}")), failed(words)),
                (Send(Call::post(url).body_once("{}")), failed(words)),
                (Authorize(url), failed(words)),
            ])
            .sends([])
    });
    let executed = OUTSIDE
        .into_iter()
        .filter(|(url, _)| is_whole(url))
        .map(|(url, words)| {
            row(format!("a library's request outside the origins: {url}"))
                .does([(Execute(Call::get(url)), failed(words))])
                .sends([])
        });
    named.into_iter().chain(executed).collect()
}

/// Returns whether both libraries pass this URL to our client unchanged.
fn is_whole(url: &str) -> bool {
    !url.contains('@') && !url.contains('#') && url.contains("://") && !url.contains("1.:")
}

const OUTSIDE: [(&str, &str); 12] = [
    (
        "http://localhost:{port}/api/",
        "the token is not for http://localhost:{port}",
    ),
    (
        "http://127.0.0.1:1/api/",
        "the token is not for http://127.0.0.1:1",
    ),
    (
        "http://127.0.0.1/api/",
        "the token is not for http://127.0.0.1",
    ),
    (
        "https://127.0.0.1:{port}/api/",
        "the token is not for https://127.0.0.1:{port}",
    ),
    (
        "http://127.0.0.1.:{port}/api/",
        "the token is not for http://127.0.0.1.:{port}",
    ),
    (
        "http://[::1]:{port}/api/",
        "the token is not for http://[::1]:{port}",
    ),
    (
        "http://user@127.0.0.1:{port}/api/",
        "the URL contains a user name or a password",
    ),
    (
        "http://127.0.0.1:{port}@evil.example/api/",
        "the URL contains a user name or a password",
    ),
    (
        "ftp://127.0.0.1:{port}/api/",
        "the URL is neither https nor http",
    ),
    ("http://127.0.0.1:{port}/api/#top", "the URL has a fragment"),
    (
        "127.0.0.1:{port}/api/",
        "the URL does not begin with https://",
    ),
    ("", "the URL does not begin with https://"),
];
