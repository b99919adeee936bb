#include "core/names/host_lookup.h"

#include <algorithm>
#include <mutex>
#include <thread>
#include <utility>

namespace sockscope {

// What the threads share. An answer is a node of a list from the moment it is asked for, and moves from one list to the
// next: once it is there no thread needs memory but for the name.
class HostWork {
 public:
  HostWork(FindHost find, int most_threads, std::function<void()> wake)
      : find_(std::move(find)), most_threads_(most_threads), wake_(std::move(wake)) {}

  // Adds to what waits; gives how many threads are to be started for it, which count as running from now on.
  int Add(std::list<HostAnswer> questions) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (closed_) return 0;
    waiting_.splice(waiting_.end(), questions);
    const int idle = most_threads_ - running_;
    const int unserved = int(std::min(waiting_.size(), size_t(most_threads_))) - fresh_;
    const int starting = std::max(0, std::min(idle, unserved));
    running_ += starting;
    fresh_ += starting;
    return starting;
  }

  // So many threads could not be started. Where there is none at all, what waits is not asked for.
  void OnRefused(int threads) {
    std::lock_guard<std::mutex> lock(mutex_);
    running_ -= threads;
    fresh_ -= threads;
    if (running_ == 0 && !waiting_.empty()) Give(&waiting_);
  }

  // A thread's life: until nothing waits.
  void Work() noexcept {
    std::list<HostAnswer> one;
    while (Exchange(&one)) {
      try {
        one.front().name = find_(one.front().address);
        one.front().asked = true;
      } catch (...) {
        one.front().name.reset();
      }
    }
  }

  std::list<HostAnswer> Take() {
    std::lock_guard<std::mutex> lock(mutex_);
    return std::exchange(answers_, {});
  }

  void Close() {
    std::list<HostAnswer> dropped;   // freed after the lock is
    std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
    dropped.swap(waiting_);
    dropped.splice(dropped.end(), answers_);
  }

 private:
  // Gives *one, where it is an answer, and takes what is to be looked up next. False when there is nothing.
  bool Exchange(std::list<HostAnswer>* one) {
    std::list<HostAnswer> dropped;
    std::lock_guard<std::mutex> lock(mutex_);
    if (one->empty()) --fresh_;
    else if (!closed_) Give(one);
    dropped.swap(*one);
    if (waiting_.empty()) {
      --running_;
      return false;
    }
    one->splice(one->end(), waiting_, waiting_.begin());
    return true;
  }

  // With the lock held, so that nobody is woken after Close.
  void Give(std::list<HostAnswer>* answers) {
    const bool first = answers_.empty();
    answers_.splice(answers_.end(), *answers);
    if (first) wake_();
  }

  const FindHost find_;
  const int most_threads_;
  const std::function<void()> wake_;   // not to be called once closed_

  std::mutex mutex_;   // guards what follows
  std::list<HostAnswer> waiting_;
  std::list<HostAnswer> answers_;
  int running_ = 0;   // threads, and those that are being started
  int fresh_ = 0;     // those of them that have not taken anything yet
  bool closed_ = false;
};

HostLookup::HostLookup(FindHost find, int most_threads, std::function<void()> wake, StartDetached start)
    : work_(std::make_shared<HostWork>(std::move(find), most_threads, std::move(wake))), start_(std::move(start)) {
  if (!start_) start_ = [](std::function<void()> body) { std::thread(std::move(body)).detach(); };
}

HostLookup::~HostLookup() { Close(); }

void HostLookup::Ask(std::span<const HostAddress> addresses) {
  std::list<HostAnswer> questions;
  for (const HostAddress& address : addresses) questions.push_back({address, std::nullopt});
  const int starting = work_->Add(std::move(questions));
  for (int started = 0; started < starting; ++started) {
    try {
      start_([work = work_] { work->Work(); });
    } catch (...) {
      work_->OnRefused(starting - started);
      return;
    }
  }
}

std::list<HostAnswer> HostLookup::Take() { return work_->Take(); }

void HostLookup::Close() { work_->Close(); }

}  // namespace sockscope
