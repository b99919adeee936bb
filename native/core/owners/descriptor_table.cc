#include "core/owners/descriptor_table.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/owners/number_name.h"
#include "core/owners/proc_errno.h"

namespace sockscope {

namespace {

using Seen = DescriptorReader::Seen;

// In a directory of procfs a descriptor's entry begins at its number and these, "." and "..".
constexpr off_t kEntriesBefore = 2;

// Looks at descriptors until one may not be looked at; `next` says which comes next, or null after the last.
template <typename Part, typename Next>
Status LookAtAll(DescriptorReader* reader, Part* part, Next next) {
  uint32_t fd;
  while (const char* const name = next(&fd)) {
    switch (reader->Read(name, fd)) {
      case Seen::kOpen:
        ++part->found;
        break;
      case Seen::kNone:
        ++part->missed;
        break;
      case Seen::kDenied:
        part->denied = true;
        return Status::Ok();
      case Seen::kFailed:
        return reader->status();
    }
  }
  return Status::Ok();
}

template <typename Part>
Status Look(DescriptorReader* reader, Part* part) {
  part->found = part->missed = 0;
  if (part->listed) {
    NumberedEntries::Entry entry;
    return LookAtAll(reader, part, [&](uint32_t* fd) -> const char* {
      if (!part->entries.Next(&entry)) return nullptr;
      *fd = entry.number;
      return entry.name;
    });
  }
  NumberName name(part->from);
  uint32_t at = part->from;
  return LookAtAll(reader, part, [&](uint32_t* fd) -> const char* {
    if (at == part->to) return nullptr;
    if (at != part->from) name.Increment();
    *fd = at++;
    return name.c_str();
  });
}

}  // namespace

DescriptorTable::DescriptorTable(std::shared_ptr<const ProcessDirectory> process, UniqueFd directory, uint64_t count,
                                 uint32_t satisfied_at)
    : process_(std::move(process)),
      directory_(std::move(directory)),
      count_(count),
      satisfied_at_(satisfied_at),
      listing_(count == 0) {}

Status DescriptorTable::Walk(HolderList* list) {
  DescriptorReader reader(*process_, directory_.get(), list);
  Part part;
  Status status;
  while (status.ok() && Take(list, &part, &status)) status = Look(&reader, &part);
  return status;
}

bool DescriptorTable::Take(HolderList* list, Part* part, Status* status) {
  *status = list->Check();
  const std::lock_guard lock(mutex_);
  TakeBack(*part, &list->tally);
  // Parts are handed out upwards: what is left can only have higher descriptors than those that were found.
  if (!status->ok() || list->SatisfiedBelow(satisfied_at_)) SetWork(Work::kOver);
  if (IsOver()) return false;
  return listing_ ? TakeEntries(part, &list->tally, status) : TakeNumbers(part);
}

void DescriptorTable::TakeBack(const Part& part, OwnerTally* tally) {
  if (part.denied && !IsOver()) {
    ++tally->denied;
    SetWork(Work::kDenied);
  }
  if (listing_) return;
  found_ += part.found;
  missed_ += part.missed;
  // As many as there were when they were counted may not be all: lower ones are opened while higher ones are looked at.
  if (IsOver() || (found_ < count_ && !TooManyFree())) return;
  listing_ = true;
  (void)lseek(directory_.get(), static_cast<off_t>(next_) + kEntriesBefore, SEEK_SET);
}

// A free number costs two thirds of a descriptor, a listed one a fifth more than one that was tried.
bool DescriptorTable::TooManyFree() const {
  return missed_ > std::min<uint64_t>(64, 4 + count_ / 4) + found_ / 4;
}

bool DescriptorTable::TakeNumbers(Part* part) {
  // So far they reach if no other number is free. The threads that have the last of them will know if there are more.
  const uint64_t end = count_ + missed_;
  if (next_ >= end) return false;
  part->listed = false;
  part->from = next_;
  part->to = next_ = static_cast<uint32_t>(std::min<uint64_t>(end, uint64_t{next_} + kPartNumbers));
  SetWork(next_ < end ? Work::kWaiting : Work::kHandedOut);
  return true;
}

bool DescriptorTable::TakeEntries(Part* part, OwnerTally* tally, Status* status) {
  SetWork(Work::kWaiting);
  part->listed = true;
  int error = 0;
  if (part->entries.Fill(directory_.get(), &error)) return true;
  SetWork(IsDenied(error) ? Work::kDenied : Work::kOver);
  if (IsGone(error)) ++tally->vanished;
  if (IsDenied(error)) ++tally->denied;
  if (IsExhausted(error)) *status = Status::FromErrno("read /proc/<pid>/fd", error);
  return false;
}

}  // namespace sockscope
