//! The end of a command that runs until it is told to end.

use std::future::pending;
use std::io;
use std::time::Duration;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
#[cfg(windows)]
use tokio::signal::windows::{CtrlBreak, CtrlC, CtrlClose, ctrl_break, ctrl_c, ctrl_close};

/// Ctrl-C, a signal to terminate, or the end of the terminal. One that comes after this value exists is not lost.
#[derive(Debug)]
pub(crate) struct EndSignals {
    #[cfg(unix)]
    signals: (Signal, Signal, Signal),
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
                signal(SignalKind::hangup())?,
            ),
            #[cfg(windows)]
            signals: (ctrl_c()?, ctrl_break()?, ctrl_close()?),
        })
    }

    /// Completes at the first signal, or when the time has passed.
    pub(crate) async fn wait(mut self, at_most: Option<Duration>) {
        let timeout = async {
            match at_most {
                Some(time) => tokio::time::sleep(time).await,
                None => pending().await,
            }
        };
        tokio::select! {
            _ = self.signals.0.recv() => (),
            _ = self.signals.1.recv() => (),
            _ = self.signals.2.recv() => (),
            () = timeout => (),
        }
    }
}

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
