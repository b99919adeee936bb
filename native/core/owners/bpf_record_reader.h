#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "core/owners/bpf_owners.h"
#include "core/status.h"

namespace sockscope {

// Reads an iterator's bytes and gives them as records, the header checked and taken off. Bytes that are none of our
// iterator's end it: kNotSupported for what does not begin with the header of our version, kMalformed behind that.
class BpfRecordReader {
 public:
  // The descriptor must outlive the reader. Throws std::bad_alloc.
  explicit BpfRecordReader(int fd);

  // The records of one read(2), which last until the next call; none where it gave none yet (EAGAIN, EINTR).
  // *end: there are no more.
  Status Read(std::span<const BpfRecord>* records, bool* end);
  // The header has been read. Without it an iterator that has ended is empty: it saw no descriptor at all.
  bool begun() const { return begun_; }

 private:
  Status Take(size_t bytes, std::span<const BpfRecord>* records);

  int fd_;
  bool begun_ = false;
  size_t part_ = 0;       // bytes of a record whose rest is to come
  size_t whole_ = 0;      // records given last: the part stands behind them
  std::unique_ptr<BpfRecord[]> buffer_;
};

}  // namespace sockscope
