package android.content

import java.io.File

abstract class Context {
  val applicationContext: Context
    get() = TODO()

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

class Intent(context: Context, target: Class<*>)

interface SharedPreferences {
  fun getInt(name: String, otherwise: Int): Int

  fun edit(): Editor

  interface Editor {
    fun putInt(name: String, value: Int): Editor

    fun apply()
  }
}
