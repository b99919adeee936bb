#pragma once

#include <cstdint>

#include "core/columns.h"
#include "core/diag/decoder.h"
#include "core/netlink/dump_request.h"

namespace sockscope {

// Unix sockets, with no attribute that no column needs; never the pending connections of listeners (see unix.cc).
DumpRequest UnixRequest(uint32_t states, ColumnSet columns);

// Reads unix_diag_msg. A pathname comes without its closing NUL, an abstract name with its leading one.
class UnixDecoder final : public Decoder {
 public:
  Outcome Decode(const Message& message, SocketRow* row) const override;
};

}  // namespace sockscope
