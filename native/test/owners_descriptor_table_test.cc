#include "core/owners/descriptor_table.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>
#include <vector>

#include "core/owners/process_directory.h"
#include "core/owners/wanted_inodes.h"
#include "test/check.h"
#include "test/child_process.h"
#include "test/socket_holders.h"

// The walk over one table of a real process.
namespace sockscope {
namespace {

using namespace test;
using Code = Status::Code;

struct OpenTable {
  ProcRoot root;
  std::shared_ptr<const ProcessDirectory> process;
  UniqueFd directory;
  HolderLimits limits{size_t{1} << 30};
  HolderList list;

  explicit OpenTable(uint32_t pid, WantedInodes* wanted = nullptr) : list(wanted, wanted != nullptr, &limits) {
    int error = 0;
    CHECK(OpenProcRoot("/proc", &root).ok());
    process = ProcessDirectory::Open(root, pid, &error);
    CHECK_EQ(error, 0);
    directory = UniqueFd(openat(process->get(), "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    CHECK(directory.valid());
  }
  Status Walk(uint64_t count) {
    return DescriptorTable(process, std::move(directory), count, process->pid()).Walk(&list);
  }
};

TEST(walk_of_a_table_stops_once_the_lowest_holders_are_known) {
  NeedDescriptors(100 + kMany);
  const ChildProcess child([] { return HoldMany(1); });
  for (const uint64_t count : {uint64_t{0}, uint64_t{kMany}}) {
    WantedInodes wanted(child.numbers());
    OpenTable table(child.pid(), &wanted);
    CHECK(table.Walk(count).ok());
    CHECK_EQ(table.list.holders().front().fd, 100u);
    CHECK(table.list.tally.descriptors < 1000);
  }
}

// As kernels before Linux 6.2 do not say how many there are; and where descriptors come and go meanwhile.
TEST(table_is_walked_whatever_its_count_is_said_to_be) {
  const ChildProcess child(HoldThree);
  // Too low as well: more may be opened after they were counted.
  for (const uint64_t count : {0, 1, 3, 1000, 1'000'000}) {
    OpenTable table(child.pid());
    CHECK(table.Walk(count).ok());
    CHECK_EQ(table.list.holders().size(), size_t{3});
    CHECK_EQ(table.list.tally.vanished, uint64_t{0});
  }
}

TEST(process_that_ends_in_the_middle_of_its_table_has_vanished) {
  for (const uint64_t count : {0, 100}) {
    ChildProcess child(HoldThree);
    OpenTable table(child.pid());
    child.End();
    CHECK(table.Walk(count).ok());
    CHECK_EQ(table.list.tally.vanished, uint64_t{1});
    CHECK_EQ(table.list.tally.descriptors, uint64_t{0});
    uint32_t start = 1;
    CHECK(table.process->ReadStartTicks(&start).ok());
    CHECK_EQ(start, 0u);
  }
}

TEST(process_whose_start_cannot_be_read_for_want_of_a_descriptor_is_not_passed_over) {
  ChildProcess child(HoldThree);
  OpenTable table(child.pid());
  rlimit limit;
  CHECK_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  const rlimit none{.rlim_cur = 0, .rlim_max = limit.rlim_max};
  CHECK_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  const Status walked = table.Walk(0);
  CHECK_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  CHECK_EQ(walked.code(), Status::Code::kSystem);
  CHECK_EQ(walked.error_number(), EMFILE);
}

TEST(cancelled_list_ends_the_walk_of_a_table) {
  OpenTable table(static_cast<uint32_t>(getpid()));
  table.limits.Cancel();
  CHECK_EQ(table.Walk(0).code(), Code::kCancelled);
  CHECK_EQ(table.list.tally.descriptors, uint64_t{0});
}

}  // namespace
}  // namespace sockscope
