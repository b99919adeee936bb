#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "core/owners/bpf_program.h"
#include "core/owners/bpf_record_reader.h"
#include "test/bpf_child.h"
#include "test/bpf_live.h"

namespace sockscope {
namespace {

using namespace test;
using Code = Status::Code;

constexpr char kDirectory[] = "/mnt/bpf";
constexpr char kPath[] = "/mnt/bpf/owners";
constexpr gid_t kGroup = 7890;

// Runs the body in a mount namespace with a bpffs at kDirectory.
void WithBpfFs(const std::function<void()>& body) {
  LoadBpf();
  InChild([&] {
    EnterMounts();
    CHECK_EQ(mkdir(kDirectory, 0755), 0);
    const Status status = MountBpfFs(kDirectory);
    if (status.error_number() == ENODEV || status.error_number() == EPERM) throw Skip("mount a bpffs");
    CHECK(status.ok());
    body();
  });
}

void Become(uid_t uid, gid_t gid) {
  CHECK_EQ(setgroups(0, nullptr), 0);
  CHECK_EQ(setresgid(gid, gid, gid), 0);
  CHECK_EQ(setresuid(uid, uid, uid), 0);
}

enum class What { kIterator, kProgram };

// Pins an iterator whose program is ours, changed; or the program itself, which cannot be read.
void PinChanged(const std::string& path, const std::function<void(BpfProgram*)>& change, What what = What::kIterator) {
  Btf btf;
  OwnerFields fields;
  UniqueFd program, link;
  CHECK(Btf::Read("/sys/kernel/btf/vmlinux", &btf).ok());
  CHECK(FindOwnerFields(btf, &fields).ok());
  BpfProgram instructions = OwnerProgram(fields);
  change(&instructions);
  CHECK(LoadIteratorProgram(KernelBpf, instructions, btf.FindFunction("bpf_iter_task_file"), &program).ok());
  CHECK(LinkIterator(KernelBpf, program.get(), 0, &link).ok());
  CHECK(PinObject(KernelBpf, (what == What::kIterator ? link : program).get(), path).ok());
}

// Makes a value that the program stores another one.
void Replace(BpfProgram* program, uint32_t stored, uint32_t by) {
  int replaced = 0;
  for (BpfInstruction& one : *program) {
    if (one.code != 0x62 || one.immediate != static_cast<int32_t>(stored)) continue;
    one.immediate = static_cast<int32_t>(by);
    ++replaced;
  }
  CHECK_EQ(replaced, 1);
}

// What is in the bpffs and was made here; the kernel puts iterators of its own there, with a dot in their names.
std::vector<std::string> Pinned() {
  std::vector<std::string> names = NamesIn(kDirectory);
  std::erase_if(names, [](const std::string& name) { return name.find('.') != std::string::npos; });
  return names;
}

Status WalkStatus(const std::string& path) { return WalkAll(MakePinnedWalk(path).get()).status; }

TEST(pinned_iterator_is_read_by_its_group_and_nobody_else) {
  WithBpfFs([] {
    CHECK(LoadBpf()->Pin(kPath, kGroup).ok());
    struct stat about;
    CHECK_EQ(syscall(SYS_newfstatat, AT_FDCWD, kPath, &about, AT_SYMLINK_NOFOLLOW), 0);
    CHECK(about.st_uid == 0 && about.st_gid == kGroup && about.st_mode == (S_IFREG | 0440));
    const Sleeper sleeper([](const std::function<void()>& stay) {   // root's, whose links a member may not read
      if (socket(AF_UNIX, SOCK_STREAM, 0) < 0) _exit(2);
      stay();
    });
    const std::vector<Holder> links = ReadLinks(sleeper.pid());
    InChild([&] {
      Become(65534, kGroup);
      CHECK(!MayUseBpf());
      CHECK(ProbePinnedOwners(kPath).ok());
      const int before = CountDescriptors();
      const Walked walked = WalkAll(MakePinnedWalk(kPath).get());
      CHECK(walked.status.ok());
      CHECK_EQ(walked.pieces, 0);
      CHECK(!links.empty() && walked.Of(sleeper.pid()) == links);
      CHECK_EQ(CountDescriptors(), before);
    });
    InChild([] {
      Become(65534, kGroup + 1);
      for (const Status& status : {ProbePinnedOwners(kPath), WalkStatus(kPath)}) {
        CHECK_EQ(status.code(), Code::kSystem);
        CHECK_EQ(status.error_number(), EACCES);
      }
    });
  });
}

TEST(pin_replaces_what_is_there_and_leaves_nothing_beside) {
  WithBpfFs([] {
    const auto owners = LoadBpf();
    umask(0);
    CHECK(owners->Pin(kPath, kGroup).ok());
    const UniqueFd reader(open(kPath, O_RDONLY));
    CHECK(owners->Pin(kPath, kGroup + 1).ok());
    CHECK(Pinned() == std::vector<std::string>{"owners"});
    CHECK(ProbePinnedOwners(kPath).ok());
    BpfRecord header;
    CHECK_EQ(read(reader.get(), &header, sizeof(header)), static_cast<ssize_t>(sizeof(header)));
    CHECK_EQ(header.pid, kBpfMagicLow);

    CHECK_EQ(mkdir("/mnt/bpf/taken", 0755), 0);
    const Status taken = owners->Pin("/mnt/bpf/taken", kGroup);   // no rename over a directory
    CHECK_EQ(taken.error_number(), EISDIR);
    CHECK_EQ(std::string(taken.operation()), std::string("rename"));
    CHECK_EQ(Pinned().size(), 2u);

    CHECK_EQ(owners->Pin("/mnt/owners", kGroup).code(), Code::kNotSupported);
    CHECK_EQ(owners->Pin("/mnt/none/owners", kGroup).error_number(), ENOENT);
    CHECK_EQ(owners->Pin("/mnt/bpf/with.dot", kGroup).error_number(), EPERM);
  });
}

TEST(pinned_iterator_outlives_who_pinned_it_and_sees_what_came_after) {
  WithBpfFs([] {
    InChild([] { CHECK(LoadBpf()->Pin(kPath, kGroup).ok()); });
    const UniqueFd own(socket(AF_UNIX, SOCK_STREAM, 0));
    const auto pid = static_cast<uint32_t>(getpid());
    const Walked walked = WalkAll(MakePinnedWalk(kPath).get());
    CHECK(walked.status.ok());
    std::vector<Holder> of = walked.Of(pid);
    const size_t with_proof = of.size();
    const std::vector<Holder> links = ReadLinks(pid);
    CHECK_EQ(with_proof, links.size() + 1);   // and the socket that proved it, which is closed by now
    for (const Holder& link : links) CHECK(std::find(of.begin(), of.end(), link) != of.end());
  });
}

TEST(pinned_walk_for_the_lowest_holder_goes_on_to_its_proof) {
  WithBpfFs([] {
    CHECK(LoadBpf()->Pin(kPath, kGroup).ok());
    const auto parent = static_cast<uint32_t>(getpid());
    const UniqueFd own(socket(AF_UNIX, SOCK_STREAM, 0));
    const Sleeper between([](const std::function<void()>& stay) {   // more than one read gives
      const rlimit limit = {5'000, 5'000};
      if (setrlimit(RLIMIT_NOFILE, &limit) != 0) _exit(2);
      for (int i = 0; i < 4'000; ++i) (void)socket(AF_UNIX, SOCK_DGRAM, 0);
      stay();
    });
    CHECK(ReadLinks(between.pid()).size() > 4'000);
    InChild([&] {
      if (static_cast<uint32_t>(getpid()) < parent) throw Skip("pids have wrapped round");
      std::vector<uint32_t> inodes;
      for (const Holder& holder : ReadLinks(parent)) inodes.push_back(holder.inode);
      WantedInodes wanted(inodes);
      const Walked walked = WalkAll(MakePinnedWalk(kPath).get(), &wanted);
      CHECK(walked.status.ok());
      CHECK(!inodes.empty() && walked.Of(static_cast<uint32_t>(getpid())).empty());
    });
  });
}

// Where a thread's number, and not its process's, says when a record comes, the record says so.
TEST(records_of_threads_are_marked) {
  WithBpfFs([] {
    CHECK(LoadBpf()->Pin(kPath, kGroup).ok());
    const Sleeper sleeper([](const std::function<void()>& stay) {
      if (socket(AF_UNIX, SOCK_STREAM, 0) < 0) _exit(2);
      std::thread([&] {
        if (unshare(CLONE_FILES) != 0) _exit(2);
        stay();
      }).join();
    });
    const uint32_t pid = sleeper.pid();
    const UniqueFd file(open(kPath, O_RDONLY));
    BpfRecordReader reader(file.get());
    size_t plain = 0, marked = 0;
    for (bool end = false; !end;) {
      std::span<const BpfRecord> records;
      CHECK(reader.Read(&records, &end).ok());
      for (const BpfRecord& record : records) {
        if (record.pid == pid) ++((record.fd & kBpfThreadFd) != 0 ? marked : plain);
      }
    }
    CHECK(plain > 0);
    CHECK_EQ(marked, plain);   // a copy of the table
  });
}

TEST(pinned_iterator_is_refused_in_another_pid_namespace) {
  WithBpfFs([] {
    CHECK(LoadBpf()->Pin(kPath, kGroup).ok());
    EnterNamespaces(CLONE_NEWPID, "CLONE_NEWPID");
    InChild([] {
      CHECK_EQ(mount("proc", "/proc", "proc", 0, nullptr), 0);
      CHECK_EQ(ProbePinnedOwners(kPath).code(), Code::kMalformed);
      const Status status = WalkStatus(kPath);
      CHECK_EQ(status.code(), Code::kMalformed);
      CHECK_EQ(std::string(status.operation()), std::string("prove on own process"));
    });
  });
}

TEST(pinned_iterators_of_others_are_not_supported) {
  WithBpfFs([] {
    PinChanged("/mnt/bpf/version", [](BpfProgram* program) { Replace(program, kBpfRecordVersion, 2); });
    PinChanged("/mnt/bpf/magic", [](BpfProgram* program) { Replace(program, kBpfMagicLow, 0); });
    PinChanged("/mnt/bpf/silent", [](BpfProgram* program) { *program = {{0xb7, 0, 0, 0}, {0x95, 0, 0, 0}}; });
    PinChanged("/mnt/bpf/same", [](BpfProgram*) {});
    PinChanged("/mnt/bpf/program", [](BpfProgram*) {}, What::kProgram);
    CHECK(ProbePinnedOwners("/mnt/bpf/same").ok());
    for (const char* name : {"/mnt/bpf/version", "/mnt/bpf/magic", "/mnt/bpf/silent", "/mnt/bpf/program",
                             "/mnt/bpf/maps.debug"}) {
      if (ProbePinnedOwners(name).error_number() == ENOENT) continue;   // the last is the kernel's own, if it has it
      CHECK_EQ(ProbePinnedOwners(name).code(), Code::kNotSupported);
      CHECK(!WalkStatus(name).ok());
    }
    CHECK_EQ(WalkStatus("/mnt/bpf/version").code(), Code::kNotSupported);
  });
}

TEST(what_is_no_pinned_iterator_is_not_read) {
  WithBpfFs([] {
    CHECK_EQ(mkfifo("/mnt/fifo", 0644), 0);
    const UniqueFd file(open("/mnt/file", O_CREAT | O_WRONLY, 0644));
    const BpfRecord header = {kBpfMagicLow, kBpfMagicHigh, kBpfRecordVersion, sizeof(BpfRecord)};
    CHECK_EQ(write(file.get(), &header, sizeof(header)), static_cast<ssize_t>(sizeof(header)));
    for (const char* path : {"/mnt/fifo", "/mnt/file", "/dev/zero", "/mnt", kDirectory}) {
      CHECK_EQ(ProbePinnedOwners(path).code(), Code::kNotSupported);
      CHECK(!WalkStatus(path).ok());
    }
    CHECK_EQ(ProbePinnedOwners(kPath).code(), Code::kSystem);
    CHECK_EQ(ProbePinnedOwners(kPath).error_number(), ENOENT);
    CHECK_EQ(WalkStatus(kPath).error_number(), ENOENT);
  });
}

TEST(bpffs_is_mounted_once_and_taken_away_once) {
  WithBpfFs([] {
    CHECK(MountBpfFs(kDirectory).ok());   // there is one: no second
    CHECK_EQ(mkdir("/mnt/bpf/inner", 0755), 0);
    CHECK(UnmountBpfFs("/mnt/bpf/inner").ok());   // no mount: left alone
    CHECK_EQ(Pinned().size(), 1u);
    const UniqueFd reader(open("/mnt/bpf/inner", O_RDONLY));
    CHECK_EQ(UnmountBpfFs(kDirectory).error_number(), EBUSY);
    close(dup2(open("/dev/null", O_RDONLY), reader.get()));
  });
  WithBpfFs([] {
    CHECK(UnmountBpfFs(kDirectory).ok());
    CHECK(UnmountBpfFs(kDirectory).ok());
    CHECK(UnmountBpfFs("/mnt/none").ok());
    CHECK_EQ(MountBpfFs("/mnt/none").error_number(), ENOENT);
    CHECK(MountBpfFs(kDirectory).ok());
    struct stat about;
    CHECK_EQ(syscall(SYS_newfstatat, AT_FDCWD, kDirectory, &about, 0), 0);
    CHECK_EQ(about.st_mode & 0777, 0755u);
  });
}

}  // namespace
}  // namespace sockscope
