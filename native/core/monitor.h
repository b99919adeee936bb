#pragma once

#include <pthread.h>

#include <mutex>

namespace sockscope {

// A mutex and a condition. Not std::condition_variable: its wait() ties a program to a recent libstdc++.
class Monitor {
 public:
  Monitor() = default;
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;
  ~Monitor() { pthread_cond_destroy(&condition_); }

  std::unique_lock<std::mutex> Lock() { return std::unique_lock(mutex_); }
  // Waits, with the lock held before and after, until `holds` does.
  template <typename Predicate>
  void Wait(std::unique_lock<std::mutex>& lock, Predicate holds) {
    while (!holds()) pthread_cond_wait(&condition_, lock.mutex()->native_handle());
  }
  // All who wait.
  void Notify() { pthread_cond_broadcast(&condition_); }

 private:
  std::mutex mutex_;
  pthread_cond_t condition_ = PTHREAD_COND_INITIALIZER;
};

}  // namespace sockscope
