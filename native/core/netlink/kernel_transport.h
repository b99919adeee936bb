#pragma once

#include <linux/netlink.h>

#include <atomic>
#include <memory>

#include "core/netlink/transport.h"
#include "core/unique_fd.h"

namespace sockscope {

// A netlink socket of the calling thread's network namespace, for one scan: a dump that was left halfway
// would go on in the next one, so sockets are not shared.
class KernelTransport final : public Transport {
 public:
  // Null where the kernel refuses; *status says how. Asks nothing yet: before Linux 6.9 a request waits its turn behind
  // the dumps of other processes. What it may wait for is a module that the kernel loads for the protocol. May be
  // called on any thread. A silence longer than `silence_ms` is an error of Receive (ETIMEDOUT): the kernel has every
  // reply ready before it is asked for.
  static std::unique_ptr<KernelTransport> Open(Status* status, int silence_ms = kSilenceMs) {
    return Open(NETLINK_SOCK_DIAG, "socket NETLINK_SOCK_DIAG", status, silence_ms);
  }
  // As the other one, for another NETLINK_* protocol. `operation`, a literal, is what failed where there is no such
  // socket.
  static std::unique_ptr<KernelTransport> Open(int protocol, const char* operation, Status* status,
                                               int silence_ms = kSilenceMs);

  Status Send(std::span<const uint8_t> request) override;
  Status Receive(std::span<uint8_t> into, Datagram* out) override;
  void Cancel() override;

 private:
  static constexpr int kSilenceMs = 10'000;

  KernelTransport(UniqueFd socket, UniqueFd cancel_event, int silence_ms);
  void Prime();
  Status Post(std::span<const uint8_t> request);
  Status WaitForDatagram();

  UniqueFd socket_;
  UniqueFd cancel_event_;   // readable from Cancel on
  const int silence_ms_;
  bool primed_ = false;     // the sending thread's
  std::atomic<bool> cancelled_{false};
};

}  // namespace sockscope
