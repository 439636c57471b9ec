//! Throttles devices' requests by address.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::endpoint::Endpoint;
use crate::http::extract::address_of;
use crate::refusal::Refusal;

/// Delay before a 429 is sent. It caps a client that floods at its connections divided by 250 ms.
const THROTTLED_DELAY: Duration = Duration::from_millis(250);

/// Answers 429 to a request above the rate of its address.
pub(crate) async fn by_address(State(endpoint): State<Endpoint>, request: Request, next: Next) -> Response {
    let address = address_of(request.extensions(), request.headers(), &endpoint);
    match endpoint.rate_limits().request_wait_ms(address) {
        Some(wait_ms) => {
            endpoint.metrics().count_throttled();
            tokio::time::sleep(THROTTLED_DELAY).await;
            Refusal::try_later(wait_ms).into_response()
        }
        None => next.run(request).await,
    }
}
