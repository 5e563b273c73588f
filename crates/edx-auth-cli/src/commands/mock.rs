//! `edx-auth mock`: a mock of an Open edX site in the foreground.

mod exam;
mod grade;
mod seen;

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use edx_auth_testkit::MockEdx;

use crate::arguments::duration;
use crate::failure::Failure;
use crate::output;
use crate::shutdown::{self, EndSignals};

use exam::Exam;

/// Run a mock of an Open edX site, and print the variables for programs that call it.
///
/// It issues tokens and serves lists until Ctrl-C. Its client ID and secret are made up. With --grade it
/// examines a client in any language, and prints a table at the end.
#[derive(Args, Debug)]
pub(crate) struct Mock {
    /// The loopback port. 0 is a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,

    /// How long its tokens last.
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = duration)]
    lifetime: Duration,

    /// End after this time instead of at Ctrl-C.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    run_for: Option<Duration>,

    /// Examine the client that calls it: the output says what the client has to do. The exit code is 1 if a
    /// check fails.
    #[arg(long, conflicts_with = "lifetime")]
    grade: bool,
}

impl Mock {
    pub(super) fn run(&self) -> Result<ExitCode, Failure> {
        shutdown::block_on(self.serve()).map_err(Failure::Server)?
    }

    async fn serve(&self) -> Result<ExitCode, Failure> {
        let mut end = EndSignals::listen().map_err(Failure::Server)?;
        let site = MockEdx::builder().port(self.port);
        if self.grade {
            return self
                .examine(&Exam::start(site).map_err(Failure::Server)?, end)
                .await;
        }
        let edx = site.token_lifetime(self.lifetime).start();
        let edx = edx.map_err(Failure::Server)?;
        output::write(variables(&edx, &edx.catalogs_url()).as_bytes())?;
        end.wait(self.run_for).await;
        Ok(ExitCode::SUCCESS)
    }

    async fn examine(&self, exam: &Exam, mut end: EndSignals) -> Result<ExitCode, Failure> {
        output::write(exam.paper().as_bytes())?;
        end.wait(self.run_for).await;
        let grades = exam.end();
        output::write(grades.to_string().as_bytes())?;
        Ok(if grades.all_passed() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

/// Returns the variables of a program that calls this site, as a shell reads them.
fn variables(edx: &MockEdx, api_url: &str) -> String {
    format!(
        "export EDX_TOKEN_URL={}\nexport EDX_CLIENT_ID={}\nexport EDX_CLIENT_SECRET={}\nexport EDX_API_URL={api_url}\n",
        quoted(edx.url()),
        quoted(edx.client_id()),
        quoted(edx.client_secret()),
    )
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
