#include "core/conntrack/nat_dump.h"

#include <span>

#include "core/conntrack/conntrack_message.h"
#include "core/cookie_set.h"
#include "core/guard.h"
#include "core/netlink/dump.h"

namespace sockscope {

namespace {

constexpr uint32_t kSequence = 1;

// FNV-1a. What tells connections apart: the tuple that packets come in with. With the kernel's id behind it, which
// nobody can choose, no two can be made that hide one another.
class Fingerprint {
 public:
  template <typename T>
  Fingerprint& Add(const T& value) {
    for (const uint8_t byte : std::span(reinterpret_cast<const uint8_t*>(&value), sizeof(value))) {
      hash_ = (hash_ ^ byte) * 0x100000001b3;
    }
    return *this;
  }
  uint64_t value() const { return hash_; }

 private:
  uint64_t hash_ = 0xcbf29ce484222325;
};

uint64_t FingerprintOf(const Connection& connection) {
  const NatRecord& record = connection.record;
  return Fingerprint()
      .Add(record.source).Add(record.destination).Add(record.source_port).Add(record.destination_port)
      .Add(record.protocol).Add(record.zone).Add(connection.id)
      .value();
}

class NatReading {
 public:
  NatReading(Transport* transport, size_t max_bytes, NatAnswer* answer)
      : dump_(transport, kSequence, &dump_tally_), most_records_(max_bytes / sizeof(NatRecord)), answer_(answer) {}

  Status Read() {
    DumpRequest request = ConntrackRequest();
    if (const Status sent = dump_.Start(&request); !sent.ok()) return sent;
    std::vector<uint8_t> datagram(kReceiveBytes);
    while (!dump_.ended()) {
      size_t length = 0;
      const Status received = dump_.Next(datagram, &length);
      if (const Status kept = Keep(std::span(datagram).first(length)); !kept.ok()) return kept;
      if (!received.ok()) return received;
      // Where none can be kept there is nothing to go on for.
      if (most_records_ == 0 && !dump_.ended()) return Status::From(Status::Code::kTooLarge, "nat");
    }
    return Status::Ok();
  }

  void Tell() const {
    answer_->tally.bytes = dump_tally_.bytes;
    answer_->tally.interrupted = dump_tally_.interrupted;
  }

 private:
  Status Keep(std::span<const uint8_t> datagram) {
    MessageWalk walk(datagram);
    for (Message message; walk.Next(&message);) {
      if (!IsRowOf(kSequence, message)) continue;
      ++answer_->tally.connections;
      const auto connection = DecodeConnection(message.payload);
      if (!connection.has_value()) ++answer_->tally.malformed;
      else if (connection->record.nat != 0 && !Add(*connection)) return Status::From(Status::Code::kTooLarge, "nat");
    }
    return Status::Ok();
  }

  // False when there is no room. The kernel begins a chain of its table anew where the connection that it had come to
  // is gone by the next datagram.
  bool Add(const Connection& connection) {
    if (!seen_.Insert(FingerprintOf(connection))) {
      ++answer_->tally.duplicates;
      return true;
    }
    if (records_ == most_records_) return false;
    auto& batches = answer_->batches;
    if (records_++ % kNatBatch == 0) batches.emplace_back().reserve(kNatBatch);
    batches.back().push_back(connection.record);
    return true;
  }

  DumpTally dump_tally_;
  Dump dump_;
  CookieSet seen_;
  const size_t most_records_;
  size_t records_ = 0;
  NatAnswer* answer_;
};

}  // namespace

size_t NatAnswer::records() const {
  return batches.empty() ? 0 : (batches.size() - 1) * kNatBatch + batches.back().size();
}

NatAnswer ReadNat(Transport* transport, size_t max_bytes) noexcept {
  NatAnswer answer;
  answer.status = Guard([&] {
    NatReading reading(transport, max_bytes, &answer);
    const Status status = reading.Read();
    reading.Tell();
    return status;
  });
  if (!answer.status.ok()) answer.batches.clear();
  return answer;
}

}  // namespace sockscope
