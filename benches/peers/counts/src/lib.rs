//! This package has only benchmarks, in `benches`.
