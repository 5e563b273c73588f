//! What the crates must not contain: a new switch that weakens verification, a build script, unsafe
//! code, an action that is not pinned. These tests read the public API, the sources and the workflows as text.

mod sources;
mod switches;
mod workflows;
