#include "core/split_run.h"

#include <thread>
#include <utility>

#include "core/guard.h"

namespace sockscope {

bool SplitRun::Suits(const ScanRequest& request) {
  return request.threads > 1 && request.kind == ScanRequest::Kind::kInet && !request.halves[0].empty() &&
         !request.halves[1].empty() && request.concurrent_dumps;
}

SplitRun::SplitRun(std::unique_ptr<Transport> transport, OpenAnother open, const ScanRequest& request,
                   BatchSink* sink)
    : request_(request),
      open_(std::move(open)),
      sink_(sink),
      joined_(sink, [this] { Cancel(); }),
      transport_(std::move(transport)) {}

void SplitRun::Cancel() {
  std::lock_guard<std::mutex> lock(mutex_);
  cancelled_ = true;
  for (const auto& run : runs_) {
    if (run) run->Cancel();
  }
}

// From now on Cancel reaches them.
void SplitRun::Publish(std::unique_ptr<ScanRun> first, std::unique_ptr<ScanRun> second) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    runs_ = {std::move(first), std::move(second)};
    if (!cancelled_) return;
  }
  Cancel();
}

void SplitRun::Execute(const StartThread& start_thread) noexcept {
  const Status made = Guard([&] {
    std::unique_ptr<Transport> second = open_();
    second ? RunHalves(std::move(second), start_thread) : RunWhole(start_thread);
    return Status::Ok();
  });
  if (made.ok()) return;
  // No run has begun: only the making of one throws.
  (void)Guard([&] {
    sink_->OnEnd(made, ScanTally{.threads = 1});
    return Status::Ok();
  });
}

void SplitRun::RunWhole(const StartThread& start_thread) {
  Publish(std::make_unique<ScanRun>(std::move(transport_), request_, sink_), nullptr);
  runs_[0]->Execute(start_thread);
}

// A thread that is refused leaves one, for the halves one after the other.
void SplitRun::RunHalves(std::unique_ptr<Transport> second, const StartThread& start_thread) {
  std::unique_ptr<ScanRun> first_run = HalfRun(0, std::move(transport_));
  Publish(std::move(first_run), HalfRun(1, std::move(second)));
  std::thread other;
  (void)StartInto(&other, start_thread, [&] { runs_[1]->Execute(start_thread); });
  ScanTally tally{.threads = other.joinable() ? 2 : 1};
  runs_[0]->Execute(start_thread);
  other.joinable() ? other.join() : runs_[1]->Execute(start_thread);
  tally.Add(joined_.tally());
  (void)Guard([&] {
    sink_->OnEnd(joined_.status(), tally);
    return Status::Ok();
  });
}

std::unique_ptr<ScanRun> SplitRun::HalfRun(size_t half, std::unique_ptr<Transport> transport) {
  ScanRequest request = request_;
  request.threads = 1;
  request.bytecode = request_.halves[half];
  return std::make_unique<ScanRun>(std::move(transport), request, &joined_);
}

}  // namespace sockscope
