#pragma once

namespace sockscope {

// CAP_* numbers, Linux 5.8; headers may be older.
inline constexpr int kCapSysPtrace = 19;
inline constexpr int kCapSysAdmin = 21;
inline constexpr int kCapPerfmon = 38;
inline constexpr int kCapBpf = 39;

// Whether this thread has the capability in effect, in its own user namespace; false where capget(2) fails.
bool HasCapability(int capability);

}  // namespace sockscope
