#include "core/owners/socket_link.h"

#include <charconv>

namespace sockscope {

namespace {

constexpr std::string_view kSocket = "socket:[";
constexpr std::string_view kOldSocket = "[0000]:";

std::optional<uint32_t> Number(std::string_view digits, int base) {
  uint32_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, number, base);
  if (error != std::errc() || rest != end) return std::nullopt;
  return number;
}

std::optional<uint32_t> NumberOfAnyBase(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) return Number(text.substr(2), 16);
  return Number(text, text.starts_with('0') ? 8 : 10);
}

}  // namespace

std::optional<uint32_t> SocketInodeOf(std::string_view link) {
  if (link.starts_with(kSocket) && link.ends_with(']')) {
    return Number(link.substr(kSocket.size(), link.size() - kSocket.size() - 1), 10);
  }
  if (link.starts_with(kOldSocket)) return NumberOfAnyBase(link.substr(kOldSocket.size()));
  return std::nullopt;
}

}  // namespace sockscope
