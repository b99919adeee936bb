#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/owners/bpf_syscall.h"
#include "core/owners/owner_walk.h"
#include "core/status.h"

namespace sockscope {

// Bytes of the record that the iterator writes for a descriptor of a socket; the first one of a reading is a header.
struct BpfRecord {
  uint32_t pid;           // tgid in the first pid namespace
  uint32_t fd;            // with kBpfThreadFd
  uint32_t inode;
  uint32_t start_ticks;   // of the thread group's leader: as HolderProcess
};
static_assert(sizeof(BpfRecord) == 16);

// Set in `fd` where the task is not its process's leader, but a thread with a table of its own, or one whose leader has
// ended. Such a record stands where the thread's number puts it, and not the process's.
inline constexpr uint32_t kBpfThreadFd = 1u << 31;

// The header: `pid` and `fd` spell "sockscop", then the version of the record and its size.
inline constexpr uint32_t kBpfMagicLow = 0x6b636f73;    // "sock"
inline constexpr uint32_t kBpfMagicHigh = 0x706f6373;   // "scop"
inline constexpr uint32_t kBpfRecordVersion = 1;

// Whether this process has CAP_SYS_ADMIN, or both CAP_BPF and CAP_PERFMON, in effect. Read without bpf(2): a seccomp
// filter may kill whoever calls that one.
bool MayUseBpf();

// What the iterator is loaded with. A seam for tests.
struct BpfOptions {
  std::string btf_path = "/sys/kernel/btf/vmlinux";
  BpfCall call = KernelBpf;
};

// The iter/task_file program and its link, loaded once and read any number of times. Immutable once loaded: walks on
// several threads may use it at once, and hold it.
class BpfOwners {
 public:
  // Loads the program by bpf(2): MayUseBpf first. Proves on this very process that a record's pid, descriptor, inode and
  // start are what they are here. Null with *status set: kNotSupported (no BTF, no such iterator), kSystem with what
  // failed as the operation (an EPERM among them: where bpf(2) would be deadly, too), kMalformed when the proof failed.
  static std::shared_ptr<const BpfOwners> Load(Status* status, const BpfOptions& options = {});

  // A walk over all processes; the walk holds `self`. By one link for all where one thread walks and pids need no
  // translation; else by one link a process, where the kernel can (Linux 6.1; before 6.7 that may pass over threads, and is
  // done only where pids need it).
  static std::unique_ptr<OwnerWalk> MakeWalk(std::shared_ptr<const BpfOwners> self, int threads);

  // Makes the iterator a file of bpffs: owned by root and the group, mode 0440, put in place by a rename where one of
  // that name is already. The directory must be there, and of bpffs.
  Status Pin(const std::string& path, uint32_t gid) const;

  ~BpfOwners();
  BpfOwners(const BpfOwners&) = delete;
  BpfOwners& operator=(const BpfOwners&) = delete;

 private:
  struct State;
  explicit BpfOwners(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Whether the iterator pinned at `path` may be read and is of the version that we know: reads its first records.
// kSystem (ENOENT: there is none; EACCES: not for this user), kNotSupported (another version, or no iterator of ours),
// kMalformed (this process is in another pid namespace, whose pids it does not know).
Status ProbePinnedOwners(const std::string& path);
// A walk that reads the iterator pinned at `path`, in one piece. It holds a socket of its own meanwhile, and ends with
// kMalformed unless that one was among what it has read, as this process has it: pids of another namespace are refused.
std::unique_ptr<OwnerWalk> MakePinnedWalk(std::string path);

// Mounts a bpffs at `directory`, which must be there, for pins of ours: mode 0755, no program runs from it.
// Does nothing where one is mounted already.
Status MountBpfFs(const std::string& directory);
// Takes such a mount away; nothing where `directory` is none.
Status UnmountBpfFs(const std::string& directory);

}  // namespace sockscope
