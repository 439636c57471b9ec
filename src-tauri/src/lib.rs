//! The app's shell: a window, a device behind it, and commands that only pass calls on.
//!
//! Invariant: no rule of the domain and no SQL lives here.

mod commands;
#[cfg(not(target_os = "android"))]
mod keystore;

#[cfg(not(target_os = "android"))]
pub use keystore::PlatformKeystore;

use std::path::PathBuf;
use std::sync::Arc;

use device::sync::HttpTransport;
use device::{Device, DeviceError, Keystore, Outside};
use tauri::{AppHandle, Emitter as _, Manager as _};

/// The folder of the app's data; the system's place for it when not set.
const DATA_FOLDER: &str = "SAKSI_DATA";
/// An invitation to offer on the first screen.
const INVITATION: &str = "SAKSI_INVITATION";

/// What the commands reach.
struct Shell {
    device: Arc<Device>,
    transport: HttpTransport,
    offered_invitation: Option<String>,
}

/// Runs the app until its window is closed.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
#[expect(clippy::expect_used, reason = "without a window there is nobody to tell otherwise")]
pub fn run() {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()),
        )
        .init();
    tauri::Builder::default()
        .setup(|app| {
            let shell = open(app.handle())?;
            let (device, transport) = (Arc::clone(&shell.device), shell.transport.clone());
            app.manage(shell);
            let handle = app.handle().clone();
            tauri::async_runtime::spawn(async move {
                device::sync::run(&device, &transport, || tell_changed(&handle)).await;
            });
            Ok(())
        })
        .invoke_handler(tauri::generate_handler![
            commands::app,
            commands::offered_invitation,
            commands::set_language,
            commands::join,
            commands::open_tally,
            commands::set_figure,
            commands::acknowledge,
            commands::attach_photo,
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
            commands::take_along,
            commands::accounts,
            commands::attend,
            commands::write_incident,
            commands::discard_incident,
            commands::seal_incident,
            commands::tally_code,
        ])
        .run(tauri::generate_context!())
        .expect("the app's window could not be opened");
}

fn open(app: &AppHandle) -> Result<Shell, Box<dyn std::error::Error>> {
    let folder = match std::env::var_os(DATA_FOLDER) {
        Some(folder) => PathBuf::from(folder),
        None => app.path().app_data_dir()?,
    };
    Ok(Shell {
        device: Arc::new(Device::open(&folder, Outside::system(keystore()))?),
        transport: HttpTransport::new()?,
        offered_invitation: std::env::args().nth(1).or_else(|| std::env::var(INVITATION).ok()),
    })
}

/// The platform's keystore. Android's would need a hook in the app's activity that is not there yet: the key lies in its
/// file there, in the app's own folder.
fn keystore() -> Arc<dyn Keystore> {
    #[cfg(not(target_os = "android"))]
    return Arc::new(keystore::PlatformKeystore);
    #[cfg(target_os = "android")]
    return Arc::new(device::NoKeystore);
}

/// Lets the screens read again what they show.
fn tell_changed(app: &AppHandle) {
    if let Err(error) = app.emit("changed", ()) {
        tracing::warn!(%error, "the screens could not be told of a change");
    }
}

impl From<DeviceError> for commands::CommandFailure {
    fn from(error: DeviceError) -> Self {
        tracing::warn!(%error, "a command failed");
        Self((&error).into())
    }
}
