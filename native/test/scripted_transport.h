#pragma once

#include <semaphore>
#include <utility>
#include <vector>

#include "core/netlink/transport.h"
#include "test/wire.h"

namespace sockscope::test {

// What the next Receive does.
struct Step {
  Buffer bytes;
  uint32_t sender = 0;
  Status status{};          // not ok: Receive fails with it
  bool waits = false;       // blocks until Cancel
  bool out_of_memory = false;

  static Step Of(Buffer bytes) { return Step{.bytes = std::move(bytes)}; }
  static Step From(uint32_t sender, Buffer bytes) { return Step{.bytes = std::move(bytes), .sender = sender}; }
  static Step Fails(Status status) { return Step{.bytes = {}, .status = status}; }
  static Step Waits() { return Step{.bytes = {}, .waits = true}; }
  static Step OutOfMemory() { return Step{.bytes = {}, .out_of_memory = true}; }
};

// A kernel that misbehaves as it is told. What was sent is kept in *sent, which outlives the transport.
class ScriptedTransport final : public Transport {
 public:
  explicit ScriptedTransport(std::vector<Step> steps, std::vector<Buffer>* sent = nullptr);

  Status Send(std::span<const uint8_t> request) override;
  Status Receive(std::span<uint8_t> into, Datagram* out) override;
  void Cancel() override;

 private:
  std::vector<Step> steps_;
  std::vector<Buffer>* sent_;
  size_t next_ = 0;
  std::counting_semaphore<64> cancelled_{0};
};

}  // namespace sockscope::test
