package id.saksi.app

/** Rust, called without a window and without a web view. */
object Sender {
  /** Whether the window is in front. It sends by itself then, and says on its screens what came of it. */
  @Volatile var isWindowOpen = false

  init {
    System.loadLibrary("saksi_app")
  }

  /**
   * Sends what is due, in all elections, and returns when nothing is due any more or after [secondsMax].
   *
   * [folder] is the app's data folder, [isMetered] whether the network costs money. The answer is three numbers in one:
   * see [Sent]. It is negative when the store cannot be opened.
   */
  @JvmStatic external fun send(folder: String, isMetered: Boolean, secondsMax: Int): Long
}

/** What came of sending. */
data class Sent(
  /** Number of records and photos that were proved or arrived meanwhile. */
  val proved: Int,
  /** Number of requests for photos that are new. */
  val requests: Int,
  /** Number of records and photos that still wait. */
  val waiting: Int,
) {
  companion object {
    private const val BITS = 20
    private const val MASK = (1L shl BITS) - 1

    /** Reads `waiting`, `requests` and `proved` from twenty bits each, the lowest first; null if it failed. */
    fun of(packed: Long): Sent? {
      if (packed < 0) return null
      fun part(at: Int) = ((packed shr (at * BITS)) and MASK).toInt()
      return Sent(proved = part(2), requests = part(1), waiting = part(0))
    }
  }
}
