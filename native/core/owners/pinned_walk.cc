#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <span>
#include <utility>

#include "core/guard.h"
#include "core/owners/bpf_fs.h"
#include "core/owners/bpf_holders.h"
#include "core/owners/bpf_owners.h"
#include "core/owners/bpf_record_reader.h"
#include "core/owners/own_socket.h"

namespace sockscope {

namespace {

using Code = Status::Code;

// Opens what is at the path for reading, if it is of a bpffs.
Status OpenPinned(const std::string& path, UniqueFd* opened) {
  // Does not wait for a writer, where it is a pipe.
  UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.valid()) {
    // EIO is bpffs's word for an object that cannot be read.
    return Status::From(errno == EIO ? Code::kNotSupported : Code::kSystem, "open pinned iterator", errno);
  }
  if (!IsOnBpfFs(file.get())) return Status::From(Code::kNotSupported, "find the pinned iterator in a bpffs");
  *opened = std::move(file);
  return Status::Ok();
}

class PinnedWalk : public OwnerWalk {
 public:
  explicit PinnedWalk(std::string path) : path_(std::move(path)) {}

  Status Begin() override {
    if (Status status = OwnSocket::Open(&own_); !status.ok()) return status;
    return OpenPinned(path_, &file_);
  }

  Status WalkPiece(HolderList* list, bool* more) override {
    *more = false;
    if (taken_.exchange(true)) return Status::Ok();
    BpfRecordReader reader(file_.get());
    BpfHolders holders(list);
    bool proven = false, wanted = true;
    for (bool end = false; !end && (wanted || !proven);) {
      std::span<const BpfRecord> records;
      Status status = list->Check();
      if (status.ok()) status = reader.Read(&records, &end);
      if (!status.ok()) return status;
      for (const BpfRecord& record : records) proven = proven || (own_.Has(record) && own_.SamePid(record));
      if (wanted) wanted = holders.Take(records);
    }
    return proven ? Status::Ok() : Status::From(Code::kMalformed, "prove on own process");
  }

 private:
  const std::string path_;
  OwnSocket own_;
  UniqueFd file_;
  std::atomic<bool> taken_{false};
};

Status Probe(const std::string& path) {
  UniqueFd file;
  if (Status status = OpenPinned(path, &file); !status.ok()) return status;
  OwnSocket own;
  if (Status status = OwnSocket::Open(&own); !status.ok()) return status;
  if (!own.InFirstNamespace()) return Status::From(Code::kMalformed, "prove on own process");
  BpfRecordReader reader(file.get());
  std::span<const BpfRecord> records;
  bool end = false;
  // The first object seen brings the header; who may see it waits for a million at most.
  for (int reads = 0; reads < 2 && !end && !reader.begun(); ++reads) {
    if (Status status = reader.Read(&records, &end); !status.ok()) {
      return Status::From(Code::kNotSupported, status.operation(), status.error_number());
    }
  }
  return reader.begun() ? Status::Ok() : Status::From(Code::kNotSupported, "find the iterator's header");
}

}  // namespace

Status ProbePinnedOwners(const std::string& path) {
  return Guard([&] { return Probe(path); });
}

std::unique_ptr<OwnerWalk> MakePinnedWalk(std::string path) {
  return std::make_unique<PinnedWalk>(std::move(path));
}

}  // namespace sockscope
