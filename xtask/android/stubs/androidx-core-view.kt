package androidx.core.view

import android.view.View
import androidx.core.graphics.Insets

fun interface OnApplyWindowInsetsListener {
  fun onApplyWindowInsets(view: View, insets: WindowInsetsCompat): WindowInsetsCompat
}

class ViewCompat {
  companion object {
    @JvmStatic fun setOnApplyWindowInsetsListener(view: View, listener: OnApplyWindowInsetsListener?) {}
  }
}

class WindowInsetsCompat {
  fun getInsets(types: Int): Insets = TODO()

  class Type {
    companion object {
      @JvmStatic fun systemBars(): Int = TODO()

      @JvmStatic fun displayCutout(): Int = TODO()

      @JvmStatic fun ime(): Int = TODO()
    }
  }

  companion object {
    @JvmField val CONSUMED = WindowInsetsCompat()
  }
}
