//! What the crates must not contain: a new switch that weakens verification, a build script, unsafe
//! code. These tests read the public API and the sources as text.

mod sources;
mod switches;
