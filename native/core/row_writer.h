#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "core/batch_sink.h"
#include "core/columns.h"
#include "core/cookie_set.h"
#include "core/diag/decoder.h"
#include "core/socket_row.h"
#include "core/status.h"

namespace sockscope {

// Turns datagrams into batches: decodes, leaves out sockets that were seen before, hands batches over as they fill.
// The first one is small, so that whoever waits for it can begin. Belongs to one thread; throws std::bad_alloc.
class RowWriter {
 public:
  RowWriter(std::unique_ptr<Decoder> decoder, ColumnSet columns, BatchSink* sink)
      : decoder_(std::move(decoder)), columns_(columns), sink_(sink) {}

  // The rows in a datagram of the dump with that sequence. An error is the sink's.
  Status Write(std::span<const uint8_t> datagram, uint32_t sequence);
  // Hands over what is left.
  Status Flush();
  // Frees the memory, and what was not handed over; what was counted stays. Nothing may be written any more.
  void Release();

  uint64_t rows() const { return rows_; }
  uint64_t malformed() const { return malformed_; }
  uint64_t duplicates() const { return duplicates_; }

 private:
  std::unique_ptr<Batch> Blank();

  std::unique_ptr<Decoder> decoder_;
  ColumnSet columns_;
  BatchSink* sink_;
  std::unique_ptr<Batch> batch_;
  SocketRow row_;
  CookieSet seen_;
  uint64_t rows_ = 0;
  uint64_t malformed_ = 0;
  uint64_t duplicates_ = 0;
};

}  // namespace sockscope
