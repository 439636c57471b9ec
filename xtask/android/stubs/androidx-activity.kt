package androidx.activity

import android.app.Activity
import android.os.Bundle
import android.view.View

open class ComponentActivity : Activity() {
  protected open fun onCreate(savedInstanceState: Bundle?) {}

  protected open fun onStart() {}

  protected open fun onStop() {}

  fun <T : View> findViewById(id: Int): T = TODO()
}

fun ComponentActivity.enableEdgeToEdge() {}
