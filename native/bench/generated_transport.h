#pragma once

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <string>

#include "core/netlink/transport.h"

namespace sockscope::bench {

// How a generated table's cookies follow one another. The kernel counts them up as sockets are first told of: a table
// that was listed young has them in the order of its walk, one that has lived has them in any.
enum class Cookies { kInOrder, kScattered, kSparse };

// Answers a dump with so many established IPv4 connections, 261 a datagram as the kernel does; made as they are read, so
// that a million of them need no memory.
class GeneratedTransport final : public Transport {
 public:
  GeneratedTransport(uint32_t rows, Cookies cookies) : rows_(rows), cookies_(cookies) {}

  Status Send(std::span<const uint8_t> request) override {
    nlmsghdr header;
    std::memcpy(&header, request.data(), sizeof(header));
    sequence_ = header.nlmsg_seq;
    next_ = 0;
    return Status::Ok();
  }

  Status Receive(std::span<uint8_t> into, Datagram* out) override {
    if (cancelled_.load(std::memory_order_relaxed)) return Status::From(Status::Code::kCancelled, "generated");
    const uint32_t end = std::min(rows_, next_ + kRowsADatagram);
    size_t length = 0;
    for (; next_ < end; ++next_) length += Put(ConnectionOf(next_), into.data() + length);
    if (length == 0) length = PutDone(into.data());
    *out = Datagram{.length = length};
    return Status::Ok();
  }

  void Cancel() override { cancelled_.store(true, std::memory_order_relaxed); }

 private:
  static constexpr uint32_t kRowsADatagram = 261;
  // What the kernel's messages have behind inet_diag_msg where no extension is asked for: shutdown, TOS and the like.
  static constexpr size_t kAttributeBytes = 36;

  struct Connection {
    nlmsghdr header{};
    inet_diag_msg body{};
    uint8_t attributes[kAttributeBytes]{};
  };

  uint64_t CookieOf(uint32_t row) const {
    // Odd: every row has another one.
    const uint32_t scattered = row * 2654435761u;
    switch (cookies_) {
      case Cookies::kInOrder: return row + 1;
      case Cookies::kScattered: return scattered % Rounded(rows_) + 1;
      case Cookies::kSparse: return uint64_t{scattered} * 64 + 1;
    }
    return 0;
  }

  static uint32_t Rounded(uint32_t rows) {
    uint32_t power = 1;
    while (power < rows) power *= 2;
    return power;
  }

  Connection ConnectionOf(uint32_t row) const {
    Connection connection;
    connection.header.nlmsg_len = sizeof(connection);
    connection.header.nlmsg_type = TCPDIAG_GETSOCK;
    connection.header.nlmsg_flags = NLM_F_MULTI;
    connection.header.nlmsg_seq = sequence_;
    connection.body.idiag_family = AF_INET;
    connection.body.idiag_state = 1;
    connection.body.id.idiag_sport = static_cast<uint16_t>(row);
    connection.body.id.idiag_dport = static_cast<uint16_t>(443);
    connection.body.id.idiag_src[0] = 0x0100007f;
    connection.body.id.idiag_dst[0] = row;
    const uint64_t cookie = CookieOf(row);
    connection.body.id.idiag_cookie[0] = static_cast<uint32_t>(cookie);
    connection.body.id.idiag_cookie[1] = static_cast<uint32_t>(cookie >> 32);
    connection.body.idiag_inode = row + 1;
    nlattr rest{.nla_len = kAttributeBytes, .nla_type = 0x3fff};
    std::memcpy(connection.attributes, &rest, sizeof(rest));
    return connection;
  }

  template <typename Message>
  static size_t Put(const Message& message, uint8_t* out) {
    std::memcpy(out, &message, sizeof(message));
    return sizeof(message);
  }

  size_t PutDone(uint8_t* out) const {
    struct {
      nlmsghdr header{};
      int32_t error = 0;
    } done;
    done.header.nlmsg_len = sizeof(done);
    done.header.nlmsg_type = NLMSG_DONE;
    done.header.nlmsg_seq = sequence_;
    return Put(done, out);
  }

  const uint32_t rows_;
  const Cookies cookies_;
  uint32_t sequence_ = 0;
  uint32_t next_ = 0;
  std::atomic<bool> cancelled_{false};
};

}  // namespace sockscope::bench
