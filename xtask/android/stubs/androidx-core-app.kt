package androidx.core.app

import android.app.Activity
import android.app.Notification
import android.app.NotificationChannel
import android.app.PendingIntent
import android.content.Context

class ActivityCompat {
  companion object {
    @JvmStatic fun requestPermissions(activity: Activity, permissions: Array<String>, requestCode: Int) {}
  }
}

class NotificationCompat {
  class Builder(context: Context, channel: String) {
    fun setSmallIcon(icon: Int): Builder = this

    fun setColor(color: Int): Builder = this

    fun setContentTitle(title: CharSequence?): Builder = this

    fun setContentText(text: CharSequence?): Builder = this

    fun setContentIntent(intent: PendingIntent?): Builder = this

    fun setAutoCancel(isCancelled: Boolean): Builder = this

    fun build(): Notification = TODO()
  }
}

class NotificationManagerCompat {
  fun createNotificationChannel(channel: NotificationChannel) {}

  fun notify(id: Int, notification: Notification) {}

  fun cancel(id: Int) {}

  companion object {
    @JvmStatic fun from(context: Context): NotificationManagerCompat = TODO()
  }
}
