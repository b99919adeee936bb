#pragma once

#include <cstdint>

#include "core/owners/bpf_program.h"
#include "core/tcp_table/table_fields.h"

namespace sockscope {

// What the program is asked, and answers: its context.
struct TableQuestion {
  uint64_t listeners = 0;   // 1: the table of listeners; 0: that of all others
  uint64_t bucket = 0;      // the first to be walked; afterwards the first that was not walked to its end
  uint64_t steps = 0;       // sockets and buckets to look at, at most
  uint64_t written = 0;     // 0; afterwards: bytes of records, from the memory's beginning
  uint64_t buckets = 0;     // afterwards: of the table
  uint64_t restarts = 0;    // buckets that changed while they were walked, and were walked again, are added up here
  uint64_t as_it_is = 0;    // 1: the run ends where a bucket changed, and tells what it has of the last one, whole or not
  uint64_t broken = 0;      // afterwards, 1: a list led nowhere, and the tables are not what they were taken for
  uint64_t number = 0;      // of use to the program alone
};

// What the program writes for a socket of this network namespace. Those of one bucket stand together; whole buckets only,
// unless asked for as they are.
struct TableRecord {
  uint16_t remote_port;     // network byte order
  uint16_t local_port;
  uint16_t family;
  uint8_t state;            // as /proc/net/tcp tells it, but kNewSynRecv
  uint8_t unused;
  uint32_t receive_queue;   // of a listener: connections that wait; else a difference, below 0 for a moment
  uint32_t send_queue;      // of a listener: connections that may wait; else as above
  uint32_t addresses[8];    // network byte order. IPv4: remote, local; IPv6: four each. What is not used is not written
};
inline constexpr uint32_t kIpv4RecordBytes = 24;
inline constexpr uint32_t kIpv6RecordBytes = 48;
static_assert(sizeof(TableRecord) == kIpv6RecordBytes);

// Memory for records: a map's descriptor and its bytes, of which there are kIpv6RecordBytes at the least.
struct TableMemory {
  int map;
  uint32_t bytes;
};

// A program that walks the kernel's tables of TCP sockets under RCU alone: it takes no lock and no reference, and
// changes nothing. A socket that becomes another object in its bucket meanwhile, such as a TIME_WAIT, may be missed. A socket that left its list while it was read, or whose memory became
// another's, and a list that ended in another bucket, make it walk the bucket again.
BpfProgram MakeTableProgram(const TableFields& fields, const TableMemory& memory);

}  // namespace sockscope
