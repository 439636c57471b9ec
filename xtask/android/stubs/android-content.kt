package android.content

import android.os.Parcelable
import java.io.File

abstract class Context {
  val applicationContext: Context
    get() = TODO()

  val packageName: String
    get() = TODO()

  fun startActivity(intent: Intent) {}

  val dataDir: File
    get() = TODO()

  fun getString(id: Int): String = TODO()

  fun getString(id: Int, vararg values: Any?): String = TODO()

  fun getSystemService(name: String): Any? = TODO()

  fun getSharedPreferences(name: String, mode: Int): SharedPreferences = TODO()

  companion object {
    const val CONNECTIVITY_SERVICE = "connectivity"
    const val MODE_PRIVATE = 0
  }
}

class Intent {
  constructor(action: String)

  constructor(context: Context, target: Class<*>)

  fun setType(type: String?): Intent = this

  fun putExtra(name: String, value: Parcelable?): Intent = this

  fun addFlags(flags: Int): Intent = this

  companion object {
    const val ACTION_SEND = "android.intent.action.SEND"
    const val EXTRA_STREAM = "android.intent.extra.STREAM"
    const val FLAG_GRANT_READ_URI_PERMISSION = 1

    @JvmStatic fun createChooser(target: Intent, title: CharSequence?): Intent = TODO()
  }
}

interface SharedPreferences {
  fun getInt(name: String, otherwise: Int): Int

  fun edit(): Editor

  interface Editor {
    fun putInt(name: String, value: Int): Editor

    fun apply()
  }
}
