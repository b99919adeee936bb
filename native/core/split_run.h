#pragma once

#include <array>
#include <memory>
#include <mutex>

#include "core/joined_sink.h"
#include "core/scan.h"
#include "core/scan_run.h"
#include "core/scan_work.h"

namespace sockscope {

// A large table in two dumps at once, one on each of two threads (ScanRequest::halves): the kernel walks its table for
// both, and passes over a socket that it need not tell of in a sixth of the time. Rows keep the kernel's order within each
// dump only.
//
// Each dump leaves out what it has seen itself. As long as a socket keeps its ports it is in one of them alone: twice
// comes only what is disconnected and connected anew under the scan, as the two connections that it was.
class SplitRun final : public ScanWork {
 public:
  // Whether the request asks for it, and the kernel runs two dumps at once.
  static bool Suits(const ScanRequest& request);

  SplitRun(std::unique_ptr<Transport> transport, OpenAnother open, const ScanRequest& request, BatchSink* sink);

  void Execute(const StartThread& start_thread) noexcept override;
  void Cancel() override;

 private:
  void RunWhole(const StartThread& start_thread);
  void RunHalves(std::unique_ptr<Transport> second, const StartThread& start_thread);
  std::unique_ptr<ScanRun> HalfRun(size_t half, std::unique_ptr<Transport> transport);
  void Publish(std::unique_ptr<ScanRun> first, std::unique_ptr<ScanRun> second);

  const ScanRequest request_;
  const OpenAnother open_;
  BatchSink* const sink_;
  JoinedSink joined_;
  std::unique_ptr<Transport> transport_;   // until a run has it

  std::mutex mutex_;   // guards what follows: who is there, not what they do
  bool cancelled_ = false;
  std::array<std::unique_ptr<ScanRun>, 2> runs_;
};

}  // namespace sockscope
