//! What differs if every feature of the HTTP libraries is on, as in `tests/unified`. Keep the list
//! short.

/// Returns whether this library differs in this row.
pub fn differs(library: &str, what: &str) -> bool {
    let is_it = |(other, case): &(&str, &str)| library.contains(other) && what == *case;
    cfg!(feature = "unified") && DIFFERENCES.iter().any(is_it)
}

const DIFFERENCES: [(&str, &str); 5] = [
    // ureq decompresses every response with a Content-Encoding, even if it did not ask for one. The
    // limits apply to the decompressed body.
    ("ureq", "a compressed body of an API call"),
    ("ureq", "a compressed body is not decompressed"),
    // Every agent has a cookie jar that cannot be removed. Each token request has its own agent.
    ("ureq", "a cookie is not sent back"),
    ("ureq", "no-cookies"),
    // JSON numbers of any size are accepted; it is no token response either way.
    ("serde_json", "1e400"),
];
