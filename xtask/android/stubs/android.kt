package android

class Manifest {
  class permission {
    companion object {
      const val POST_NOTIFICATIONS = "android.permission.POST_NOTIFICATIONS"
    }
  }
}

class R {
  class id {
    companion object {
      const val content = 0x01020002
    }
  }
}
