//! The end of a command that runs until it is told to end.

use std::future::pending;
use std::io;
use std::time::Duration;

/// Blocks until Ctrl-C or a signal to terminate, or until the time has passed.
///
/// # Errors
/// Returns an error if the process cannot listen for signals.
pub(crate) fn wait(at_most: Option<Duration>) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build()?;
    runtime.block_on(requested(at_most))
}

/// Completes at Ctrl-C, a signal to terminate, or when the time has passed.
///
/// # Errors
/// Returns an error if the process cannot listen for signals.
pub(crate) async fn requested(at_most: Option<Duration>) -> io::Result<()> {
    let timeout = async {
        match at_most {
            Some(time) => tokio::time::sleep(time).await,
            None => pending().await,
        }
    };
    tokio::select! {
        result = tokio::signal::ctrl_c() => result,
        result = terminated() => result,
        () = timeout => Ok(()),
    }
}

#[cfg(unix)]
async fn terminated() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    signal(SignalKind::terminate())?.recv().await;
    Ok(())
}

#[cfg(not(unix))]
async fn terminated() -> io::Result<()> {
    pending().await
}
