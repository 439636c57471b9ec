package id.saksi.app

import androidx.activity.ComponentActivity

/** Tauri's generator makes it when the app is built. */
abstract class TauriActivity : ComponentActivity()
