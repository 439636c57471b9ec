//! What Android calls without a window, and what is asked of Android's window: `Sender.kt` and
//! `MainActivity.kt` in `gen/android`.

use std::path::Path;
use std::time::Duration;

use device::error_chain;
use tauri::tao::platform::android::prelude::{JClass, JNIEnv, JString, android_fn};
use tauri::{AppHandle, Manager as _};

use crate::while_closed;

/// The answer when the store cannot be opened.
const FAILED: i64 = -1;

android_fn!(id_saksi, app, Sender, send, [JString<'local>, u8, i32], i64);

fn send<'local>(
    mut env: JNIEnv<'local>,
    _class: JClass<'local>,
    folder: JString<'local>,
    is_metered: u8,
    seconds_max: i32,
) -> i64 {
    crate::start_logging();
    let Ok(folder) = env.get_string(&folder) else { return FAILED };
    let folder = String::from(folder);
    let limit = Duration::from_secs(u64::try_from(seconds_max).unwrap_or(0));
    match while_closed::send(Path::new(&folder), is_metered != 0, limit) {
        Ok(sent) => sent.packed(),
        Err(error) => {
            tracing::error!(error = error_chain(&error), "cannot send while the app is closed");
            FAILED
        }
    }
}

/// Lets the system's sheet offer a file of the downloads folder to other apps, from which that folder is
/// hidden since Android 11.
pub(crate) fn share(app: &AppHandle, path: &str) {
    let path = path.to_owned();
    let Some(window) = app.webview_windows().into_values().next() else { return };
    let asked = window.with_webview(move |webview| {
        webview.jni_handle().exec(move |env, activity, _| {
            let shared = env.new_string(&path).and_then(|path| {
                env.call_method(activity, "share", "(Ljava/lang/String;)V", &[(&path).into()])
            });
            if let Err(error) = shared {
                tracing::error!(error = error_chain(&error), "cannot offer the file to other apps");
            }
        });
    });
    if let Err(error) = asked {
        tracing::error!(error = error_chain(&error), "cannot reach the window to share a file");
    }
}
