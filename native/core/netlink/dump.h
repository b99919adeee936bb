#pragma once

#include <cstdint>
#include <span>

#include "core/netlink/dump_request.h"
#include "core/netlink/message.h"
#include "core/netlink/transport.h"
#include "core/status.h"

namespace sockscope {

struct DumpTally {
  uint64_t bytes = 0;         // received from the kernel
  uint64_t foreign = 0;       // datagrams of other senders, ignored
  uint64_t stale = 0;         // messages of other sequences, ignored
  bool interrupted = false;   // NLM_F_DUMP_INTR
};

// One dump: sends its request and follows the replies to their end. Knows netlink's framing and nothing of sockets.
// A transport on which a dump did not reach its end must not carry another one: the old stream would go on in it.
class Dump {
 public:
  // Both must outlive the dump; the tally adds up over the dumps it is lent to.
  Dump(Transport* transport, uint32_t sequence, DumpTally* tally)
      : transport_(transport), tally_(tally), sequence_(sequence) {}

  Status Start(DumpRequest* request);

  // Receives the next datagram that belongs to the dump. *length: its bytes up to the end of the last message of the
  // table (IsRowOf), 0 where there is none; whatever the status, they may be decoded. What stands behind the message
  // that ends the dump is no part of it.
  //   kRefused, kNotSupported: the kernel's errno, from NLMSG_ERROR or from NLMSG_DONE
  //   kTruncated: the datagram did not fit; kMalformed: its framing is broken, or its errno is none
  //   kSystem, kCancelled: the transport's
  Status Next(std::span<uint8_t> into, size_t* length);

  // The kernel has said the last word on this dump: the transport is free for another one.
  bool ended() const { return ended_; }

 private:
  Status Inspect(std::span<const uint8_t> datagram, bool truncated, size_t* rows_end);
  Status InspectControl(const Message& message);
  Status End(const char* message, int error);

  Transport* transport_;
  DumpTally* tally_;
  uint32_t sequence_;
  bool ended_ = false;
};

// Whether a message is part of the table that the dump of that sequence reads, as opposed to netlink's own.
inline bool IsRowOf(uint32_t sequence, const Message& message) {
  return message.sequence == sequence && message.type >= NLMSG_MIN_TYPE;
}

}  // namespace sockscope
