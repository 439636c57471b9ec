package id.saksi.app

import android.Manifest
import android.app.Activity
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager
import android.os.Build
import androidx.core.app.ActivityCompat
import androidx.core.app.NotificationCompat
import androidx.core.app.NotificationManagerCompat
import androidx.core.content.ContextCompat

/** What the app says while it is closed: that records are proved, and that a coordinator asks for a photo. */
object Notices {
  private const val CHANNEL = "sending"

  /** One notice, which a newer one replaces. */
  private const val NOTICE = 1

  /** Before Android 8 there are no channels. */
  fun makeChannel(context: Context) {
    if (Build.VERSION.SDK_INT < Build.VERSION_CODES.O) return
    val channel =
      NotificationChannel(CHANNEL, context.getString(R.string.channel_name), NotificationManager.IMPORTANCE_DEFAULT)
    channel.description = context.getString(R.string.channel_description)
    NotificationManagerCompat.from(context).createNotificationChannel(channel)
  }

  /** Says what came of sending, if a witness would want to know. Neither figures nor names are in it. */
  fun show(context: Context, sent: Sent) {
    val text =
      when {
        sent.requests > 0 -> context.getString(R.string.photo_asked)
        sent.proved == 0 -> return
        sent.waiting == 0 -> context.getString(R.string.all_proved)
        else -> context.getString(R.string.still_waiting, sent.waiting)
      }
    if (!isAllowed(context)) return
    val open =
      PendingIntent.getActivity(
        context,
        0,
        Intent(context, MainActivity::class.java),
        PendingIntent.FLAG_IMMUTABLE or PendingIntent.FLAG_UPDATE_CURRENT,
      )
    val notice =
      NotificationCompat.Builder(context, CHANNEL)
        .setSmallIcon(R.drawable.ic_notification)
        .setColor(ContextCompat.getColor(context, R.color.notification))
        .setContentTitle(context.getString(R.string.app_name))
        .setContentText(text)
        .setContentIntent(open)
        .setAutoCancel(true)
        .build()
    NotificationManagerCompat.from(context).notify(NOTICE, notice)
  }

  /**
   * Asks for the permission once, at the second opening: at the first, a witness cannot know what it is for. Without it
   * everything works, and only the notices are missing.
   */
  fun askOnce(activity: Activity) {
    if (isAllowed(activity)) return
    val openings = activity.getSharedPreferences("notices", Context.MODE_PRIVATE)
    val before = openings.getInt("openings", 0)
    if (before > 1) return
    openings.edit().putInt("openings", before + 1).apply()
    if (before == 1) {
      ActivityCompat.requestPermissions(activity, arrayOf(Manifest.permission.POST_NOTIFICATIONS), NOTICE)
    }
  }

  /** The witness looks at the app itself now. */
  fun clear(context: Context) {
    NotificationManagerCompat.from(context).cancel(NOTICE)
  }

  private fun isAllowed(context: Context): Boolean =
    Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU ||
      ContextCompat.checkSelfPermission(context, Manifest.permission.POST_NOTIFICATIONS) ==
        PackageManager.PERMISSION_GRANTED
}
