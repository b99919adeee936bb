#include "core/owners/numbered_entries.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/owners/number_name.h"

namespace sockscope {

namespace {

// struct linux_dirent64, see getdents64(2): its record's length, and its name, which ends with a NUL.
constexpr size_t kLengthAt = 16;
constexpr size_t kNameAt = 19;

}  // namespace

bool NumberedEntries::Fill(int directory, int* error) {
  const long length = syscall(SYS_getdents64, directory, buffer_, sizeof(buffer_));
  *error = length < 0 ? errno : 0;
  at_ = 0;
  end_ = length < 0 ? 0 : static_cast<size_t>(length);
  return length > 0;
}

bool NumberedEntries::Next(Entry* entry) {
  while (end_ - at_ > kNameAt) {
    const char* const record = buffer_ + at_;
    uint16_t length;
    std::memcpy(&length, record + kLengthAt, sizeof(length));
    if (length <= kNameAt || length > end_ - at_) break;
    at_ += length;
    entry->name = record + kNameAt;
    if (ParseNumberName({entry->name, strnlen(entry->name, length - kNameAt)}, &entry->number)) return true;
  }
  at_ = end_;
  return false;
}

int ReadNumbers(int directory, std::vector<uint32_t>* numbers) {
  NumberedEntries entries;
  NumberedEntries::Entry entry;
  int error = 0;
  while (entries.Fill(directory, &error)) {
    while (entries.Next(&entry)) numbers->push_back(entry.number);
  }
  return error;
}

}  // namespace sockscope
