#pragma once

#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/scan.h"
#include "test/scripted_transport.h"

namespace sockscope::test {

// Keeps what a scan hands over; to be looked at after Join. `on_batch`, where given, decides what OnBatch answers.
struct RecordingSink final : BatchSink {
  std::vector<std::unique_ptr<Batch>> batches;
  std::optional<Status> end;
  ScanTally tally;
  int ends = 0;
  std::function<Status()> on_batch;

  Status OnBatch(std::unique_ptr<Batch> batch) override {
    batches.push_back(std::move(batch));
    return on_batch ? on_batch() : Status::Ok();
  }
  void OnEnd(const Status& status, const ScanTally& counted) override {
    end = status;
    tally = counted;
    ++ends;
  }

  size_t rows() const {
    size_t sum = 0;
    for (const auto& batch : batches) sum += batch->rows();
    return sum;
  }

  // A column's values over all batches.
  template <typename T>
  std::vector<T> Values(Column column) const {
    std::vector<T> values;
    for (const auto& batch : batches) {
      const size_t before = values.size();
      values.resize(before + batch->rows());
      std::memcpy(values.data() + before, batch->values(column), batch->rows() * sizeof(T));
    }
    return values;
  }
};

inline ScanRequest TcpRequest(int threads = 1) {
  ScanRequest request;
  request.ip_protocol = 6;
  request.inet = request.inet6 = true;
  request.states = 0xfff;
  request.columns = kAllColumns & ~Bit(Column::kProbes);
  request.threads = threads;
  return request;
}

inline ScanRequest UnixScanRequest(int threads = 1) {
  ScanRequest request;
  request.kind = ScanRequest::Kind::kUnix;
  request.states = 0xfff;
  request.columns = kAllColumns;
  request.threads = threads;
  return request;
}

// Runs a scan over a script to its end.
inline void RunScan(RecordingSink* sink, const ScanRequest& request, std::vector<Step> steps,
                    std::vector<Buffer>* sent = nullptr) {
  Scan scan(std::make_unique<ScriptedTransport>(std::move(steps), sent), request, sink);
  if (!scan.Start().ok()) throw std::runtime_error("the scan did not start");
  scan.Join();
}

}  // namespace sockscope::test
