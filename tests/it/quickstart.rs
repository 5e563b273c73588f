//! The quickstart as a newcomer meets it: what it prints, where it ends, and that it never shows a
//! secret.

mod failures;
mod program;
mod proxies;
mod successes;
