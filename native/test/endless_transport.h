#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <utility>

#include "core/netlink/transport.h"
#include "test/fixtures.h"

namespace sockscope::test {

// Sends the same rows for ever; they have no cookie, so that none is a duplicate.
class EndlessTransport final : public Transport {
 public:
  // `before` is called before each datagram with its number: 0, 1, ...
  explicit EndlessTransport(std::function<void(int)> before = [](int) {}) : before_(std::move(before)) {
    Buffer body = NumberedBody(0);
    std::fill_n(body.begin() + 44, 8, uint8_t{0});
    for (int row = 0; row < 300; ++row) datagram_.Append(InetMessage(1, body));
  }
  Status Send(std::span<const uint8_t>) override { return Status::Ok(); }
  Status Receive(std::span<uint8_t> into, Datagram* out) override {
    before_(number_++);
    if (cancelled_) return Status::From(Status::Code::kCancelled, "endless");
    const Buffer& bytes = datagram_.buffer();
    std::copy(bytes.begin(), bytes.end(), into.begin());
    *out = Datagram{.length = bytes.size()};
    return Status::Ok();
  }
  void Cancel() override { cancelled_ = true; }

 private:
  std::function<void(int)> before_;
  int number_ = 0;
  Bytes datagram_;
  std::atomic<bool> cancelled_{false};
};

}  // namespace sockscope::test
