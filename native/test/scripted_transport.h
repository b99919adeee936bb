#pragma once

#include <functional>
#include <memory>
#include <semaphore>
#include <utility>
#include <vector>

#include "core/netlink/transport.h"
#include "test/fixtures.h"
#include "test/wire.h"

namespace sockscope::test {

// What the next Receive does.
struct Step {
  Buffer bytes;
  uint32_t sender = 0;
  Status status{};          // not ok: Receive fails with it
  bool waits = false;       // blocks until Cancel
  bool out_of_memory = false;
  std::function<void()> before{};   // called when it is the step's turn

  static Step Of(Buffer bytes) { return Step{.bytes = std::move(bytes)}; }
  static Step From(uint32_t sender, Buffer bytes) { return Step{.bytes = std::move(bytes), .sender = sender}; }
  static Step Fails(Status status) { return Step{.bytes = {}, .status = status}; }
  static Step Waits(std::function<void()> before = {}) {
    return Step{.bytes = {}, .waits = true, .before = std::move(before)};
  }
  static Step OutOfMemory() { return Step{.bytes = {}, .out_of_memory = true}; }
};

// A kernel that misbehaves as it is told. What was sent is kept in *sent, which outlives the transport.
class ScriptedTransport : public Transport {
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

// One that Cancel does not reach.
class DeafTransport final : public ScriptedTransport {
 public:
  using ScriptedTransport::ScriptedTransport;
  void Cancel() override {}
};

// Connections of the first dump, 200 a datagram, and what comes after them.
inline std::vector<Step> RowsThen(Step last, uint32_t rows = 400) {
  std::vector<Step> steps;
  for (Buffer& datagram : NumberedDatagrams(1, rows)) steps.push_back(Step::Of(std::move(datagram)));
  steps.push_back(std::move(last));
  return steps;
}

inline std::unique_ptr<Transport> Script(std::vector<Step> steps) {
  return std::make_unique<ScriptedTransport>(std::move(steps));
}

}  // namespace sockscope::test
