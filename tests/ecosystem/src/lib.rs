//! Programs to start from, under `examples`, and their tests. Copy one and change it.
