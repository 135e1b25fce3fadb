//! DiscoverPollEndpoint: where an agent opens its websockets.
//!
//! Agents keep the answer for hours, so it names the server as the agent itself does.

use berth_model::ecs::{DiscoverPollEndpointRequest, DiscoverPollEndpointResponse};

use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::Edge;
use crate::session::{ACS_PATH, TCS_PATH};

impl Operate for DiscoverPollEndpointRequest {
    type Answer = DiscoverPollEndpointResponse;

    const NAME: &'static str = "DiscoverPollEndpoint";

    async fn operate(self, _: &Edge, call: &Call) -> Result<DiscoverPollEndpointResponse, Fault> {
        let authority = call.authority.as_ref().ok_or_else(|| Fault::invalid("The Host header is required."))?;
        let scheme = if call.is_tls { "https" } else { "http" };
        Ok(DiscoverPollEndpointResponse {
            endpoint: Some(format!("{scheme}://{authority}{ACS_PATH}")),
            telemetry_endpoint: Some(format!("{scheme}://{authority}{TCS_PATH}")),
            service_connect_endpoint: None,
        })
    }
}
