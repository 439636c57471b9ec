package android.net

class ConnectivityManager {
  val isActiveNetworkMetered: Boolean
    get() = TODO()
}
