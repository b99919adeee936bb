#include "core/owners/owner_scan.h"

#include <utility>

#include "core/owners/owner_run.h"

namespace sockscope {

OwnerScan::OwnerScan(std::unique_ptr<OwnerWalk> walk, OwnerQuestion question, OwnerSink* sink,
                     StartThread start_thread)
    : run_(std::make_unique<OwnerRun>(std::move(walk), std::move(question), sink)),
      start_thread_(std::move(start_thread)) {
  if (!start_thread_) start_thread_ = [](std::function<void()> body) { return std::thread(std::move(body)); };
}

OwnerScan::~OwnerScan() {
  Cancel();
  Join();
}

Status OwnerScan::Start() {
  return StartAfterOthers(&thread_, start_thread_, [this] { run_->Execute(start_thread_); });
}

void OwnerScan::Cancel() { run_->Cancel(); }

void OwnerScan::Join() {
  if (thread_.joinable()) thread_.join();
}

}  // namespace sockscope
