//! Drives one API call over reqwest.

use edx_auth_driver::{ApiCall, ApiRequest, ApiUrl};
use http::Response;
use reqwest::Body;
use tokio::runtime::Handle;

use super::AuthorizedClient;
use crate::Error;
use crate::classify::transport_error;
use crate::convert::{Payload, into_reqwest, received, request_of};
use crate::drive::{Sender, Sent, drive};

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
    type Body = Body;
    type Error = Error;

    async fn send(
        &mut self,
        url: &ApiUrl,
        request: ApiRequest,
    ) -> Result<Sent<Response<Body>>, Error> {
        let client = self.client.connections.client(url, request.connection())?;
        let request = match request_of(request, &mut self.payload) {
            Ok(request) => request,
            Err(error) => return Ok(Err(error)),
        };
        let asked = request.url().clone();
        let sent = client.execute(request).await.map_err(transport_error);
        Ok(sent.and_then(|response| received(response, &asked)))
    }
}
