//! `edx-auth keep`: writes each new token to a file for other programs.

mod hook;
mod notify;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use edx_auth_ureq::{Generation, LiveToken, TokenSource};
use zeroize::Zeroizing;

use crate::arguments::Options;
use crate::failure::Failure;
use crate::{private_file, source};

use hook::Hook;
use notify::ServiceManager;

/// Write the token to a file, and each token that replaces it, until Ctrl-C.
///
/// Programs read the file for each call, or name it in EDX_ACCESS_TOKEN_FILE. It has one line, the token, and
/// its owner alone can read it. It is replaced as a whole, some time before the old token expires. Under
/// systemd with Type=notify the service is ready when the file is there.
#[derive(Args, Debug)]
pub(crate) struct Keep {
    /// The file. Its folder must exist.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,

    /// A command for the shell to run after each new token, such as one that reloads a service. Its
    /// environment has no client secret.
    #[arg(long, value_name = "COMMAND")]
    exec: Option<String>,
}

impl Keep {
    pub(super) fn run(&self, options: &Options) -> Result<ExitCode, Failure> {
        let variables = source::variables(options)?;
        if variables.token_file()?.is_some() {
            return Err(Failure::KeptByAnother);
        }
        let source = source::of(&variables, options)?;
        let mut copy = Copy {
            keep: self,
            manager: ServiceManager::from_env(),
            hook: self.exec.as_deref().map(Hook::new),
            seen: None,
            written: None,
            reported: String::new(),
        };
        loop {
            let pause = match copy.update(&source) {
                Ok(token) => next_look(&token),
                Err(failure) => copy.survive(failure, options.json)?,
            };
            let _newer = source.wait_newer(copy.seen, pause);
        }
    }
}

/// The token in the file.
struct Copy<'a> {
    keep: &'a Keep,
    manager: ServiceManager,
    hook: Option<Hook>,
    /// The last token of the source.
    seen: Option<Generation>,
    /// The last token that the file got.
    written: Option<Generation>,
    /// The last failure that standard error shows.
    reported: String,
}

impl Copy<'_> {
    /// Writes the token of the source if it is not in the file yet, or if the file was removed. Asking
    /// for it also renews it in time.
    fn update(&mut self, source: &TokenSource) -> Result<LiveToken, Failure> {
        self.hook.iter_mut().for_each(Hook::poll);
        let token = source.token()?;
        self.seen = Some(token.generation());
        let is_new = self.written != self.seen;
        if is_new || !self.keep.to.exists() {
            self.write(&token)?;
        }
        if is_new {
            self.written = self.seen;
            self.manager.ready(&source.health().to_string());
            self.hook.iter_mut().for_each(Hook::on_token);
        }
        self.reported.clear();
        Ok(token)
    }

    fn write(&self, token: &LiveToken) -> Result<(), Failure> {
        let line = Zeroizing::new(format!("{}\n", token.token().expose()));
        private_file::replace(&self.keep.to, line.as_bytes()).map_err(|source| Failure::File {
            path: self.keep.to.clone(),
            source,
        })
    }

    /// Returns how long to wait after a failure. Before there is a file, one that no wait can change ends the
    /// command. The same failure is reported once.
    fn survive(&mut self, failure: Failure, json: bool) -> Result<Duration, Failure> {
        if self.written.is_none() && !failure.is_retryable() {
            return Err(failure);
        }
        let text = failure.to_string();
        self.manager.state(&text);
        if self.reported != text {
            let _code = failure.end(json);
            self.reported = text;
        }
        Ok(failure.retry_after().unwrap_or(A_WHILE))
    }
}

/// Returns when to look whether the token is due for renewal: often enough for one that lasts seconds.
fn next_look(token: &LiveToken) -> Duration {
    (token.usable_for() / 8).clamp(A_MOMENT, A_WHILE)
}

const A_MOMENT: Duration = Duration::from_millis(100);
const A_WHILE: Duration = Duration::from_secs(15);
