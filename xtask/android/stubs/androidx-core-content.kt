package androidx.core.content

import android.content.Context
import android.net.Uri
import java.io.File

class ContextCompat {
  companion object {
    @JvmStatic fun checkSelfPermission(context: Context, permission: String): Int = TODO()

    @JvmStatic fun getColor(context: Context, id: Int): Int = TODO()
  }
}

class FileProvider {
  companion object {
    @JvmStatic fun getUriForFile(context: Context, authority: String, file: File): Uri = TODO()
  }
}
