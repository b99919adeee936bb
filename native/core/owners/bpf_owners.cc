#include "core/owners/bpf_owners.h"

#include <fcntl.h>

#include <cerrno>
#include <span>
#include <utility>

#include "core/guard.h"
#include "core/kernel_version.h"
#include "core/owners/bpf_fs.h"
#include "core/owners/bpf_iterator.h"
#include "core/owners/bpf_program.h"
#include "core/owners/bpf_record_reader.h"
#include "core/owners/bpf_trial.h"
#include "core/owners/bpf_walk.h"
#include "core/owners/btf.h"
#include "core/owners/capabilities.h"
#include "core/owners/own_socket.h"
#include "core/owners/proc_hiding.h"

namespace sockscope {

namespace {

using Code = Status::Code;

Status LoadProgram(const BpfOptions& options, UniqueFd* program) {
  Btf btf;
  if (Status status = Btf::Read(options.btf_path, &btf); !status.ok()) return status;
  const uint32_t function = btf.FindFunction("bpf_iter_task_file");
  if (function == 0) return Status::From(Code::kNotSupported, "find bpf_iter_task_file in BTF");
  OwnerFields fields;
  if (Status status = FindOwnerFields(btf, &fields); !status.ok()) return status;
  if (Status status = TryBpf(); !status.ok()) return status;
  return LoadIteratorProgram(options.call, OwnerProgram(fields), function, program);
}

// kMalformed unless an iterator has a record of the socket. *same_pids: with this namespace's pid.
Status FindOwn(const OwnSocket& own, int iterator, bool* same_pids) {
  BpfRecordReader reader(iterator);
  for (bool end = false; !end;) {
    std::span<const BpfRecord> records;
    if (Status status = reader.Read(&records, &end); !status.ok()) return status;
    for (const BpfRecord& record : records) {
      if (!own.Has(record)) continue;
      *same_pids = own.SamePid(record);
      return Status::Ok();
    }
  }
  return Status::From(Code::kMalformed, "prove on own process");
}

Status Prove(BpfIterator* iterator) {
  OwnSocket own;
  if (Status status = OwnSocket::Open(&own); !status.ok()) return status;
  UniqueFd opened;
  Status status = iterator->OpenProcess(own.pid(), &opened);
  iterator->by_process = status.ok();
  if (status.code() == Code::kNotSupported) status = iterator->Open(&opened);
  if (status.ok()) status = FindOwn(own, opened.get(), &iterator->same_pids);
  if (!status.ok() || iterator->same_pids || iterator->by_process) return status;
  return Status::From(Code::kMalformed, "prove on own process: pids are of another namespace");
}

// Where processes are hidden /proc is no list of them.
bool ProcShowsAll() {
  const UniqueFd directory(open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return directory.valid() && !HidesProcesses(directory.get());
}

// Before Linux 6.7 an iterator over one process may leave out the threads that have descriptors of their own.
bool ProcessIteratorsSeeThreads() { return KernelIsAtLeast(6, 7); }

}  // namespace

struct BpfOwners::State {
  BpfIterator iterator;
};

bool MayUseBpf() { return HasCapability(kCapSysAdmin) || (HasCapability(kCapBpf) && HasCapability(kCapPerfmon)); }

BpfOwners::BpfOwners(std::unique_ptr<State> state) : state_(std::move(state)) {}
BpfOwners::~BpfOwners() = default;

std::shared_ptr<const BpfOwners> BpfOwners::Load(Status* status, const BpfOptions& options) {
  std::shared_ptr<const BpfOwners> loaded;
  *status = Guard([&] {
    if (!MayUseBpf()) return Status::FromErrno("have CAP_BPF and CAP_PERFMON", EPERM);
    auto state = std::make_unique<State>();
    BpfIterator& iterator = state->iterator;
    iterator.call = options.call;
    Status step = LoadProgram(options, &iterator.program);
    if (step.ok()) step = LinkIterator(options.call, iterator.program.get(), 0, &iterator.link);
    if (step.ok()) step = Prove(&iterator);
    if (step.ok()) loaded.reset(new BpfOwners(std::move(state)));
    return step;
  });
  return loaded;
}

std::unique_ptr<OwnerWalk> BpfOwners::MakeWalk(std::shared_ptr<const BpfOwners> self, int threads) {
  const BpfIterator& iterator = self->state_->iterator;
  const bool gladly = threads > 1 && iterator.by_process && ProcessIteratorsSeeThreads() && ProcShowsAll();
  std::shared_ptr<const BpfIterator> held(std::move(self), &iterator);
  return gladly || !iterator.same_pids ? MakeBpfProcessWalk(std::move(held)) : MakeBpfWalk(std::move(held));
}

Status BpfOwners::Pin(const std::string& path, uint32_t gid) const {
  return Guard([&] { return PinForGroup(state_->iterator.call, state_->iterator.link.get(), path, gid); });
}

}  // namespace sockscope
