#pragma once

#include <memory>
#include <thread>

#include "core/chunk_queue.h"
#include "core/diag/inet.h"
#include "core/netlink/dump.h"
#include "core/row_writer.h"
#include "core/scan.h"

namespace sockscope {

// What a scan does on its threads. Execute is the first thread's whole life; Cancel may be called from any.
class ScanRun {
 public:
  ScanRun(std::unique_ptr<Transport> transport, const ScanRequest& request, BatchSink* sink);

  // Whether the schema has a place for the protocol asked for.
  bool IsAnswerable() const;
  // `start_thread` is used for the second thread, and only during the call.
  void Execute(const StartThread& start_thread) noexcept;
  void Cancel();

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
