#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "core/batch_sink.h"
#include "core/columns.h"
#include "core/kernel_version.h"
#include "core/netlink/transport.h"
#include "core/scan_work.h"
#include "core/start_thread.h"
#include "core/status.h"
#include "core/thread_priority.h"

namespace sockscope {

struct ScanRequest {
  enum class Kind : uint8_t { kInet, kUnix };

  Kind kind = Kind::kInet;
  uint16_t ip_protocol = 0;   // IPPROTO_TCP, _UDP, _UDPLITE or _RAW; 0 for kUnix
  bool inet = false;          // families wanted, for kInet
  bool inet6 = false;
  uint32_t states = 0;        // 1 << state
  ColumnSet columns = 0;
  std::vector<uint8_t> bytecode{};   // for kInet: a filter for the kernel to run (INET_DIAG_REQ_BYTECODE); empty for none
  // Two filters, instead of `bytecode`, of which each socket passes one and no more: two dumps may be made of the scan, each
  // with one of them, and the rows come in no order. Empty: they may not. Neither is used where there is one dump.
  std::array<std::vector<uint8_t>, 2> halves{};
  // 1: receive and decode on one. 2: on one each, or by two dumps on one each.
  int threads = 1;
  Priority priority = Priority::kNormal;
  // Bytes of buffers that may be between the two threads (2 MiB are granted at the least); one more ends the scan with
  // kTooLarge, and what is in them is dropped. Batches handed over are the sink's to count: it returns kTooLarge from
  // OnBatch. Where that allows as much, a scan may take twice max_bytes.
  size_t max_bytes = size_t{1} << 30;
  // Whether the one-walk request may be used for protocols other than TCP; else they are asked for by family.
  bool protocol_attribute = KernelTakesProtocolAttribute();
  // Whether two dumps at once are faster than one.
  bool concurrent_dumps = KernelDumpsAtOnce();
};

// A further transport of the same kind; null where there is none to be had. Called on the scan's first thread.
using OpenAnother = std::function<std::unique_ptr<Transport>()>;

// One scan on threads of its own, over a transport of its own, or (where `open_another` is given) several. Rows read before an error are handed over.
// The sink must outlive it. Start, Join and the destructor belong to one thread; Cancel to any.
class Scan {
 public:
  // Throws std::bad_alloc, as Start may not.
  Scan(std::unique_ptr<Transport> transport, const ScanRequest& request, BatchSink* sink,
       StartThread start_thread = {}, OpenAnother open_another = {});
  ~Scan();   // cancels and joins
  Scan(const Scan&) = delete;
  Scan& operator=(const Scan&) = delete;

  // kNoThread or kNoMemory when the thread could not be started, kNotSupported (EPROTONOSUPPORT) for a protocol that
  // has no place in the schema: OnEnd is then not called. To be called once.
  Status Start();
  // Ends the scan soon, with kCancelled; returns at once. A scan that has ended keeps its outcome. Idempotent.
  void Cancel();
  // Waits for the end. Idempotent.
  void Join();

 private:
  const bool answerable_;
  std::unique_ptr<ScanWork> work_;
  StartThread start_thread_;
  std::thread thread_;
};

}  // namespace sockscope
