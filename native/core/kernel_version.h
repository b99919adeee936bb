#pragma once

namespace sockscope {

// Whether this kernel is at least `major`.`minor`; false where it does not tell.
bool KernelIsAtLeast(int major, int minor);
// As above, of a release such as "5.9.0-rc1+" or "4.18.0-553.el8".
bool ReleaseIsAtLeast(const char* release, int major, int minor);

// Whether INET_DIAG_REQ_PROTOCOL is honoured. Kernels before 5.9 ignore it, and answer with TCP sockets.
inline bool KernelTakesProtocolAttribute() { return KernelIsAtLeast(5, 9); }

// Whether dumps of inet_diag run at once. Before 6.9 one of them waits for each datagram of another.
inline bool KernelDumpsAtOnce() { return KernelIsAtLeast(6, 9); }

}  // namespace sockscope
