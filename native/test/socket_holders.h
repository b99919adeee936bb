#pragma once

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <vector>

#include "test/check.h"
#include "test/child_process.h"

// What processes of a test's own hold: bodies for ChildProcess.
namespace sockscope::test {

constexpr uint32_t kMany = 15'000;

inline void NeedDescriptors(uint32_t count) {
  rlimit limit;
  CHECK_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  if (limit.rlim_max < count) throw Skip("the limit of descriptors is " + std::to_string(limit.rlim_max));
}

inline void RaiseDescriptors() {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) _exit(1);
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) _exit(1);
}

// Has kMany descriptors of one socket, `step` numbers apart from 100 on; reports its inode. Others are closed.
inline std::vector<uint32_t> HoldMany(uint32_t step) {
  RaiseDescriptors();
  const int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
  const uint32_t inode = InodeOfFd(fd);
  for (uint32_t count = 0; count < kMany; ++count) {
    if (dup2(fd, static_cast<int>(100 + count * step)) < 0) _exit(1);
  }
  close(fd);
  return {inode};
}

// Reports the inodes of three sockets.
inline std::vector<uint32_t> HoldThree() {
  std::vector<uint32_t> inodes;
  for (int count = 0; count < 3; ++count) inodes.push_back(InodeOfFd(socket(AF_UNIX, SOCK_DGRAM, 0)));
  return inodes;
}

}  // namespace sockscope::test
