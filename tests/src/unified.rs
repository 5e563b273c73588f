//! What is otherwise where every feature of the libraries is on, as in `tests/unified`. It is to be a
//! short list.

/// Whether a library does otherwise in this.
pub fn is_otherwise(library: &str, what: &str) -> bool {
    let is_it = |(other, case): &(&str, &str)| library.contains(other) && what == *case;
    cfg!(feature = "unified") && OTHERWISE.iter().any(is_it)
}

const OTHERWISE: [(&str, &str); 5] = [
    // ureq unpacks whatever says that it is packed, asked for or not. The bounds are those of what
    // is unpacked.
    ("ureq", "a body that says it is packed"),
    ("ureq", "a compressed body is not unpacked"),
    // Every agent has a jar, which nobody can take from it. Token requests have an agent each.
    ("ureq", "a cookie is not sent back"),
    ("ureq", "no-cookies"),
    // No number is too large to be one; it is no token reply either way.
    ("serde_json", "1e400"),
];
