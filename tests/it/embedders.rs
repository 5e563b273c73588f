//! The core's examples over HTTP stacks of other people's, as their readers meet them: what they
//! print, where they end, and that they never show a secret.

mod conformance;
mod failures;
mod program;
mod successes;
