#include "core/netlink/dump.h"

#include <cerrno>

namespace sockscope {

Status Dump::Start(DumpRequest* request) { return transport_->Send(request->Numbered(sequence_)); }

Status Dump::Next(std::span<uint8_t> into, size_t* length) {
  for (;;) {
    *length = 0;
    Datagram datagram;
    if (const Status received = transport_->Receive(into, &datagram); !received.ok()) return received;
    if (datagram.sender != 0) {
      ++tally_->foreign;
      continue;
    }
    tally_->bytes += datagram.length;
    const Status inspected = Inspect(into.first(datagram.length), datagram.truncated, length);
    if (*length > 0 || ended_ || !inspected.ok()) return inspected;
  }
}

Status Dump::Inspect(std::span<const uint8_t> datagram, bool truncated, size_t* rows_end) {
  MessageWalk walk(datagram);
  for (Message message; walk.Next(&message);) {
    if (message.sequence != sequence_) {
      ++tally_->stale;
      continue;
    }
    if ((message.flags & NLM_F_DUMP_INTR) != 0) tally_->interrupted = true;
    if (message.type >= NLMSG_MIN_TYPE) {
      *rows_end = static_cast<size_t>(message.payload.data() + message.payload.size() - datagram.data());
      continue;
    }
    const Status answered = InspectControl(message);
    if (ended_ || !answered.ok()) return answered;
  }
  // A cut datagram ends in the middle of a message: say what happened to it first.
  if (truncated) return Status::From(Status::Code::kTruncated, "recvmsg");
  // The kernel sends no empty datagrams: one is no end, and waiting for more could be endless.
  if (walk.malformed() || datagram.empty()) return Status::From(Status::Code::kMalformed, "recvmsg");
  return Status::Ok();
}

Status Dump::InspectControl(const Message& message) {
  ByteCursor cursor(message.payload);
  const auto error = cursor.Read<int32_t>();
  switch (message.type) {
    case NLMSG_DONE:
      // The errno of a dump without a handler comes only here. Some senders leave the number out: no error.
      return End("NLMSG_DONE", error);
    case NLMSG_ERROR:
      if (!cursor.ok()) return Status::From(Status::Code::kMalformed, "NLMSG_ERROR");
      // 0 is an acknowledgement. EBUSY: another dump runs on this socket, and its stream is not ours.
      return error == 0 ? Status::Ok() : End("NLMSG_ERROR", error);
    case NLMSG_OVERRUN:
      return Status::From(Status::Code::kTruncated, "NLMSG_OVERRUN");
    default:
      return Status::Ok();
  }
}

Status Dump::End(const char* message, int error) {
  // The kernel's are negative. Taken for a success, a positive one would hide that rows are missing.
  if (error > 0) return Status::From(Status::Code::kMalformed, message);
  ended_ = true;
  if (error == 0) return Status::Ok();
  const int error_number = error == INT32_MIN ? EPROTO : -error;
  const auto code = error_number == ENOENT ? Status::Code::kNotSupported : Status::Code::kRefused;
  return Status::From(code, message, error_number);
}

}  // namespace sockscope
