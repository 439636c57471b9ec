//! The console's own files, built from `ui/` and embedded in the program.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use axum::Extension;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use evidence::PhotoHash;
use protocol::{Problem, ProblemCode};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::http::answer_buffer::InProgram;
use crate::refusal::Refusal;

#[derive(RustEmbed)]
#[folder = "../../ui/dist/console"]
#[allow_missing = true]
struct Files;

const INDEX: &str = "index.html";

const NOT_BUILT: &str = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Saksi</title>\n\
    <p>The endpoint runs, but the console was not built into it.\n\
    <p>Run <code>npm ci &amp;&amp; npm run build</code> in the folder <code>ui</code>, then build \
    <code>saksi-central</code> again.\n";

/// The file at a path, or else the console's page, which has a router of its own.
pub(crate) async fn file(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let not_found =
        || Refusal::from(Problem::new(ProblemCode::NotFound, "nothing is at this address")).into_response();
    if method != Method::GET && method != Method::HEAD {
        return not_found();
    }
    let path = uri.path().trim_start_matches('/');
    if let Some(file) = Files::get(path) {
        return answer(path, file, &headers);
    }
    // A browser must not get a page for a missing script.
    if path.rsplit('/').next().is_some_and(|name| name.contains('.')) {
        return not_found();
    }
    match Files::get(INDEX) {
        Some(file) => answer(INDEX, file, &headers),
        None => {
            let headers =
                [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
            (StatusCode::OK, headers, NOT_BUILT).into_response()
        }
    }
}

fn answer(path: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", PhotoHash(file.metadata.sha256_hash()));
    // File names under assets/ contain a hash of the content, so those files never change.
    let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let about = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, String::from(cache))];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, about).into_response();
    }
    let media_type = [(header::CONTENT_TYPE, media_type(path))];
    (StatusCode::OK, Extension(InProgram), about, media_type, bytes_of(file)).into_response()
}

/// The bytes of a file, which all answers share. A release build has them in the program itself. A
/// development build reads them from the disk for every request; each version is kept once.
fn bytes_of(file: EmbeddedFile) -> Bytes {
    static READ: Mutex<BTreeMap<[u8; 32], Bytes>> = Mutex::new(BTreeMap::new());
    let hash = file.metadata.sha256_hash();
    match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => {
            let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
            read.entry(hash).or_insert_with(|| bytes.into()).clone()
        }
    }
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "ico" => "image/vnd.microsoft.icon",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
