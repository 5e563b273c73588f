//! The rows in memory, measured with criterion, for work on one of them: `cargo bench -p edx-auth-benches`.
#![allow(
    missing_docs,
    reason = "criterion's own macro writes a function without them"
)]

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use edx_auth_benches::{build, hot, parse, response};

fn rows(criterion: &mut Criterion) {
    let (kept, by_hand) = (build::kept(), build::ByHand::kept());
    let mut row = criterion.benchmark_group("build");
    row.bench_function("edx-auth", |bench| bench.iter(|| build::ours(&kept)));
    row.bench_function("by hand", |bench| bench.iter(|| by_hand.build()));
    row.finish();

    let responses = [
        ("parse, opaque", response::with_opaque_token(1024)),
        ("parse, JWT", response::with_jwt(1024)),
    ];
    for (name, response) in &responses {
        let mut row = criterion.benchmark_group(*name);
        row.bench_function("edx-auth", |bench| {
            let exchange = || kept.begin().1;
            bench.iter_batched(
                exchange,
                |exchange| parse::ours(exchange, response),
                BatchSize::SmallInput,
            );
        });
        row.bench_function("by hand", |bench| {
            bench.iter_with_large_drop(|| parse::by_hand(response));
        });
        row.finish();
    }

    let (ureq, reqwest) = (hot::ureq_source(1024), hot::reqwest_source(1024));
    let header = hot::token(1024).authorization().clone();
    let mut headers = hot::headers();
    let mut row = criterion.benchmark_group("hot");
    row.bench_function("edx-auth ureq", |bench| {
        bench.iter(|| hot::ureq(&ureq, &mut headers));
    });
    row.bench_function("edx-auth reqwest", |bench| {
        bench.iter(|| hot::reqwest(&reqwest, &mut headers));
    });
    row.bench_function("by hand with clocks", |bench| {
        bench.iter(|| hot::by_hand_with_clocks(&header, &mut headers));
    });
    row.finish();
}

criterion_group!(benches, rows);
criterion_main!(benches);
