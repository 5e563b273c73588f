//! One token request alone, over the driver that the first argument names.

use std::env;
use std::process::ExitCode;

use edx_auth_driver::from_env;
use tokio::runtime::Builder;

/// Prints why no token came.
pub(crate) fn run() -> ExitCode {
    let config = from_env().unwrap();
    let request = config.token_request();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let issued = match env::args().nth(1).as_deref() {
        Some("ureq") => edx_auth_ureq::exchange(request),
        _ => runtime.block_on(edx_auth_reqwest::exchange(request)),
    };
    println!("{}", issued.unwrap_err().report());
    ExitCode::SUCCESS
}
