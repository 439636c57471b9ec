//! The commands of the screens. Each one calls [`device::Device`] and does nothing else.

use device::sync::HttpTransport;
use device::view::{
    AddedPhotos, AppView, AttendanceEvent, BundleView, CourierReceipt, DrillResultView, Failure, FailureCode,
    IncidentCategory, JoinOutcome, Level, ReportsView, TallyView,
};
use device::{TallyKey, error_chain};
use evidence::PhotoHash;
use tally::text::Language;
use tally::{ContestId, FieldCode, Figure, FindingKey, StationId};
use tauri::ipc::{Request, Response};
use tauri::{AppHandle, Manager as _, State};

use crate::Shell;
use crate::failure::CommandFailure;
use crate::request::{Bytes, Lengths, header, optional_header, pieces};

type Answer<T> = Result<T, CommandFailure>;

/// The tally that the headers name. Without `round`, the newest round.
fn tally_key(shell: &Shell, request: &Request<'_>) -> Answer<TallyKey> {
    let (station, contest): (StationId, ContestId) =
        (header(request, "station")?, header(request, "contest")?);
    Ok(shell.device()?.tally_key(&station, &contest, optional_header(request, "round")?)?)
}

#[tauri::command(async)]
pub(crate) fn app(shell: State<'_, Shell>) -> Answer<AppView> {
    Ok(shell.elections.app()?)
}

#[tauri::command]
pub(crate) fn offered_invitation(shell: State<'_, Shell>) -> Option<String> {
    shell.offered_invitation.clone()
}

#[tauri::command(async)]
pub(crate) fn set_language(shell: State<'_, Shell>, language: Language) -> Answer<AppView> {
    shell.elections.set_language(language)?;
    app(shell)
}

/// Joins with an invitation, or enters a hall with its link.
#[tauri::command]
pub(crate) async fn join(shell: State<'_, Shell>, invitation: String) -> Answer<JoinOutcome> {
    Ok(shell.elections.join(&invitation, &HttpTransport::new()?).await?)
}

/// Shows another election.
#[tauri::command(async)]
pub(crate) fn choose_election(shell: State<'_, Shell>, number: u32) -> Answer<AppView> {
    shell.elections.choose(number)?;
    app(shell)
}

#[tauri::command(async)]
pub(crate) fn leave_election(shell: State<'_, Shell>, number: u32, with_drafts: bool) -> Answer<AppView> {
    shell.elections.leave(number, with_drafts)?;
    app(shell)
}

#[tauri::command(async)]
pub(crate) fn undo_leave_election(shell: State<'_, Shell>, number: u32) -> Answer<AppView> {
    shell.elections.undo_leave(number)?;
    app(shell)
}

/// Forgets an invitation that waits and with which nothing can be recorded yet.
#[tauri::command(async)]
pub(crate) fn forget_invitation(shell: State<'_, Shell>) -> Answer<AppView> {
    shell.device()?.forget_invitation()?;
    app(shell)
}

/// Accepts the election package of another phone. The body is the file.
#[tauri::command(async)]
pub(crate) fn accept_package(shell: State<'_, Shell>, request: Request<'_>) -> Answer<AppView> {
    shell.device()?.accept_package(&Bytes::of(&request)?)?;
    app(shell)
}

/// Writes the election package into a file for another phone. Gives its path.
#[tauri::command(async)]
pub(crate) fn export_package(shell: State<'_, Shell>, app: AppHandle) -> Answer<String> {
    let bytes = shell.device()?.export_package()?;
    write_download(&app, "saksi-package.json", &bytes)
}

/// Records at a station to which nobody has assigned the device.
#[tauri::command(async)]
pub(crate) fn record_at(shell: State<'_, Shell>, station: StationId) -> Answer<AppView> {
    shell.device()?.record_at(&station)?;
    app(shell)
}

#[tauri::command(async)]
pub(crate) fn open_tally(
    shell: State<'_, Shell>,
    station: StationId,
    contest: ContestId,
    round: Option<u8>,
) -> Answer<TallyView> {
    Ok(shell.device()?.tally(&shell.device()?.tally_key(&station, &contest, round)?)?)
}

#[tauri::command(async)]
pub(crate) fn set_figure(
    shell: State<'_, Shell>,
    station: StationId,
    contest: ContestId,
    round: Option<u8>,
    field: FieldCode,
    figure: Option<Figure>,
) -> Answer<TallyView> {
    let key = shell.device()?.tally_key(&station, &contest, round)?;
    shell.device()?.set_figure(&key, &field, figure)?;
    Ok(shell.device()?.tally(&key)?)
}

#[tauri::command(async)]
pub(crate) fn acknowledge(
    shell: State<'_, Shell>,
    station: StationId,
    contest: ContestId,
    round: Option<u8>,
    finding: FindingKey,
    given: bool,
) -> Answer<TallyView> {
    let key = shell.device()?.tally_key(&station, &contest, round)?;
    shell.device()?.acknowledge(&key, &finding, given)?;
    Ok(shell.device()?.tally(&key)?)
}

/// Records the rest of a section as blank, in one step.
#[tauri::command(async)]
pub(crate) fn cross_out_rest(
    shell: State<'_, Shell>,
    station: StationId,
    contest: ContestId,
    round: Option<u8>,
    section: FieldCode,
) -> Answer<TallyView> {
    let key = shell.device()?.tally_key(&station, &contest, round)?;
    shell.device()?.cross_out_rest(&key, &section)?;
    Ok(shell.device()?.tally(&key)?)
}

#[tauri::command(async)]
pub(crate) fn undo_cross_out(
    shell: State<'_, Shell>,
    station: StationId,
    contest: ContestId,
    round: Option<u8>,
    section: FieldCode,
) -> Answer<TallyView> {
    let key = shell.device()?.tally_key(&station, &contest, round)?;
    shell.device()?.undo_cross_out(&key, &section)?;
    Ok(shell.device()?.tally(&key)?)
}

/// The body is the photo. The headers name its station, contest, round and page.
#[tauri::command(async)]
pub(crate) fn attach_photo(shell: State<'_, Shell>, request: Request<'_>) -> Answer<TallyView> {
    let key = tally_key(&shell, &request)?;
    let page: u8 = header(&request, "page")?;
    let original = Bytes::of(&request)?;
    shell.device()?.attach_photo(&key, page, &original)?;
    Ok(shell.device()?.tally(&key)?)
}

/// Adds one photo or several in any order: their pages are recognised. The body is the photos one after the
/// other, and the header `lengths` has the length of each in bytes, separated by commas.
#[tauri::command(async)]
pub(crate) fn add_photos(shell: State<'_, Shell>, request: Request<'_>) -> Answer<AddedPhotos> {
    let key = tally_key(&shell, &request)?;
    let Lengths(lengths) = header(&request, "lengths")?;
    let body = Bytes::of(&request)?;
    let failed = shell.device()?.add_photos(&key, &pieces(&body, &lengths)?)?;
    Ok(AddedPhotos { tally: shell.device()?.tally(&key)?, failed })
}

/// Says which page a photo shows that was not recognised.
#[tauri::command(async)]
pub(crate) fn assign_photo(
    shell: State<'_, Shell>,
    station: StationId,
    contest: ContestId,
    round: Option<u8>,
    photo: PhotoHash,
    page: u8,
) -> Answer<TallyView> {
    let key = shell.device()?.tally_key(&station, &contest, round)?;
    shell.device()?.assign_photo(&key, photo, page)?;
    Ok(shell.device()?.tally(&key)?)
}

/// Removes a photo that was not recognised.
#[tauri::command(async)]
pub(crate) fn discard_photo(
    shell: State<'_, Shell>,
    station: StationId,
    contest: ContestId,
    round: Option<u8>,
    photo: PhotoHash,
) -> Answer<TallyView> {
    let key = shell.device()?.tally_key(&station, &contest, round)?;
    shell.device()?.discard_photo(&key, photo)?;
    Ok(shell.device()?.tally(&key)?)
}

#[tauri::command(async)]
pub(crate) fn remove_photo(
    shell: State<'_, Shell>,
    station: StationId,
    contest: ContestId,
    round: Option<u8>,
    page: u8,
) -> Answer<TallyView> {
    let key = shell.device()?.tally_key(&station, &contest, round)?;
    shell.device()?.remove_photo(&key, page)?;
    Ok(shell.device()?.tally(&key)?)
}

#[tauri::command(async)]
pub(crate) fn move_photo(
    shell: State<'_, Shell>,
    station: StationId,
    contest: ContestId,
    round: Option<u8>,
    from: u8,
    to: u8,
) -> Answer<TallyView> {
    let key = shell.device()?.tally_key(&station, &contest, round)?;
    shell.device()?.move_photo(&key, from, to)?;
    Ok(shell.device()?.tally(&key)?)
}

/// The part of the photo that shows a figure, a JPEG; empty if no photo shows it.
#[tauri::command(async)]
pub(crate) fn crop(
    shell: State<'_, Shell>,
    station: StationId,
    contest: ContestId,
    round: Option<u8>,
    field: FieldCode,
) -> Answer<Response> {
    let key = shell.device()?.tally_key(&station, &contest, round)?;
    Ok(Response::new(shell.device()?.crop(&key, &field)?.unwrap_or_default()))
}

#[tauri::command(async)]
pub(crate) fn photo(shell: State<'_, Shell>, hash: PhotoHash) -> Answer<Response> {
    Ok(Response::new(shell.device()?.photo(hash)?))
}

#[tauri::command(async)]
pub(crate) fn seal(
    shell: State<'_, Shell>,
    station: StationId,
    contest: ContestId,
    round: Option<u8>,
) -> Answer<TallyView> {
    let key = shell.device()?.tally_key(&station, &contest, round)?;
    shell.device()?.seal(&key)?;
    Ok(shell.device()?.tally(&key)?)
}

#[tauri::command(async)]
pub(crate) fn begin_correction(
    shell: State<'_, Shell>,
    station: StationId,
    contest: ContestId,
    round: Option<u8>,
    reason: String,
) -> Answer<TallyView> {
    let key = shell.device()?.tally_key(&station, &contest, round)?;
    shell.device()?.begin_correction(&key, &reason)?;
    Ok(shell.device()?.tally(&key)?)
}

#[tauri::command(async)]
pub(crate) fn abandon_correction(
    shell: State<'_, Shell>,
    station: StationId,
    contest: ContestId,
    round: Option<u8>,
) -> Answer<TallyView> {
    let key = shell.device()?.tally_key(&station, &contest, round)?;
    shell.device()?.abandon_correction(&key)?;
    Ok(shell.device()?.tally(&key)?)
}

/// The witness opened these messages.
#[tauri::command(async)]
pub(crate) fn open_messages(shell: State<'_, Shell>, ids: Vec<String>) -> Answer<AppView> {
    shell.device()?.open_messages(&ids)?;
    app(shell)
}

#[tauri::command(async)]
pub(crate) fn sync_now(shell: State<'_, Shell>) -> Answer<AppView> {
    shell.device()?.try_now()?;
    app(shell)
}

/// Writes everything that was sealed into one file in the downloads folder.
#[tauri::command(async)]
pub(crate) fn export_bundle(shell: State<'_, Shell>, app: AppHandle) -> Answer<BundleView> {
    let device = shell.device()?;
    let bundle = device.export_bundle()?;
    let path = write_download(&app, &bundle.name, &bundle.bytes)?;
    device.mark_exported()?;
    #[cfg(target_os = "android")]
    crate::android::share(&app, &path);
    Ok(BundleView { path, ..bundle.contents })
}

/// The text of a QR code in a photo. The body is the photo.
#[tauri::command(async)]
pub(crate) fn read_code(request: Request<'_>) -> Answer<Option<String>> {
    Ok(device::code_in_photo(&Bytes::of(&request)?)?)
}

/// Writes a file into the downloads folder. Gives its path.
fn write_download(app: &AppHandle, name: &str, bytes: &[u8]) -> Answer<String> {
    let storage = |error: &dyn std::error::Error| {
        CommandFailure(Failure { code: FailureCode::Storage, detail: error_chain(error) })
    };
    let folder =
        app.path().download_dir().or_else(|_| app.path().document_dir()).map_err(|error| storage(&error))?;
    std::fs::create_dir_all(&folder).map_err(|error| storage(&error))?;
    let path = folder.join(name);
    std::fs::write(&path, bytes).map_err(|error| storage(&error))?;
    Ok(path.display().to_string())
}

#[tauri::command(async)]
pub(crate) fn reports(shell: State<'_, Shell>, station: StationId) -> Answer<ReportsView> {
    Ok(shell.device()?.reports(&station)?)
}

#[tauri::command(async)]
pub(crate) fn attend(
    shell: State<'_, Shell>,
    station: StationId,
    event: AttendanceEvent,
) -> Answer<ReportsView> {
    shell.device()?.attend(&station, event)?;
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
    shell.device()?.write_incident(&station, category, &text, on_the_form)?;
    reports(shell, station)
}

#[tauri::command(async)]
pub(crate) fn discard_incident(shell: State<'_, Shell>, station: StationId) -> Answer<ReportsView> {
    shell.device()?.discard_incident(&station)?;
    reports(shell, station)
}

#[tauri::command(async)]
pub(crate) fn seal_incident(shell: State<'_, Shell>, station: StationId) -> Answer<ReportsView> {
    shell.device()?.seal_incident(&station)?;
    reports(shell, station)
}

/// Accepts another witness's bundle. The body is the file.
#[tauri::command(async)]
pub(crate) fn accept_bundle(shell: State<'_, Shell>, request: Request<'_>) -> Answer<CourierReceipt> {
    Ok(shell.device()?.accept_bundle(&Bytes::of(&request)?)?)
}

/// The sealed tally as a QR code, an SVG picture.
#[tauri::command(async)]
pub(crate) fn tally_code(
    shell: State<'_, Shell>,
    station: StationId,
    contest: ContestId,
    round: Option<u8>,
) -> Answer<String> {
    Ok(shell.device()?.tally_code(&shell.device()?.tally_key(&station, &contest, round)?)?)
}

#[tauri::command(async)]
pub(crate) fn connection_may_be_back(shell: State<'_, Shell>, metered: bool, resumed: bool) -> Answer<()> {
    Ok(shell.elections.connection_may_be_back(metered, resumed)?)
}

/// Begins to practise alone.
#[tauri::command(async)]
pub(crate) fn practise(shell: State<'_, Shell>, level: Level) -> Answer<AppView> {
    shell.elections.practise(level)?;
    app(shell)
}

/// Begins to practise alone with a scenario. The body is its file.
#[tauri::command(async)]
pub(crate) fn practise_scenario(shell: State<'_, Shell>, request: Request<'_>) -> Answer<AppView> {
    shell.elections.practise_scenario(&Bytes::of(&request)?)?;
    app(shell)
}

/// Shows what was shown before the practice.
#[tauri::command(async)]
pub(crate) fn end_practice(shell: State<'_, Shell>) -> Answer<AppView> {
    shell.elections.end_practice()?;
    app(shell)
}

/// Begins an exercise of the drill, with the same sheet or with another one.
#[tauri::command(async)]
pub(crate) fn begin_exercise(shell: State<'_, Shell>, number: u8, other_sheet: bool) -> Answer<AppView> {
    let device = shell.device()?;
    match other_sheet {
        true => device.begin_other_sheet(number)?,
        false => device.begin_exercise(number)?,
    }
    app(shell)
}

/// A page of the practice sheet that is open, a JPEG.
#[tauri::command(async)]
pub(crate) fn sheet_page(shell: State<'_, Shell>, page: u8) -> Answer<Response> {
    Ok(Response::new(shell.device()?.sheet_page(page)?))
}

/// Adds a photo of a page of the practice sheet, drawn by the app.
#[tauri::command(async)]
pub(crate) fn photograph_sheet(
    shell: State<'_, Shell>,
    station: StationId,
    contest: ContestId,
    round: Option<u8>,
    page: u8,
) -> Answer<TallyView> {
    let key = shell.device()?.tally_key(&station, &contest, round)?;
    shell.device()?.photograph_sheet(page)?;
    Ok(shell.device()?.tally(&key)?)
}

/// Writes the practice sheet that is open into a file for the printer. Gives its path.
#[tauri::command(async)]
pub(crate) fn print_sheet(shell: State<'_, Shell>, app: AppHandle) -> Answer<String> {
    let sheet = shell.device()?.print_sheet()?;
    write_download(&app, &sheet.name, &sheet.bytes)
}

/// The result of the practice sheet that was sealed last.
#[tauri::command(async)]
pub(crate) fn drill_result(shell: State<'_, Shell>) -> Answer<DrillResultView> {
    Ok(shell.device()?.drill_result()?)
}

/// Asks the trainer for help, or takes that back.
#[tauri::command(async)]
pub(crate) fn raise_hand(shell: State<'_, Shell>, raised: bool) -> Answer<AppView> {
    shell.device()?.raise_hand(raised)?;
    app(shell)
}

/// The witness agrees that the training in this class is noted for them, or takes that back.
#[tauri::command(async)]
pub(crate) fn be_known_in_class(shell: State<'_, Shell>, known: bool) -> Answer<AppView> {
    shell.elections.be_known_in_class(known)?;
    app(shell)
}
