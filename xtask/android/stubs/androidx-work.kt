package androidx.work

import android.content.Context
import java.util.concurrent.TimeUnit

class WorkerParameters

abstract class ListenableWorker(context: Context, parameters: WorkerParameters) {
  val applicationContext: Context
    get() = TODO()

  abstract class Result {
    companion object {
      @JvmStatic fun success(): Result = TODO()

      @JvmStatic fun retry(): Result = TODO()
    }
  }
}

abstract class Worker(context: Context, parameters: WorkerParameters) : ListenableWorker(context, parameters) {
  abstract fun doWork(): Result
}

enum class NetworkType {
  CONNECTED
}

enum class BackoffPolicy {
  EXPONENTIAL
}

enum class ExistingPeriodicWorkPolicy {
  KEEP
}

enum class ExistingWorkPolicy {
  REPLACE
}

class Constraints {
  class Builder {
    fun setRequiredNetworkType(type: NetworkType): Builder = this

    fun build(): Constraints = TODO()
  }
}

class PeriodicWorkRequest

class OneTimeWorkRequest

class PeriodicWorkRequestBuilderOf {
  fun setConstraints(constraints: Constraints): PeriodicWorkRequestBuilderOf = this

  fun build(): PeriodicWorkRequest = TODO()
}

class OneTimeWorkRequestBuilderOf {
  fun setConstraints(constraints: Constraints): OneTimeWorkRequestBuilderOf = this

  fun setBackoffCriteria(policy: BackoffPolicy, delay: Long, unit: TimeUnit): OneTimeWorkRequestBuilderOf = this

  fun build(): OneTimeWorkRequest = TODO()
}

@Suppress("FunctionName")
inline fun <reified W : ListenableWorker> PeriodicWorkRequestBuilder(
  interval: Long,
  unit: TimeUnit,
): PeriodicWorkRequestBuilderOf = TODO()

@Suppress("FunctionName")
inline fun <reified W : ListenableWorker> OneTimeWorkRequestBuilder(): OneTimeWorkRequestBuilderOf = TODO()

class WorkManager {
  fun enqueueUniquePeriodicWork(name: String, policy: ExistingPeriodicWorkPolicy, work: PeriodicWorkRequest) {}

  fun enqueueUniqueWork(name: String, policy: ExistingWorkPolicy, work: OneTimeWorkRequest) {}

  companion object {
    @JvmStatic fun getInstance(context: Context): WorkManager = TODO()
  }
}
