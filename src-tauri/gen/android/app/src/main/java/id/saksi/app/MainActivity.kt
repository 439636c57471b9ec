package id.saksi.app

import android.content.Intent
import android.os.Bundle
import android.view.View
import androidx.activity.enableEdgeToEdge
import androidx.core.content.FileProvider
import androidx.core.view.ViewCompat
import androidx.core.view.WindowInsetsCompat
import java.io.File

/** The app's window. The screens are in its web view, everything else in Rust. */
class MainActivity : TauriActivity() {
  override fun onCreate(savedInstanceState: Bundle?) {
    enableEdgeToEdge()
    super.onCreate(savedInstanceState)
    keepClearOfBarsAndKeyboard()
    SendWorker.keepScheduled(this)
    if (savedInstanceState == null) Notices.askOnce(this)
  }

  override fun onStart() {
    super.onStart()
    Sender.isWindowOpen = true
    Notices.clear(this)
  }

  /** From here on Android may freeze or end the process. What waits is sent by the scheduler. */
  override fun onStop() {
    Sender.isWindowOpen = false
    SendWorker.sendSoon(this)
    super.onStop()
  }

  /** Offers a file of the app's folder `Download` to other apps. Rust calls it after a bundle was written. */
  fun share(path: String) {
    val address = FileProvider.getUriForFile(this, "$packageName.fileprovider", File(path))
    val send =
      Intent(Intent.ACTION_SEND)
        .setType("application/octet-stream")
        .putExtra(Intent.EXTRA_STREAM, address)
        .addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION)
    startActivity(Intent.createChooser(send, null))
  }

  /**
   * Old web views know nothing of the bars, of a notch and of the keyboard, and newer ones each do it in another
   * way. So the window keeps clear of them itself, and the page has all of what is left.
   */
  private fun keepClearOfBarsAndKeyboard() {
    ViewCompat.setOnApplyWindowInsetsListener(findViewById<View>(android.R.id.content)) { view, insets ->
      val taken =
        insets.getInsets(
          WindowInsetsCompat.Type.systemBars() or
            WindowInsetsCompat.Type.displayCutout() or
            WindowInsetsCompat.Type.ime()
        )
      view.setPadding(taken.left, taken.top, taken.right, taken.bottom)
      WindowInsetsCompat.CONSUMED
    }
  }
}
