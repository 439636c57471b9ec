package android.os

class Bundle

interface Parcelable

class Build {
  class VERSION {
    companion object {
      val SDK_INT: Int
        get() = TODO()
    }
  }

  class VERSION_CODES {
    companion object {
      const val O = 26
      const val TIRAMISU = 33
    }
  }
}
