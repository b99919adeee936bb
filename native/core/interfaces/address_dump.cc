#include "core/interfaces/address_dump.h"

#include <endian.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include <optional>
#include <span>

#include "core/byte_cursor.h"
#include "core/netlink/attributes.h"
#include "core/netlink/dump.h"

namespace sockscope {

namespace {

static_assert(sizeof(ifaddrmsg) == 8);

constexpr uint32_t kMostReadings = 4;

uint32_t Netmask(unsigned prefix_length) { return prefix_length == 0 ? 0 : ~uint32_t{0} << (32 - prefix_length); }

std::string TextOf(std::span<const uint8_t> bytes) {
  const char* const text = reinterpret_cast<const char*>(bytes.data());
  return std::string(text, strnlen(text, bytes.size()));
}

// Of a number that is 0 there is no attribute.
std::optional<DumpedAddress> Decode(std::span<const uint8_t> payload) {
  ByteCursor cursor(payload);
  const auto header = cursor.Read<ifaddrmsg>();
  if (!cursor.ok() || header.ifa_family != AF_INET || header.ifa_prefixlen > 32) return std::nullopt;
  DumpedAddress found;
  found.index = header.ifa_index;
  found.address.told = DeviceAddress::kNetmask | DeviceAddress::kBroadcast | DeviceAddress::kDestination;
  found.address.netmask = Netmask(header.ifa_prefixlen);
  bool ok = true;
  AttributeWalk walk(cursor.rest());
  for (Attribute attribute; walk.Next(&attribute);) {
    const auto number = [&] {
      ByteCursor bytes(attribute.payload);
      const auto value = bytes.Read<uint32_t>();
      ok = ok && bytes.ok();
      return be32toh(value);
    };
    switch (attribute.type) {
      case IFA_LOCAL: found.address.address = number(); break;
      case IFA_ADDRESS: found.address.destination = number(); break;
      case IFA_BROADCAST: found.address.broadcast = number(); break;
      case IFA_LABEL: found.label = TextOf(attribute.payload); break;
    }
  }
  if (!ok || walk.malformed()) return std::nullopt;
  return found;
}

// *interrupted: the list has changed while it was read.
Status Read(Transport* transport, uint32_t sequence, const std::atomic<bool>& cancelled, bool* interrupted,
            std::vector<DumpedAddress>* addresses) {
  DumpTally tally;
  Dump dump(transport, sequence, &tally);
  DumpRequest request(RTM_GETADDR, ifaddrmsg{.ifa_family = AF_INET, .ifa_prefixlen = 0, .ifa_flags = 0, .ifa_scope = 0,
                                             .ifa_index = 0});
  if (const Status sent = dump.Start(&request); !sent.ok()) return sent;
  std::vector<uint8_t> datagram(kReceiveBytes);
  while (!dump.ended()) {
    if (cancelled) return Status::From(Status::Code::kCancelled, "interfaces");
    size_t length = 0;
    if (const Status received = dump.Next(datagram, &length); !received.ok()) return received;
    const auto rows = std::span(datagram).first(length);
    MessageWalk walk(rows);
    for (Message message; walk.Next(&message);) {
      if (!IsRowOf(sequence, message) || message.type != RTM_NEWADDR) continue;
      if (auto found = Decode(message.payload)) addresses->push_back(std::move(*found));
    }
  }
  *interrupted = tally.interrupted;
  return Status::Ok();
}

}  // namespace

Status DumpAddresses(Transport* transport, const std::atomic<bool>& cancelled, std::vector<DumpedAddress>* addresses) {
  bool interrupted = true;
  for (uint32_t sequence = 1; interrupted && sequence <= kMostReadings; ++sequence) {
    addresses->clear();
    const Status read = Read(transport, sequence, cancelled, &interrupted, addresses);
    if (read.ok()) continue;
    addresses->clear();
    return read;
  }
  return Status::Ok();
}

}  // namespace sockscope
