#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sockscope {

// Bytes of a link's text to be read: a longer text is no socket's.
inline constexpr size_t kSocketLinkBytes = 32;

// The inode that a link in /proc/<pid>/fd names: "socket:[12345]", or "[0000]:12345" as Linux 2.0 wrote it, that number
// in decimal, hexadecimal (0x) or octal (0). Nothing for any other text.
std::optional<uint32_t> SocketInodeOf(std::string_view link);

}  // namespace sockscope
