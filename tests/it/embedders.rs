//! The README's program and the core's examples over HTTP clients of others: before the conformance
//! kit, as programs that their readers run, and one request at a time before a hostile site.

mod conformance;
mod pairs;
