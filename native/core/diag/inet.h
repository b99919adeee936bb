#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/columns.h"
#include "core/diag/decoder.h"
#include "core/netlink/dump_request.h"

namespace sockscope {

struct InetQuery {
  uint16_t ip_protocol = 0;
  bool inet = false;
  bool inet6 = false;
  uint32_t states = 0;
  ColumnSet columns = 0;
  std::vector<uint8_t> bytecode{};   // INET_DIAG_REQ_BYTECODE: the kernel leaves out what it rejects; none when empty
};

// The schema's protocol for an IPPROTO_* that inet_diag is asked for; none for any other.
std::optional<Protocol> ProtocolOf(uint16_t ip_protocol);

// The legacy request, which walks IPv4 and IPv6 at once. For protocols other than TCP the kernel must honour
// INET_DIAG_REQ_PROTOCOL; raw sockets cannot be asked for like this.
DumpRequest OneWalkRequest(const InetQuery& query);
// The sockets of one family: AF_INET or AF_INET6.
DumpRequest FamilyRequest(const InetQuery& query, uint8_t family);

// Reads inet_diag_msg. Attributes are looked at only where a column needs one: INET_DIAG_INFO for `probes`,
// INET_DIAG_PROTOCOL for the protocol number that a raw socket shows as its local port.
class InetDecoder final : public Decoder {
 public:
  explicit InetDecoder(const InetQuery& query);
  Outcome Decode(const Message& message, SocketRow* row) const override;

 private:
  bool ReadAttributes(std::span<const uint8_t> bytes, SocketRow* row) const;

  Protocol protocol_;
  bool inet_;
  bool inet6_;
  bool needs_attributes_;
};

}  // namespace sockscope
