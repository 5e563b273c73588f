//! The end of a command that runs until it is told to end.

#[cfg(unix)]
use std::fs;
use std::future::pending;
use std::io;
use std::time::Duration;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
#[cfg(windows)]
use tokio::signal::windows::{CtrlBreak, CtrlC, CtrlClose, ctrl_break, ctrl_c, ctrl_close};

/// Ctrl-C, a signal to terminate, or the end of the terminal, unless `nohup` has started the command. One that
/// comes after this value exists is not lost.
#[derive(Debug)]
pub(crate) struct EndSignals {
    #[cfg(unix)]
    signals: (Signal, Signal, Option<Signal>),
    #[cfg(windows)]
    signals: (CtrlC, CtrlBreak, CtrlClose),
}

impl EndSignals {
    /// Listens for the signals, in a runtime. Call it before anything is written that lets a script send one.
    ///
    /// # Errors
    /// Returns an error if the process cannot listen for signals.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            signals: (
                signal(SignalKind::interrupt())?,
                signal(SignalKind::terminate())?,
                hangup()?,
            ),
            #[cfg(windows)]
            signals: (ctrl_c()?, ctrl_break()?, ctrl_close()?),
        })
    }

    /// Completes at the next signal, or when the time has passed.
    pub(crate) async fn wait(&mut self, at_most: Option<Duration>) {
        let timeout = async {
            match at_most {
                Some(time) => tokio::time::sleep(time).await,
                None => pending().await,
            }
        };
        tokio::select! {
            _ = self.signals.0.recv() => (),
            _ = self.signals.1.recv() => (),
            () = end_of_terminal(&mut self.signals.2) => (),
            () = timeout => (),
        }
    }
}

#[cfg(unix)]
fn hangup() -> io::Result<Option<Signal>> {
    if survives_its_terminal() {
        return Ok(None);
    }
    signal(SignalKind::hangup()).map(Some)
}

#[cfg(unix)]
async fn end_of_terminal(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => pending().await,
    }
}

#[cfg(windows)]
async fn end_of_terminal(signal: &mut CtrlClose) {
    let _closed = signal.recv().await;
}

/// Reports whether the process ignores the end of its terminal, as `nohup` wants it: listening for the signal
/// would end that. Linux tells it in hexadecimal digits, the others not at all.
#[cfg(unix)]
fn survives_its_terminal() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mut ignored = status
        .lines()
        .filter_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored
        .next()
        .map(|signals| u64::from_str_radix(signals.trim(), 16));
    matches!(ignored, Some(Ok(signals)) if signals & HANGUP != 0)
}

/// The bit of signal 1.
#[cfg(unix)]
const HANGUP: u64 = 1;

/// Runs the future of a command to its end, on this thread. What it left behind, such as the look-up of a host
/// name, is not waited for.
///
/// # Errors
/// Returns an error if there is no runtime.
pub(crate) fn block_on<T>(command: impl Future<Output = T>) -> io::Result<T> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().build()?;
    let output = runtime.block_on(command);
    runtime.shutdown_background();
    Ok(output)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_command_does_not_wait_for_what_it_left_behind() {
        let (ends, waits) = mpsc::channel::<()>();

        // The test would hang.
        block_on(async move {
            let _left = tokio::task::spawn_blocking(move || waits.recv());
        })
        .unwrap();

        drop(ends);
    }
}
