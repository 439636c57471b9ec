package android.app

import android.content.Context
import android.content.Intent

open class Application : Context() {
  open fun onCreate() {}
}

open class Activity : Context()

class NotificationChannel(id: String, name: CharSequence, importance: Int) {
  var description: String? = null
}

class NotificationManager {
  companion object {
    const val IMPORTANCE_DEFAULT = 3
  }
}

class Notification

class PendingIntent {
  companion object {
    const val FLAG_IMMUTABLE = 0x04000000
    const val FLAG_UPDATE_CURRENT = 0x08000000

    @JvmStatic
    fun getActivity(context: Context, requestCode: Int, intent: Intent, flags: Int): PendingIntent = TODO()
  }
}
