package androidx.core.content

import android.content.Context

class ContextCompat {
  companion object {
    @JvmStatic fun checkSelfPermission(context: Context, permission: String): Int = TODO()

    @JvmStatic fun getColor(context: Context, id: Int): Int = TODO()
  }
}
