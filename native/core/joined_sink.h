#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "core/batch_sink.h"

namespace sockscope {

// The sink of scans that run at once and are one to whoever asked: hands on their batches one at a time, and keeps their
// ends. `on_failure` is called for each of them that does not end well, on its thread.
class JoinedSink final : public BatchSink {
 public:
  JoinedSink(BatchSink* sink, std::function<void()> on_failure) : sink_(sink), on_failure_(std::move(on_failure)) {}

  Status OnBatch(std::unique_ptr<Batch> batch) override {
    std::lock_guard<std::mutex> lock(mutex_);
    return sink_->OnBatch(std::move(batch));
  }
  std::unique_ptr<Batch> GiveBack() override {
    std::lock_guard<std::mutex> lock(mutex_);
    return sink_->GiveBack();
  }
  // The one that fails first is the cause: the others are cancelled for it.
  void OnEnd(const Status& status, const ScanTally& tally) override {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (status_.ok() || status_.code() == Status::Code::kCancelled) {
        if (!status.ok()) status_ = status;
      }
      tally_.Add(tally);
    }
    if (!status.ok()) on_failure_();
  }

  // Once all of them have ended.
  const Status& status() const { return status_; }
  const ScanTally& tally() const { return tally_; }

 private:
  BatchSink* const sink_;
  const std::function<void()> on_failure_;
  std::mutex mutex_;
  Status status_;
  ScanTally tally_;
};

}  // namespace sockscope
