#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace sockscope {

// The address of a host, as a column has it: IPv4 as ::ffff:a.b.c.d, told apart by the family (AF_INET, AF_INET6).
struct HostAddress {
  uint8_t family = 0;
  std::array<uint8_t, 16> bytes{};

  bool operator==(const HostAddress&) const = default;
};

// Nothing where there is no name, or where it cannot be told.
using HostName = std::optional<std::string>;

// Finds the name of a host. Takes as long as it likes; called on several threads at a time. Throws what it likes where
// it could not ask, such as std::bad_alloc.
using FindHost = std::function<HostName(const HostAddress&)>;

}  // namespace sockscope
