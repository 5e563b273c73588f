//! Finds the allocating function of a block in its backtrace.

use std::backtrace::Backtrace;

use crate::Leak;

/// Returns the innermost function outside of containers and of the standard library.
pub(crate) fn of(backtrace: &Backtrace) -> Leak {
    let shown = backtrace.to_string();
    let functions = shown.lines().filter_map(function);
    let mut named = functions.filter_map(|function| Some((crate_of(function)?, function)));
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

/// Returns `a` of `<a::B as c::D>::e`. Returns nothing for a type such as `T`, and for an inlined
/// function whose debug information has only its last name.
fn crate_of(function: &str) -> Option<&str> {
    let path = function.trim_start_matches(['<', '&', '*', '(', '[', ' ']);
    let path = path.strip_prefix("mut ").unwrap_or(path);
    let path = path.strip_prefix("dyn ").unwrap_or(path);
    let is_of_name = |c: char| c.is_alphanumeric() || c == '_';
    let (krate, _) = path.split_once("::")?;
    krate.chars().all(is_of_name).then_some(krate)
}

/// Crates that allocate for their callers.
const CONTAINERS: [&str; 9] = [
    "alloc",
    "bytes",
    "core",
    "edx_auth_memory",
    "hashbrown",
    "http",
    "std",
    "zeroize",
    "__rustc",
];
