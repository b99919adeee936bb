#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/status.h"

namespace sockscope {

// The kernel fills dump datagrams up to 32,448 bytes, and never beyond the largest buffer it has seen on the socket.
inline constexpr size_t kReceiveBytes = 32 * 1024;

struct Datagram {
  size_t length = 0;        // bytes written into the buffer
  bool truncated = false;   // the datagram was longer than the buffer: its rest is lost
  uint32_t sender = 0;      // netlink port id of the sender; the kernel's is 0
};

// The way to the kernel, and the seam where tests put another one. Send and Receive belong to one thread;
// Cancel may be called from any, at any time. Neither throws.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual Status Send(std::span<const uint8_t> request) = 0;
  // Waits for the next datagram. kCancelled after Cancel, at once and from then on.
  virtual Status Receive(std::span<uint8_t> into, Datagram* out) = 0;
  virtual void Cancel() = 0;
  // Whether whoever receives may pause between two calls: nothing waits meanwhile, and nothing is lost.
  virtual bool MayPause() const { return false; }
};

}  // namespace sockscope
