#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sockscope {

// The schema, in the order in which the columns lie in a batch. The same list stands in src/table/schema.ts;
// the addon exports this one, and the loader compares the two.
enum class Column : uint8_t {
  kProtocol, kFamily, kState, kTimer, kRetrans, kProbes,
  kExpiresMs, kLocalAddress, kRemoteAddress, kLocalPort, kRemotePort, kIfindex,
  kRecvQ, kSendQ, kUid, kInode, kCookie, kPath,
  kUnixType, kUnixPeer, kUnixRefs, kUnixFlags,
  kCount,
};

struct ColumnSpec {
  const char* name;   // as in src/table/schema.ts
  uint8_t width;      // bytes a row
};

inline constexpr uint32_t kLayoutVersion = 1;
inline constexpr size_t kColumnCount = static_cast<size_t>(Column::kCount);
extern const ColumnSpec kColumnSpecs[kColumnCount];

using ColumnSet = uint32_t;  // bit set: 1 << Column
constexpr ColumnSet Bit(Column column) { return ColumnSet{1} << static_cast<uint8_t>(column); }

inline constexpr size_t kBatchRows = 8192;

// Own enumeration of protocols: values of the `protocol` column, the same as in src/socket/protocol.ts.
enum class Protocol : uint8_t { kTcp = 1, kUdp = 2, kUdpLite = 3, kRaw = 4, kUnix = 10 };

}  // namespace sockscope
