package android.net

import android.os.Parcelable

class Uri : Parcelable

class ConnectivityManager {
  val isActiveNetworkMetered: Boolean
    get() = TODO()
}
