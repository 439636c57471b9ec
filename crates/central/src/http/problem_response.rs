//! A refusal as a response: `application/problem+json` (RFC 9457).

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::{PROBLEM_HEADER, Problem, UPLOAD_OFFSET};

use crate::refusal::{Hint, Refusal};

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self.problem).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(Problem::MEDIA_TYPE));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // The response to a HEAD request has no body, and several codes share a status.
        if let Ok(code) = HeaderValue::try_from(self.problem.code.to_string()) {
            headers.insert(HeaderName::from_static(PROBLEM_HEADER), code);
        }
        match self.hint {
            None => {}
            Some(Hint::UploadOffset(bytes)) => {
                headers.insert(HeaderName::from_static(UPLOAD_OFFSET), HeaderValue::from(bytes));
            }
            Some(Hint::RetryAfterSeconds(seconds)) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
        }
        response
    }
}
