#pragma once

#include <atomic>
#include <vector>

#include "core/netlink/transport.h"

namespace sockscope {

// Answers from recorded datagrams, one a Receive, as if the kernel (port id 0) had sent them; one that is longer than
// the buffer is truncated. After the last one Receive fails with ENODATA.
//
// A scan numbers its requests 1, 2, ...: the messages of the first reply must carry sequence 1, those of the second
// (the inet6 half of a scan by family) sequence 2.
class ReplayTransport final : public Transport {
 public:
  explicit ReplayTransport(std::vector<std::vector<uint8_t>> datagrams);

  Status Send(std::span<const uint8_t> request) override;   // forgets the request
  Status Receive(std::span<uint8_t> into, Datagram* out) override;
  void Cancel() override;

 private:
  std::vector<std::vector<uint8_t>> datagrams_;
  size_t next_ = 0;
  std::atomic<bool> cancelled_{false};
};

}  // namespace sockscope
