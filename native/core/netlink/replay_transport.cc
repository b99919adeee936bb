#include "core/netlink/replay_transport.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace sockscope {

ReplayTransport::ReplayTransport(std::vector<std::vector<uint8_t>> datagrams) : datagrams_(std::move(datagrams)) {}

Status ReplayTransport::Send(std::span<const uint8_t>) { return Status::Ok(); }

Status ReplayTransport::Receive(std::span<uint8_t> into, Datagram* out) {
  if (cancelled_.load(std::memory_order_relaxed)) return Status::From(Status::Code::kCancelled, "replay");
  if (next_ == datagrams_.size()) return Status::FromErrno("replay", ENODATA);
  const std::vector<uint8_t>& datagram = datagrams_[next_++];
  *out = Datagram{.length = std::min(datagram.size(), into.size()), .truncated = datagram.size() > into.size()};
  if (out->length > 0) std::memcpy(into.data(), datagram.data(), out->length);
  return Status::Ok();
}

void ReplayTransport::Cancel() { cancelled_.store(true, std::memory_order_relaxed); }

}  // namespace sockscope
