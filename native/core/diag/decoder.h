#pragma once

#include <cstdint>

#include "core/netlink/message.h"
#include "core/socket_row.h"

namespace sockscope {

// Turns a family's messages into rows. Stateless once made.
class Decoder {
 public:
  enum class Outcome : uint8_t {
    kRow,         // *row holds the socket
    kNotAsked,    // a socket that the request did not ask for
    kMalformed,   // could not be understood: *row is undefined
  };

  virtual ~Decoder() = default;
  // The row comes as SocketRow's defaults or as this decoder's last one: every field it ever sets is set anew.
  virtual Outcome Decode(const Message& message, SocketRow* row) const = 0;
};

}  // namespace sockscope
