//! The app's shell: a window, a device, and commands that only call the device.
//!
//! Invariant: no rule of the domain and no SQL is here.

#[cfg(target_os = "android")]
mod android;
mod commands;
mod failure;
#[cfg(not(target_os = "android"))]
mod keystore;
mod request;
pub mod while_closed;

#[cfg(not(target_os = "android"))]
pub use keystore::PlatformKeystore;

use std::path::PathBuf;
use std::sync::Arc;

use device::sync::{HttpTransport, RestartDelay};
use device::{Device, DeviceError, Elections, Keystore, error_chain};
use tauri::{AppHandle, Emitter as _, Manager as _};

/// The environment variable with the folder of the app's data. Without it, the system's folder for app data
/// is used.
const DATA_FOLDER: &str = "SAKSI_DATA";
/// The environment variable with an invitation, which the first screen offers.
const INVITATION: &str = "SAKSI_INVITATION";

/// The state of the commands.
struct Shell {
    elections: Arc<Elections>,
    offered_invitation: Option<String>,
}

impl Shell {
    /// The device of the election that the screens show.
    fn device(&self) -> Result<Arc<Device>, DeviceError> {
        self.elections.current()
    }
}

/// Runs the app until its window is closed.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
#[expect(clippy::expect_used, reason = "without a window nobody can see an error")]
pub fn run() {
    start_logging();
    tauri::Builder::default()
        .setup(|app| {
            let shell = open(app.handle())?;
            start_sync(&shell.elections, app.handle().clone());
            app.manage(shell);
            Ok(())
        })
        .invoke_handler(answers_commands())
        .run(tauri::generate_context!())
        .expect("cannot open the app's window");
}

/// Every command of the screens, and the function that answers it.
fn answers_commands() -> impl Fn(tauri::ipc::Invoke) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        commands::app,
        commands::offered_invitation,
        commands::set_language,
        commands::join,
        commands::choose_election,
        commands::leave_election,
        commands::undo_leave_election,
        commands::forget_invitation,
        commands::accept_package,
        commands::export_package,
        commands::record_at,
        commands::open_messages,
        commands::open_tally,
        commands::set_figure,
        commands::acknowledge,
        commands::cross_out_rest,
        commands::undo_cross_out,
        commands::attach_photo,
        commands::add_photos,
        commands::assign_photo,
        commands::discard_photo,
        commands::remove_photo,
        commands::move_photo,
        commands::crop,
        commands::photo,
        commands::seal,
        commands::begin_correction,
        commands::abandon_correction,
        commands::sync_now,
        commands::connection_may_be_back,
        commands::export_bundle,
        commands::read_code,
        commands::accept_bundle,
        commands::reports,
        commands::attend,
        commands::write_incident,
        commands::discard_incident,
        commands::seal_incident,
        commands::tally_code,
        commands::practise,
        commands::practise_scenario,
        commands::end_practice,
        commands::begin_exercise,
        commands::sheet_page,
        commands::photograph_sheet,
        commands::print_sheet,
        commands::drill_result,
        commands::raise_hand,
        commands::be_known_in_class,
    ]
}

/// An app that is started a second time in one process, as on Android, has a logger already.
fn start_logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    let _ = tracing_subscriber::fmt().with_env_filter(filter).try_init();
}

fn open(app: &AppHandle) -> Result<Shell, Box<dyn std::error::Error>> {
    let folder = match std::env::var_os(DATA_FOLDER) {
        Some(folder) => PathBuf::from(folder),
        None => app.path().app_data_dir()?,
    };
    Ok(Shell {
        elections: while_closed::elections(&folder)?,
        offered_invitation: std::env::args().nth(1).or_else(|| std::env::var(INVITATION).ok()),
    })
}

/// Sends in the background for as long as the app runs, for all elections.
fn start_sync(elections: &Arc<Elections>, app: AppHandle) {
    let elections = Arc::clone(elections);
    let changed = Arc::new(move || notify_screens(&app));
    tauri::async_runtime::spawn(async move {
        let _sends = while_closed::window_sends().await;
        elections.supervise_all(HttpTransport::new, changed, RestartDelay::default()).await;
    });
}

/// The platform's keystore. Android's needs a hook in the app's activity that is not there yet: there, the
/// key is in its file, in the app's own folder.
fn keystore() -> Arc<dyn Keystore> {
    #[cfg(not(target_os = "android"))]
    return Arc::new(keystore::PlatformKeystore);
    #[cfg(target_os = "android")]
    return Arc::new(device::NoKeystore);
}

/// Makes the screens read again what they show.
fn notify_screens(app: &AppHandle) {
    if let Err(error) = app.emit("changed", ()) {
        tracing::warn!(error = error_chain(&error), "cannot notify the screens of a change");
    }
}
