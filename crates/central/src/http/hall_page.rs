//! `GET /hall`: what the screen of a hall's laptop shows. The link as text and as a code for the phones'
//! cameras, and how much the hall keeps. It has no script; the browser loads it again from time to time.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use protocol::{Problem, ProblemCode};

use crate::endpoint::Endpoint;
use crate::hall::code_as_svg;
use crate::refusal::Refusal;
use crate::store::HallCounts;

/// Interval at which the browser loads the page again, in seconds.
const RELOAD_S: u32 = 10;

pub(crate) async fn page(State(endpoint): State<Endpoint>) -> Result<Response, Refusal> {
    let address = endpoint.public_url().filter(|_| endpoint.takes_guests()).map(str::to_owned);
    let address = address.ok_or_else(|| Problem::new(ProblemCode::NotFound, "this is no hall"))?;
    let link = endpoint.hall_link(&address);
    let title = escaped(&endpoint.election().title.id);
    let counts = endpoint.blocking(|endpoint| Ok(endpoint.store().hall_counts()?)).await?;
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, html(&title, &link, counts)).into_response())
}

fn html(title: &str, link: &str, counts: HallCounts) -> String {
    let HallCounts { enrolments_waiting, statements_waiting, photos_waiting, handed, refused } = counts;
    let code = code_as_svg(link).unwrap_or_default();
    let link = escaped(link);
    format!(
        "<!doctype html>\n<html lang=\"id\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta http-equiv=\"refresh\" content=\"{RELOAD_S}\">\n<title>Balai · {title}</title>\n\
         <body style=\"font-family:sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;text-align:center\">\n\
         <h1>Balai · {title}</h1>\n\
         <p>Sambungkan HP ke Wi-Fi yang sama, pindai kode ini, lalu tempel tautannya di aplikasi Saksi.<br>\n\
         <span lang=\"en\">Join the same Wi-Fi, scan this code, and paste its link into the app.</span></p>\n\
         <div style=\"width:min(80vw,26rem);margin:0 auto\">{code}</div>\n\
         <p style=\"overflow-wrap:anywhere\"><code>{link}</code></p>\n\
         <p>Menunggu pusat: {enrolments_waiting} pendaftaran, {statements_waiting} catatan, {photos_waiting} foto. \
         Sudah diteruskan: {handed}. Ditolak: {refused}.<br>\n\
         <span lang=\"en\">Waiting: {enrolments_waiting} enrolments, {statements_waiting} records, \
         {photos_waiting} photos. Handed on: {handed}. Refused: {refused}.</span></p>\n"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_with_markup_is_shown_as_text() {
        assert_eq!(escaped("<b>\"A\" & B"), "&lt;b&gt;&quot;A&quot; &amp; B");
        let page = html("A", "http://10.0.0.2:8080/hall#A&<script>", HallCounts::default());
        assert!(!page.contains("<script>") && page.contains("<svg"), "{page}");
    }
}
