//! The commands of the screens. Each one calls [`device::Device`] and does nothing else.

use device::error_chain;
use device::sync::HttpTransport;
use device::view::{
    AppView, AttendanceEvent, BundleView, CourierReceipt, Failure, FailureCode, IncidentCategory,
    ReportsView, TallyView,
};
use evidence::PhotoHash;
use tally::text::Language;
use tally::{ContestId, FieldCode, Figure, FindingKey, StationId};
use tauri::ipc::{Request, Response};
use tauri::{AppHandle, Manager as _, State};

use crate::Shell;
use crate::failure::CommandFailure;
use crate::request::{Bytes, header};

type Answer<T> = Result<T, CommandFailure>;

#[tauri::command(async)]
pub(crate) fn app(shell: State<'_, Shell>) -> Answer<AppView> {
    Ok(shell.device.app()?)
}

#[tauri::command]
pub(crate) fn offered_invitation(shell: State<'_, Shell>) -> Option<String> {
    shell.offered_invitation.clone()
}

#[tauri::command(async)]
pub(crate) fn set_language(shell: State<'_, Shell>, language: Language) -> Answer<AppView> {
    shell.device.set_language(language)?;
    app(shell)
}

#[tauri::command]
pub(crate) async fn join(shell: State<'_, Shell>, invitation: String) -> Answer<AppView> {
    shell.device.join(&invitation, &HttpTransport::new()?).await?;
    app(shell)
}

#[tauri::command(async)]
pub(crate) fn open_tally(
    shell: State<'_, Shell>,
    station: StationId,
    contest: ContestId,
) -> Answer<TallyView> {
    Ok(shell.device.tally(&station, &contest)?)
}

#[tauri::command(async)]
pub(crate) fn set_figure(
    shell: State<'_, Shell>,
    station: StationId,
    contest: ContestId,
    field: FieldCode,
    figure: Option<Figure>,
) -> Answer<TallyView> {
    shell.device.set_figure(&station, &contest, &field, figure)?;
    open_tally(shell, station, contest)
}

#[tauri::command(async)]
pub(crate) fn acknowledge(
    shell: State<'_, Shell>,
    station: StationId,
    contest: ContestId,
    finding: FindingKey,
    given: bool,
) -> Answer<TallyView> {
    shell.device.acknowledge(&station, &contest, &finding, given)?;
    open_tally(shell, station, contest)
}

/// The body is the photo. The headers name its station, contest and page.
#[tauri::command(async)]
pub(crate) fn attach_photo(shell: State<'_, Shell>, request: Request<'_>) -> Answer<TallyView> {
    let (station, contest): (StationId, ContestId) =
        (header(&request, "station")?, header(&request, "contest")?);
    let page: u8 = header(&request, "page")?;
    let original = Bytes::of(&request)?;
    shell.device.attach_photo(&station, &contest, page, &original)?;
    open_tally(shell, station, contest)
}

#[tauri::command(async)]
pub(crate) fn remove_photo(
    shell: State<'_, Shell>,
    station: StationId,
    contest: ContestId,
    page: u8,
) -> Answer<TallyView> {
    shell.device.remove_photo(&station, &contest, page)?;
    open_tally(shell, station, contest)
}

#[tauri::command(async)]
pub(crate) fn move_photo(
    shell: State<'_, Shell>,
    station: StationId,
    contest: ContestId,
    from: u8,
    to: u8,
) -> Answer<TallyView> {
    shell.device.move_photo(&station, &contest, from, to)?;
    open_tally(shell, station, contest)
}

/// The part of the photo that shows a figure, a JPEG; empty if no photo shows it.
#[tauri::command(async)]
pub(crate) fn crop(
    shell: State<'_, Shell>,
    station: StationId,
    contest: ContestId,
    field: FieldCode,
) -> Answer<Response> {
    Ok(Response::new(shell.device.crop(&station, &contest, &field)?.unwrap_or_default()))
}

#[tauri::command(async)]
pub(crate) fn photo(shell: State<'_, Shell>, hash: PhotoHash) -> Answer<Response> {
    Ok(Response::new(shell.device.photo(hash)?))
}

#[tauri::command(async)]
pub(crate) fn seal(shell: State<'_, Shell>, station: StationId, contest: ContestId) -> Answer<TallyView> {
    shell.device.seal(&station, &contest)?;
    open_tally(shell, station, contest)
}

#[tauri::command(async)]
pub(crate) fn begin_correction(
    shell: State<'_, Shell>,
    station: StationId,
    contest: ContestId,
    reason: String,
) -> Answer<TallyView> {
    shell.device.begin_correction(&station, &contest, &reason)?;
    open_tally(shell, station, contest)
}

#[tauri::command(async)]
pub(crate) fn abandon_correction(
    shell: State<'_, Shell>,
    station: StationId,
    contest: ContestId,
) -> Answer<TallyView> {
    shell.device.abandon_correction(&station, &contest)?;
    open_tally(shell, station, contest)
}

#[tauri::command(async)]
pub(crate) fn sync_now(shell: State<'_, Shell>) -> Answer<AppView> {
    shell.device.try_now()?;
    app(shell)
}

/// Writes everything that was sealed into one file in the downloads folder.
#[tauri::command(async)]
pub(crate) fn export_bundle(shell: State<'_, Shell>, app: AppHandle) -> Answer<BundleView> {
    let bundle = shell.device.export_bundle()?;
    let storage = |error: &dyn std::error::Error| {
        CommandFailure(Failure { code: FailureCode::Storage, detail: error_chain(error) })
    };
    let folder =
        app.path().download_dir().or_else(|_| app.path().document_dir()).map_err(|error| storage(&error))?;
    std::fs::create_dir_all(&folder).map_err(|error| storage(&error))?;
    let path = folder.join(&bundle.name);
    std::fs::write(&path, &bundle.bytes).map_err(|error| storage(&error))?;
    Ok(BundleView { path: path.display().to_string(), ..bundle.contents })
}

#[tauri::command(async)]
pub(crate) fn reports(shell: State<'_, Shell>, station: StationId) -> Answer<ReportsView> {
    Ok(shell.device.reports(&station)?)
}

#[tauri::command(async)]
pub(crate) fn attend(
    shell: State<'_, Shell>,
    station: StationId,
    event: AttendanceEvent,
) -> Answer<ReportsView> {
    shell.device.attend(&station, event)?;
    reports(shell, station)
}

#[tauri::command(async)]
pub(crate) fn write_incident(
    shell: State<'_, Shell>,
    station: StationId,
    category: Option<IncidentCategory>,
    text: String,
    on_the_form: bool,
) -> Answer<ReportsView> {
    shell.device.write_incident(&station, category, &text, on_the_form)?;
    reports(shell, station)
}

#[tauri::command(async)]
pub(crate) fn discard_incident(shell: State<'_, Shell>, station: StationId) -> Answer<ReportsView> {
    shell.device.discard_incident(&station)?;
    reports(shell, station)
}

#[tauri::command(async)]
pub(crate) fn seal_incident(shell: State<'_, Shell>, station: StationId) -> Answer<ReportsView> {
    shell.device.seal_incident(&station)?;
    reports(shell, station)
}

/// Accepts another witness's bundle. The body is the file.
#[tauri::command(async)]
pub(crate) fn accept_bundle(shell: State<'_, Shell>, request: Request<'_>) -> Answer<CourierReceipt> {
    Ok(shell.device.accept_bundle(&Bytes::of(&request)?)?)
}

/// The sealed tally as a QR code, an SVG picture.
#[tauri::command(async)]
pub(crate) fn tally_code(shell: State<'_, Shell>, station: StationId, contest: ContestId) -> Answer<String> {
    Ok(shell.device.tally_code(&station, &contest)?)
}

#[tauri::command(async)]
pub(crate) fn connection_may_be_back(shell: State<'_, Shell>, metered: bool, resumed: bool) -> Answer<()> {
    shell.device.set_metered(metered);
    match resumed {
        true => shell.device.resumed()?,
        false => shell.device.connection_may_be_back()?,
    }
    Ok(())
}
