//! Drives one API call over reqwest.

use std::time::Duration;

use edx_auth_driver::{ApiCall, ApiRequest, Timer, TransportFailure};
use http::Response;
use reqwest::Request;
use tokio::runtime::Handle;

use super::AuthorizedClient;
use crate::Error;
use crate::convert::{Content, Payload, into_reqwest, opened, received, request_of, unread};
use crate::drive::{Sender, Sent, drive, peeked, within};
use crate::http_client::ReadyClient;
use crate::timekeeper::Timekeeper;
use crate::tls::NoClient;

impl AuthorizedClient {
    /// Drives a call to its end, and returns the response for its caller.
    pub(super) async fn run(
        &self,
        call: ApiCall,
        payload: Payload,
    ) -> Result<reqwest::Response, Error> {
        Handle::try_current().map_err(Error::setup)?;
        let sender = OverConnections {
            client: self,
            payload,
        };
        let response = drive(&self.source, call, sender).await?;
        Ok(into_reqwest(response))
    }
}

/// Sends a call's requests over the connections of its client.
struct OverConnections<'a> {
    client: &'a AuthorizedClient,
    payload: Payload,
}

impl Sender for OverConnections<'_> {
    type Body = Content;
    type Error = Error;

    async fn send(&mut self, request: ApiRequest) -> Result<Sent<Response<Content>>, Error> {
        let connections = &self.client.connections;
        let client = match connections.client(&request) {
            Ok(client) => client,
            Err(NoClient::NoRoots) => return Ok(Err(TransportFailure::NoRoots.into())),
            Err(NoClient::Setup(error)) => return Err(error),
        };
        let timeout = request.timeout();
        match request_of(request, &mut self.payload) {
            Err(error) => Ok(Err(error)),
            Ok(request) => match client.timekeeper() {
                Timekeeper::Runtime => timed_by_runtime(&client, timeout, request).await,
                Timekeeper::Library => timed_by_library(&client, timeout, request).await,
            },
        }
    }
}

/// Sends a request over a client of ours, which follows no redirect.
async fn timed_by_runtime(
    client: &ReadyClient,
    timeout: Duration,
    request: Request,
) -> Result<Sent<Response<Content>>, Error> {
    let timer = Timer::after(timeout);
    match client.execute_within(timeout, request).await {
        Err(error) => Ok(Err(error)),
        Ok(response) if ApiCall::peek_len(response.status()) == 0 => Ok(Ok(unread(response))),
        Ok(response) => {
            let peeked = peeked(opened(response), timer).await?;
            Ok(Ok(peeked.map(Content::Peeked)))
        }
    }
}

/// Sends a request over any client, which may have followed a redirect.
async fn timed_by_library(
    client: &ReadyClient,
    timeout: Duration,
    request: Request,
) -> Result<Sent<Response<Content>>, Error> {
    let asked = request.url().clone();
    let sending = async {
        let sent = client.execute(request).await;
        Ok::<_, Error>(sent.and_then(|response| received(response, &asked)))
    };
    let sent = within(timeout, sending).await?;
    Ok(sent.map(|response| response.map(Content::Peeked)))
}
