//! Finds the allocating function of a block in its backtrace.

use std::backtrace::Backtrace;

use crate::Leak;

/// Returns the innermost function outside of containers and of the standard library.
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

/// Returns the function in a line such as `  12: some::function`; other lines name its file.
fn function(line: &str) -> Option<&str> {
    let (number, function) = line.trim_start().split_once(": ")?;
    number.parse::<u32>().ok().map(|_| function)
}

/// Returns `a` of `<a::B as c::D>::e`.
fn crate_of(function: &str) -> &str {
    let path = function.trim_start_matches(['<', '&', '*', '(', '[', ' ']);
    let path = path.strip_prefix("mut ").or(path.strip_prefix("dyn "));
    let path = path.unwrap_or(function.trim_start_matches(['<', '&', '*', '(', '[', ' ']));
    path.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .next()
        .unwrap_or_default()
}

/// Crates that allocate for their callers.
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
