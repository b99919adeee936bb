#include "core/scan.h"

#include <cerrno>
#include <utility>

#include "core/diag/inet.h"
#include "core/scan_run.h"
#include "core/split_run.h"

namespace sockscope {

namespace {

// Whether the schema has a place for what is asked for.
bool IsAnswerable(const ScanRequest& request) {
  return request.kind == ScanRequest::Kind::kUnix || ProtocolOf(request.ip_protocol).has_value();
}

std::unique_ptr<ScanWork> WorkFor(std::unique_ptr<Transport> transport, const ScanRequest& request, BatchSink* sink,
                                  OpenAnother open_another) {
  if (open_another && SplitRun::Suits(request)) {
    return std::make_unique<SplitRun>(std::move(transport), std::move(open_another), request, sink);
  }
  return std::make_unique<ScanRun>(std::move(transport), request, sink);
}

}  // namespace

Scan::Scan(std::unique_ptr<Transport> transport, const ScanRequest& request, BatchSink* sink,
           StartThread start_thread, OpenAnother open_another)
    : answerable_(IsAnswerable(request)),
      work_(WorkFor(std::move(transport), request, sink, std::move(open_another))),
      start_thread_(std::move(start_thread)) {
  if (!start_thread_) start_thread_ = [](std::function<void()> body) { return std::thread(std::move(body)); };
}

Scan::~Scan() {
  Cancel();
  Join();
}

Status Scan::Start() {
  if (!answerable_) return Status::From(Status::Code::kNotSupported, "protocol", EPROTONOSUPPORT);
  return StartAfterOthers(&thread_, start_thread_, [this] { work_->Execute(start_thread_); });
}

void Scan::Cancel() { work_->Cancel(); }

void Scan::Join() {
  if (thread_.joinable()) thread_.join();
}

}  // namespace sockscope
