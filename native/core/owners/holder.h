#pragma once

#include <cstdint>
#include <tuple>

namespace sockscope {

// One descriptor of one process that leads to one socket.
struct Holder {
  uint32_t inode = 0;   // number in sockfs
  uint32_t pid = 0;     // the process (thread group), as the reader's pid namespace numbers it
  uint32_t fd = 0;
};

inline bool operator==(const Holder& a, const Holder& b) {
  return a.inode == b.inode && a.pid == b.pid && a.fd == b.fd;
}
inline bool operator<(const Holder& a, const Holder& b) {
  return std::tie(a.inode, a.pid, a.fd) < std::tie(b.inode, b.pid, b.fd);
}

// A process that holds one of the sockets found. Pid and start together are its identity: a pid alone is used again.
struct HolderProcess {
  uint32_t pid = 0;
  // Clock ticks from boot to the process's start, modulo 2^32. Kernel: field 22 of /proc/<pid>/stat.
  uint32_t start_ticks = 0;
};

// What an owner walk saw, and what it may not have seen.
struct OwnerTally {
  uint64_t processes = 0;     // looked at; of an iterator: that hold a socket
  uint64_t vanished = 0;      // processes that ended while they were looked at (ENOENT, ESRCH)
  uint64_t denied = 0;        // processes whose descriptors may not be read (EACCES, EPERM)
  uint64_t unopened = 0;      // of the denied, those whose directory of descriptors cannot even be opened (EACCES)
  uint64_t descriptors = 0;   // looked at; of an iterator: those of sockets
  uint64_t sockets = 0;       // descriptors that lead to a socket
  int threads = 0;            // that really ran

  void Add(const OwnerTally& other) {
    processes += other.processes;
    vanished += other.vanished;
    denied += other.denied;
    unopened += other.unopened;
    descriptors += other.descriptors;
    sockets += other.sockets;
  }
};

}  // namespace sockscope
