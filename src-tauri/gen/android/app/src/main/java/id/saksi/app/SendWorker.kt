package id.saksi.app

import android.content.Context
import android.net.ConnectivityManager
import androidx.work.BackoffPolicy
import androidx.work.Constraints
import androidx.work.ExistingPeriodicWorkPolicy
import androidx.work.ExistingWorkPolicy
import androidx.work.NetworkType
import androidx.work.OneTimeWorkRequestBuilder
import androidx.work.PeriodicWorkRequestBuilder
import androidx.work.WorkManager
import androidx.work.Worker
import androidx.work.WorkerParameters
import java.util.concurrent.TimeUnit

/** Sends what waits as soon as there is a network, whether the app runs or not. Android calls it. */
class SendWorker(context: Context, parameters: WorkerParameters) : Worker(context, parameters) {
  override fun doWork(): Result {
    // The window sends by itself.
    if (Sender.isWindowOpen) return Result.success()
    val packed = Sender.send(applicationContext.dataDir.path, isMetered(), SECONDS_MAX)
    val sent = Sent.of(packed) ?: return Result.retry()
    if (!Sender.isWindowOpen) Notices.show(applicationContext, sent)
    return if (sent.waiting == 0) Result.success() else Result.retry()
  }

  /** A network of which nothing is known counts as one that costs money. */
  private fun isMetered(): Boolean {
    val networks = applicationContext.getSystemService(Context.CONNECTIVITY_SERVICE) as? ConnectivityManager
    return networks?.isActiveNetworkMetered ?: true
  }

  companion object {
    private const val REGULARLY = "send"
    private const val SOON = "send-soon"

    /** Android ends a worker after ten minutes. */
    private const val SECONDS_MAX = 9 * 60

    /** The shortest interval that Android allows; also the one at which the inbox is read. */
    private const val INTERVAL_MINUTES = 15L

    /** The first delay after a failure, which Android doubles up to five hours. */
    private const val BACKOFF_SECONDS = 30L

    private val onceThereIsANetwork = Constraints.Builder().setRequiredNetworkType(NetworkType.CONNECTED).build()

    /** Sends at intervals from now on, after a restart of the phone too. */
    fun keepScheduled(context: Context) {
      val work =
        PeriodicWorkRequestBuilder<SendWorker>(INTERVAL_MINUTES, TimeUnit.MINUTES)
          .setConstraints(onceThereIsANetwork)
          .build()
      WorkManager.getInstance(context).enqueueUniquePeriodicWork(REGULARLY, ExistingPeriodicWorkPolicy.KEEP, work)
    }

    /** Sends as soon as there is a network. */
    fun sendSoon(context: Context) {
      val work =
        OneTimeWorkRequestBuilder<SendWorker>()
          .setConstraints(onceThereIsANetwork)
          .setBackoffCriteria(BackoffPolicy.EXPONENTIAL, BACKOFF_SECONDS, TimeUnit.SECONDS)
          .build()
      WorkManager.getInstance(context).enqueueUniqueWork(SOON, ExistingWorkPolicy.REPLACE, work)
    }
  }
}
