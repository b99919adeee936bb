#include "core/scan.h"

#include <cerrno>
#include <utility>

#include "core/scan_run.h"

namespace sockscope {

Scan::Scan(std::unique_ptr<Transport> transport, const ScanRequest& request, BatchSink* sink,
           StartThread start_thread)
    : run_(std::make_unique<ScanRun>(std::move(transport), request, sink)), start_thread_(std::move(start_thread)) {
  if (!start_thread_) start_thread_ = [](std::function<void()> body) { return std::thread(std::move(body)); };
}

Scan::~Scan() {
  Cancel();
  Join();
}

Status Scan::Start() {
  if (!run_->IsAnswerable()) return Status::From(Status::Code::kNotSupported, "protocol", EPROTONOSUPPORT);
  return StartInto(&thread_, start_thread_, [this] { run_->Execute(start_thread_); });
}

void Scan::Cancel() { run_->Cancel(); }

void Scan::Join() {
  if (thread_.joinable()) thread_.join();
}

}  // namespace sockscope
