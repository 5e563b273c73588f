//! The steps of an API call that an adapter carries out.

use edx_auth_core::{
    ApiCall, ApiRequest, ApiUrl, CallStep, Moment, Problem, TokenAgent, TokenError, Verdict,
};
use http::Response;

use crate::Error;
use crate::engine::Progress;

/// What an adapter does now for an API call.
#[derive(Debug)]
#[expect(
    clippy::exhaustive_enums,
    reason = "an adapter has to handle every arm"
)]
#[must_use = "it says what to do next"]
pub enum CallAction {
    /// Send this request, following no redirect, and report the result to
    /// [`ApiCall::on_result`].
    Send(ApiRequest),
    /// Hand the last response to the caller, with what it means.
    Deliver(Meaning),
}

/// What the response to an API call means.
#[derive(Debug)]
pub struct Meaning {
    url: ApiUrl,
    verdict: Verdict,
    token_error: Option<TokenError>,
}

impl Meaning {
    /// Puts the meaning among the extensions of the response: the [`Verdict`], the [`Problem`] and the
    /// [`ApiUrl`] without its query of any but a success, and the [`TokenError`] if there was no newer
    /// token for a replay. The problem is read from the beginning of the body.
    ///
    /// # Errors
    /// Returns an error if `received` is `None`. A call ends with [`CallAction::Deliver`] only after the
    /// adapter has reported a response to it.
    pub fn deliver<B: AsRef<[u8]>>(
        self,
        received: Option<Response<B>>,
    ) -> Result<Response<B>, Error> {
        let missing = "the call ended without a response";
        let mut response = received.ok_or_else(|| Error::request(missing))?;
        if self.verdict != Verdict::Success {
            let problem = Problem::of(response.status(), response.body().as_ref());
            let extensions = response.extensions_mut();
            extensions.insert(self.url.without_query());
            extensions.insert(self.verdict);
            extensions.insert(problem);
        }
        if let Some(error) = self.token_error {
            response.extensions_mut().insert(error);
        }
        Ok(response)
    }
}

/// Returns a function that polls an API call for its next action, or for how long to wait.
pub(crate) fn next_action(
    call: &mut ApiCall,
) -> impl FnMut(&mut TokenAgent, Moment) -> Progress<Result<CallAction, Error>> {
    move |agent, now| {
        Progress::Done(match call.poll(agent, now) {
            CallStep::Wait(wait) => return Progress::Wait(wait),
            CallStep::Fail(error) => Err(error.into()),
            CallStep::Send(request) => Ok(CallAction::Send(request)),
            CallStep::Deliver {
                verdict,
                token_error,
            } => Ok(CallAction::Deliver(Meaning {
                url: call.url().clone(),
                verdict,
                token_error,
            })),
        })
    }
}
