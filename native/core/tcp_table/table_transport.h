#pragma once

#include <atomic>
#include <memory>

#include "core/netlink/transport.h"
#include "core/owners/bpf_syscall.h"
#include "core/tcp_table/table_program.h"
#include "core/unique_fd.h"

namespace sockscope {

// Sockets and buckets that one run looks at. A run is one RCU read section, and on a kernel without preemption whoever
// wants its core waits until it is over: as many as `first`, which take a tenth of a millisecond or so; then four times
// as many, until it gets over its bucket, or they are `most`.
struct TableSteps {
  uint64_t first = 1024;
  uint64_t most = uint64_t{1} << 20;
};

// Answers the request for a dump of TCP sockets, as NETLINK_SOCK_DIAG would, from the kernel's tables themselves, by a
// BPF program: several times as fast, and without a lock of the kernel's. Listeners come first, then the others, each
// in the table's order, IPv4 and IPv6 together. Of a socket no more is told than TableRecord has: cookie, timers,
// interface, uid and inode are 0: no bucket is told twice, and no socket needs to be known again. States and family of the request are heeded, its bytecode is not.
// Only where MayUseBpf, and of the network namespace of the thread that receives.
class TableTransport final : public Transport {
 public:
  explicit TableTransport(BpfCall call = KernelBpf, TableSteps steps = {}) : call_(call), steps_(steps) {}
  ~TableTransport() override;

  // Loads the program: some milliseconds. kNotSupported (before Linux 6.4, not x86-64, another kind of request), or what
  // bpf(2) says.
  Status Send(std::span<const uint8_t> request) override;
  // kMalformed where the tables are not what they were taken for. A bucket of more sockets than TableSteps::most, or that
  // changes all the time, is told as it is found, and the dump said to be interrupted.
  Status Receive(std::span<uint8_t> into, Datagram* out) override;
  void Cancel() override { cancelled_.store(true, std::memory_order_relaxed); }
  bool MayPause() const override { return true; }

 private:
  bool TakeRequest(std::span<const uint8_t> request);
  bool IsWanted(const TableRecord& record) const;
  Status FindFields();
  // With memory for as many sockets as a run has steps.
  Status Load();
  Status Walk();
  Status Insist();
  // Both tell the bytes they wrote.
  size_t TakeRecords(std::span<uint8_t> into);
  size_t TakeEnd(std::span<uint8_t> into) const;

  void Unmap();

  const BpfCall call_;
  const TableSteps steps_;
  TableFields fields_{};
  Status refused_;                     // why there is no program, for whoever asks again
  UniqueFd program_, memory_;
  const uint8_t* records_ = nullptr;   // the memory, mapped
  size_t records_bytes_ = 0;
  TableQuestion question_{};
  uint64_t taken_ = 0;                 // bytes of records
  bool walked_ = false;                // both tables, to their ends
  bool interrupted_ = false;
  bool ended_ = false;
  uint32_t sequence_ = 0;
  uint32_t states_ = 0;
  uint8_t family_ = 0;                 // 0: both
  std::atomic<bool> cancelled_{false};
};

}  // namespace sockscope
