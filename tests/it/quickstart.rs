//! The quickstart as a new user runs it: its output, its errors, and that it never prints a secret.

mod failures;
mod program;
mod proxies;
mod successes;
