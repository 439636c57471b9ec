package id.saksi.app

import android.app.Application

/** Makes the channel of the notices before anything can use it: the window, or the scheduler without a window. */
class SaksiApplication : Application() {
  override fun onCreate() {
    super.onCreate()
    Notices.makeChannel(this)
  }
}
