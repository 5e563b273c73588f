//! Who allocated a block, by the names of the functions that were running.

use std::backtrace::Backtrace;

use crate::Leak;

/// The innermost function that did it for a purpose of its own.
pub(crate) fn of(backtrace: &Backtrace) -> Leak {
    let shown = backtrace.to_string();
    let functions = shown.lines().filter_map(function);
    let mut named = functions.map(|function| (crate_of(function), function));
    let found = named.find(|(krate, _)| !CONTAINERS.contains(krate));
    let (culprit, function) = found.unwrap_or(("unknown", "unknown"));
    Leak {
        culprit: culprit.to_owned(),
        function: function.to_owned(),
    }
}

/// `  12: some::function` of a backtrace; the lines between say in which file.
fn function(line: &str) -> Option<&str> {
    let (number, function) = line.trim_start().split_once(": ")?;
    number.parse::<u32>().ok().map(|_| function)
}

/// Of `<a::B as c::D>::e` it is `a`.
fn crate_of(function: &str) -> &str {
    let path = function.trim_start_matches(['<', '&', '*', '(', '[', ' ']);
    let path = path.strip_prefix("mut ").or(path.strip_prefix("dyn "));
    let path = path.unwrap_or(function.trim_start_matches(['<', '&', '*', '(', '[', ' ']));
    path.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .next()
        .unwrap_or_default()
}

/// They allocate for others.
const CONTAINERS: [&str; 11] = [
    "alloc",
    "bytes",
    "core",
    "edx_auth_memory",
    "hashbrown",
    "http",
    "std",
    "zeroize",
    "__rust_alloc",
    "__rustc",
    "T",
];
