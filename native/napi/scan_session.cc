#include "napi/scan_session.h"

#include <algorithm>
#include <utility>

namespace sockscope {

namespace {

// Of batches that wait, from which on a scan pauses that may: two or three of them.
constexpr size_t kPauseBytes = size_t{1} << 20;

}  // namespace

std::shared_ptr<ScanSession> ScanSession::Start(Napi::Function wake, const ScanRequest& request,
                                                std::unique_ptr<Transport> transport, const Status& opened,
                                                const OpenAnother& open_another) {
  std::shared_ptr<ScanSession> session(new ScanSession(request.max_bytes, transport != nullptr && transport->MayPause()));
  session->line_.Connect(wake, "sockscope dump", session);
  session->Run(request, std::move(transport), opened, open_another);
  return session;
}

void ScanSession::Run(const ScanRequest& request, std::unique_ptr<Transport> transport, const Status& opened,
                      const OpenAnother& open_another) {
  Status status = opened;
  if (transport != nullptr) {
    try {
      scan_ = std::make_unique<Scan>(std::move(transport), request, this, StartThread(), open_another);
      status = scan_->Start();
      if (status.ok()) return;
    } catch (const std::bad_alloc&) {
      status = Status::From(Status::Code::kNoMemory, "start");
    }
  }
  OnEnd(status, ScanTally());
}

Status ScanSession::OnBatch(std::unique_ptr<Batch> batch) {
  const size_t bytes = batch->ByteLength();
  bool first;
  {
    auto lock = monitor_.Lock();
    if (may_pause_) monitor_.Wait(lock, [&] { return cancelled_ || HasRoomFor(bytes); });
    if (cancelled_) return Status::From(Status::Code::kCancelled, "take");
    if (bytes > max_bytes_ - waiting_bytes_) return Status::From(Status::Code::kTooLarge, "queue");
    first = waiting_.empty();
    waiting_.push_back(std::move(batch));
    waiting_bytes_ += bytes;
  }
  if (first) line_.Wake();
  return Status::Ok();
}

bool ScanSession::HasRoomFor(size_t bytes) const {
  return waiting_.empty() || waiting_bytes_ + bytes <= std::min(kPauseBytes, max_bytes_);
}

std::unique_ptr<Batch> ScanSession::GiveBack() {
  const auto lock = monitor_.Lock();
  return std::move(used_);
}

void ScanSession::Reuse(std::unique_ptr<Batch> batch) {
  if (batch->capacity() != kBatchRows) return;
  const auto lock = monitor_.Lock();
  if (!ended_) used_.swap(batch);
}

void ScanSession::OnEnd(const Status& status, const ScanTally& tally) {
  std::deque<std::unique_ptr<Batch>> dropped;
  std::unique_ptr<Batch> used;
  {
    const auto lock = monitor_.Lock();
    used.swap(used_);
    end_ = End{status, tally};
    ended_ = true;
    if (cancelled_) dropped.swap(waiting_);
  }
  // Now: the JavaScript thread joins this one soon after the line's end.
  dropped.clear();
  used.reset();
  line_.End();
}

ScanSession::Taken ScanSession::Take() {
  Taken taken;
  const auto lock = monitor_.Lock();
  if (!waiting_.empty() && !cancelled_) {
    taken.batch = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_bytes_ -= taken.batch->ByteLength();
    if (may_pause_) monitor_.Notify();
  } else if (ended_) {
    taken.end = &end_;
  }
  return taken;
}

void ScanSession::Cancel() {
  std::deque<std::unique_ptr<Batch>> dropped;
  {
    const auto lock = monitor_.Lock();
    if (std::exchange(cancelled_, true)) return;
    monitor_.Notify();
    // While the scan runs, what waits is left to its thread, which this one does not wait for.
    if (ended_) dropped.swap(waiting_);
  }
  if (scan_ != nullptr) scan_->Cancel();
  line_.Silence();
}

}  // namespace sockscope
