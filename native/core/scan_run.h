#pragma once

#include <memory>
#include <thread>

#include "core/chunk_queue.h"
#include "core/diag/inet.h"
#include "core/netlink/dump.h"
#include "core/row_writer.h"
#include "core/scan.h"
#include "core/scan_work.h"

namespace sockscope {

InetQuery InetQueryOf(const ScanRequest& request);

// A scan over one transport, by one dump after the other.
class ScanRun final : public ScanWork {
 public:
  ScanRun(std::unique_ptr<Transport> transport, const ScanRequest& request, BatchSink* sink);

  void Execute(const StartThread& start_thread) noexcept override;
  void Cancel() override;

 private:
  // The receiving side: which dumps make the scan, each of them, each of its datagrams.
  Status ReceiveInet();
  Status ReceiveByFamily();
  Status ReceiveDump(DumpRequest request);
  Status Accept(Chunk chunk);
  // The decoding side, on the second thread.
  void DecodeQueue() noexcept;
  Status DecodeChunks();

  Status ReceiveAndDecode(const StartThread& start_thread);
  Status Outcome(const Status& received) const;
  ScanTally Tally() const;

  const ScanRequest request_;
  const InetQuery inet_;
  const std::unique_ptr<Transport> transport_;
  BatchSink* const sink_;
  ChunkQueue queue_;
  RowWriter writer_;        // belongs to the decoding thread
  DumpTally dump_tally_;    // the receiving thread's
  uint32_t sequence_ = 0;
  bool answered_ = false;   // rows have come
  int threads_ = 1;
  Status decoded_;          // the second thread's outcome, read after its end
};

}  // namespace sockscope
