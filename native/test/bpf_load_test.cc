#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "core/owners/bpf_program.h"
#include "core/owners/capabilities.h"
#include "core/owners/own_socket.h"
#include "test/bpf_child.h"
#include "test/bpf_live.h"

namespace sockscope {
namespace {

using namespace test;
using Code = Status::Code;

// What the fake kernel below does to a command; none where `command` is 0.
struct {
  int command = 0;
  int error = 0;
  bool process_links_only = false;   // refuses links that are limited to a process, and no others
  BpfRecord record{};                // instead of an error: an iterator that says this, behind the header
} fake;

long FakeBpf(int command, void* attributes, size_t bytes) {
  if (command != fake.command) return KernelBpf(command, attributes, bytes);
  uint32_t info_bytes;
  std::memcpy(&info_bytes, static_cast<char*>(attributes) + 24, command == kBpfLinkCreate ? sizeof(info_bytes) : 0);
  if (fake.process_links_only && info_bytes == 0) return KernelBpf(command, attributes, bytes);
  if (fake.error != 0) {
    errno = fake.error;
    return -1;
  }
  Pipe pipe;
  const BpfRecord records[] = {{kBpfMagicLow, kBpfMagicHigh, kBpfRecordVersion, sizeof(BpfRecord)}, fake.record};
  CHECK_EQ(write(pipe.write_end.get(), records, sizeof(records)), static_cast<ssize_t>(sizeof(records)));
  return dup(pipe.read_end.get());
}

struct Loaded {
  Status status;
  std::shared_ptr<const BpfOwners> owners;
};

Loaded LoadWithFake() {
  BpfOptions options;
  options.call = FakeBpf;
  Loaded loaded;
  loaded.owners = BpfOwners::Load(&loaded.status, options);
  CHECK_EQ(loaded.owners != nullptr, loaded.status.ok());
  return loaded;
}

std::string Words(const Status& status) { return status.operation(); }

// Keeps these capabilities and no other, as another user; a thread's own affair, so for a forked child.
void KeepOnly(std::initializer_list<int> capabilities) {
  if (prctl(PR_SET_KEEPCAPS, 1) != 0 || setresgid(65534, 65534, 65534) != 0 || setresuid(65534, 65534, 65534) != 0) {
    throw Skip(std::string("change the user: ") + std::strerror(errno));
  }
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[2]{};
  for (const int capability : capabilities) {
    sets[capability / 32].effective |= 1u << capability % 32;
    sets[capability / 32].permitted |= 1u << capability % 32;
  }
  if (syscall(SYS_capset, &header, sets) != 0) throw Skip(std::string("capset: ") + std::strerror(errno));
}

TEST(program_reads_no_field_that_is_out_of_reach) {
  Btf btf;   // of nothing
  OwnerFields fields;
  CHECK_EQ(FindOwnerFields(btf, &fields).code(), Code::kNotSupported);
  const BpfProgram program = OwnerProgram(OwnerFields{.meta_seq = 1, .meta_seq_num = 2, .task_tid = 3, .task_tgid = 4,
      .task_group_leader = 5, .task_start = 6, .file_inode = 7, .inode_number = 8});
  for (int16_t offset = 1; offset <= 8; ++offset) {
    int loads = 0;
    for (const BpfInstruction& one : program) loads += (one.code & 0x07) == 0x01 && one.offset == offset;
    CHECK(loads == (offset == 8 ? 2 : 1));   // 8 is the task in the context as well
  }
}

TEST(load_without_btf_is_not_supported) {
  LoadBpf();
  BpfOptions options;
  options.btf_path = "/proc/self/none";
  Status status;
  CHECK(BpfOwners::Load(&status, options) == nullptr);
  CHECK_EQ(status.code(), Code::kNotSupported);
  CHECK_EQ(Words(status), std::string("read /sys/kernel/btf/vmlinux"));
}

TEST(load_says_which_step_was_refused) {
  LoadBpf();
  const struct {
    int command;
    const char* operation;
  } steps[] = {{kBpfProgLoad, "bpf(BPF_PROG_LOAD)"}, {kBpfLinkCreate, "bpf(BPF_LINK_CREATE)"},
               {kBpfIterCreate, "bpf(BPF_ITER_CREATE)"}};
  const int before = CountDescriptors();
  for (const auto& step : steps) {
    fake = {.command = step.command, .error = EPERM};
    const Loaded loaded = LoadWithFake();
    CHECK_EQ(loaded.status.code(), Code::kSystem);
    CHECK_EQ(loaded.status.error_number(), EPERM);
    CHECK_EQ(Words(loaded.status), std::string(step.operation));
  }
  fake = {.command = kBpfLinkCreate, .error = ENOMEM, .process_links_only = true};
  CHECK_EQ(LoadWithFake().status.error_number(), ENOMEM);   // it can, and failed: no reason to do without
  CHECK_EQ(CountDescriptors(), before);
}

TEST(own_socket_knows_its_record_from_every_other) {
  const auto pid = static_cast<uint32_t>(getpid());
  const std::vector<Holder> before = ReadLinks(pid);
  OwnSocket own;
  CHECK(OwnSocket::Open(&own).ok());
  Holder opened;
  for (const Holder& link : ReadLinks(pid)) {
    if (std::find(before.begin(), before.end(), link) == before.end()) opened = link;
  }
  const BpfRecord record = {pid, opened.fd, opened.inode, StartOf(pid)};
  CHECK(own.Has(record));
  CHECK(own.Has({pid, opened.fd | kBpfThreadFd, opened.inode, StartOf(pid)}));
  CHECK(own.Has({pid + 1, opened.fd, opened.inode, StartOf(pid)}));
  CHECK(!own.SamePid({pid + 1, opened.fd, opened.inode, StartOf(pid)}));
  CHECK(!own.Has({pid, opened.fd + 1, opened.inode, StartOf(pid)}));
  CHECK(!own.Has({pid, opened.fd, opened.inode + 1, StartOf(pid)}));
  CHECK(!own.Has({pid, opened.fd, opened.inode, StartOf(pid) + 1}));
}

TEST(load_refuses_an_iterator_that_says_other_than_what_is_here) {
  LoadBpf();
  const auto pid = static_cast<uint32_t>(getpid());
  const int before = CountDescriptors();
  fake = {.command = kBpfIterCreate, .record = {pid, 3, 1, StartOf(pid)}};   // no socket has inode 1
  const Loaded loaded = LoadWithFake();
  CHECK_EQ(loaded.status.code(), Code::kMalformed);
  CHECK_EQ(Words(loaded.status), std::string("prove on own process"));
  CHECK_EQ(CountDescriptors(), before);
}

TEST(kernel_without_process_iterators_walks_with_one_link) {
  LoadBpf();
  for (const int error : {E2BIG, EINVAL}) {
    fake = {.command = kBpfLinkCreate, .error = error, .process_links_only = true};
    const Loaded loaded = LoadWithFake();
    if (Words(loaded.status).starts_with("prove on own process: pids")) throw Skip("not in the first pid namespace");
    CHECK(loaded.status.ok());
    const Walked walked = WalkAll(BpfOwners::MakeWalk(loaded.owners, 2).get());
    CHECK(walked.status.ok());
    CHECK_EQ(walked.pieces, 0);
    const UniqueFd own(socket(AF_UNIX, SOCK_STREAM, 0));
    const auto pid = static_cast<uint32_t>(getpid());
    CHECK(WalkAll(BpfOwners::MakeWalk(loaded.owners, 1).get()).Of(pid) == ReadLinks(pid));
  }
}

TEST(load_leaves_no_descriptor) {
  const int before = CountDescriptors();
  { LoadBpf(); }
  CHECK_EQ(CountDescriptors(), before);
}

TEST(without_capabilities_bpf_is_not_called) {
  InChild([] {
    KeepOnly({});
    CHECK(!MayUseBpf());
    Status status;
    BpfOptions options;
    options.call = [](int, void*, size_t) -> long { throw Failure("bpf(2) was called"); };
    CHECK(BpfOwners::Load(&status, options) == nullptr);
    CHECK_EQ(status.code(), Code::kSystem);
    CHECK_EQ(status.error_number(), EPERM);
    CHECK_EQ(Words(status), std::string("have CAP_BPF and CAP_PERFMON"));
  });
}

TEST(one_of_two_capabilities_is_not_enough) {
  LoadBpf();
  for (const int capability : {kCapBpf, kCapPerfmon}) {
    InChild([capability] {
      KeepOnly({capability});
      CHECK(HasCapability(capability));
      CHECK(!MayUseBpf());
    });
  }
}

TEST(two_capabilities_are_enough) {
  LoadBpf();
  InChild([] {
    KeepOnly({kCapBpf, kCapPerfmon});
    CHECK(MayUseBpf() && !HasCapability(kCapSysAdmin));
    const UniqueFd own(socket(AF_UNIX, SOCK_STREAM, 0));
    const Walked walked = WalkAll(BpfOwners::MakeWalk(LoadBpf(), 1).get());
    CHECK(walked.status.ok());
    const auto holders = walked.Of(static_cast<uint32_t>(getpid()));
    CHECK_EQ(std::count_if(holders.begin(), holders.end(),
                           [&](const Holder& holder) { return holder.fd == static_cast<uint32_t>(own.get()); }), 1);
  });
}

}  // namespace
}  // namespace sockscope
