#include "core/owners/bpf_record_reader.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace sockscope {

namespace {

using Code = Status::Code;

constexpr size_t kRecords = 2049;            // the kernel gives 32 KiB at a time, and a part may be left
constexpr uint32_t kMostPid = 1 << 22;       // PID_MAX_LIMIT

Status CheckHeader(const BpfRecord& header) {
  if (header.pid != kBpfMagicLow || header.fd != kBpfMagicHigh) {
    return Status::From(Code::kNotSupported, "find the iterator's header");
  }
  if (header.inode != kBpfRecordVersion || header.start_ticks != sizeof(BpfRecord)) {
    return Status::From(Code::kNotSupported, "check the iterator's version");
  }
  return Status::Ok();
}

bool Possible(const BpfRecord& record) { return record.pid != 0 && record.pid <= kMostPid; }

}  // namespace

BpfRecordReader::BpfRecordReader(int fd) : fd_(fd), buffer_(new BpfRecord[kRecords]) {}

Status BpfRecordReader::Read(std::span<const BpfRecord>* records, bool* end) {
  *records = {};
  *end = false;
  const auto bytes = reinterpret_cast<uint8_t*>(buffer_.get());
  std::memmove(bytes, buffer_.get() + whole_, part_);
  whole_ = 0;
  const ssize_t count = read(fd_, bytes + part_, kRecords * sizeof(BpfRecord) - part_);
  if (count < 0) return errno == EAGAIN || errno == EINTR ? Status::Ok() : Status::FromErrno("read iterator", errno);
  if (count > 0) return Take(part_ + static_cast<size_t>(count), records);
  *end = true;
  if (part_ == 0) return Status::Ok();
  return Status::From(begun_ ? Code::kMalformed : Code::kNotSupported, "read iterator: a record is cut short");
}

Status BpfRecordReader::Take(size_t bytes, std::span<const BpfRecord>* records) {
  whole_ = bytes / sizeof(BpfRecord);
  part_ = bytes % sizeof(BpfRecord);
  std::span<const BpfRecord> whole(buffer_.get(), whole_);
  if (!begun_ && !whole.empty()) {
    if (const Status status = CheckHeader(whole.front()); !status.ok()) return status;
    begun_ = true;
    whole = whole.subspan(1);
  }
  if (!std::all_of(whole.begin(), whole.end(), Possible)) {
    return Status::From(Code::kMalformed, "read iterator: no process has such a pid");
  }
  *records = whole;
  return Status::Ok();
}

}  // namespace sockscope
