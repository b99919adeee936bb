#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include "core/owners/number_name.h"
#include "core/owners/proc_fd_walk.h"
#include "core/owners/process_directory.h"
#include "core/owners/socket_link.h"
#include "test/check.h"
#include "test/owner_answers.h"
#include "test/proc_tree.h"

// The procfd walk over directories made by hand, and the texts it reads.
namespace sockscope {
namespace {

using namespace test;
using Code = Status::Code;

OwnerAnswer Walk(const ProcFdOptions& options, OwnerQuestion question = AllHolders()) {
  return FindOwners(MakeProcFdWalk(options), std::move(question));
}

TEST(socket_links_are_told_from_others) {
  CHECK_EQ(SocketInodeOf("socket:[1]").value(), 1u);
  CHECK_EQ(SocketInodeOf("socket:[4294967295]").value(), UINT32_MAX);
  CHECK_EQ(SocketInodeOf("[0000]:12345").value(), 12345u);
  CHECK_EQ(SocketInodeOf("[0000]:0x1f").value(), 31u);
  CHECK_EQ(SocketInodeOf("[0000]:017").value(), 15u);
  for (const char* text : {"", "socket:[]", "socket:[", "socket:", "socket:[1", "socket:[1]x", "socket:[-1]", "socket:[+1]",
                           "socket:[ 1]", "socket:[1 ]", "socket:[0x1]", "socket:[4294967296]", "socket:[99999999999999]",
                           "Socket:[1]", "pipe:[1]", "anon_inode:[eventpoll]", "/tmp/socket:[1]", "[0000]:", "[0000]:0x",
                           "[0000]:1x", "[0000]:018", "[0001]:5", "[0000]:4294967296", "]", "socket:[1]]"}) {
    if (SocketInodeOf(text)) throw Failure(std::string("taken for a socket: ") + text);
  }
}

TEST(number_names_are_the_kernels) {
  uint32_t number = 0;
  CHECK(ParseNumberName("0", &number) && number == 0);
  CHECK(ParseNumberName("4294967295", &number) && number == UINT32_MAX);
  for (const char* name : {"", ".", "..", "00", "01", "+1", "-1", "1 ", "1a", "self", "4294967296", "99999999999"}) {
    if (ParseNumberName(name, &number)) throw Failure(std::string("taken for a number: ") + name);
  }
  for (const uint32_t first : {0u, 5u, 8u, 95u, 995u, 1'999'995u, UINT32_MAX - 20}) {
    NumberName name(first);
    for (uint32_t count = 0; count < 20; ++count, name.Increment()) CHECK_EQ(name.c_str(), std::to_string(first + count));
  }
}

TEST(stat_is_read_from_its_last_bracket) {
  const auto plain = ParseProcessStat(StatText("bash", 'S', "4711"));
  CHECK(plain && plain->state == 'S' && plain->start_ticks == 4711);
  const auto odd = ParseProcessStat(StatText(") Z 1 (x) ) ", 'R', "4294967301"));
  CHECK(odd && odd->state == 'R' && odd->start_ticks == 5);
  for (const std::string& text : {std::string(), std::string("7 (bash"), std::string("7 (bash)"), std::string("7 (bash) "),
                                  std::string("7 (bash) S 1 2 3"), StatText("bash", 'S', "x"), StatText("bash", 'S', "")}) {
    CHECK(!ParseProcessStat(text.substr(0, text.find(" 23"))));
  }
}

TEST(walk_finds_sockets_among_odd_names_and_links) {
  ProcTree tree;
  tree.Socket("12/fd", 3, 70);
  tree.Socket("12/fd", 4000000000, 71);
  tree.Link("12/fd", "5", "[0000]:72");
  tree.Link("12/fd", "6", "socket:[0]");
  tree.Link("12/fd", "7", std::string(200, 'x'));
  tree.Link("12/fd", "8", "socket:[00000000000000000000000070]");
  tree.Link("12/fd", "9", "pipe:[70]");
  for (const char* name : {"x", "03", "4294967296", "1x"}) tree.Link("12/fd", name, "socket:[73]");
  tree.File("12/fd/10", "a file is no link");
  tree.Directory("12/fd/11");
  tree.File("12/stat", StatText("a) b", 'S', "9000"));
  const OwnerAnswer answer = Walk(tree.options());
  CHECK(answer.status.ok());
  CHECK_EQ(answer.tally.processes, uint64_t{1});
  CHECK_EQ(answer.tally.descriptors, uint64_t{9});
  CHECK_EQ(answer.tally.sockets, uint64_t{4});
  CHECK_EQ(answer.index.size(), size_t{3});
  CHECK(HoldersOf(answer, 70) == (std::vector<Holder>{{70, 12, 3}}));
  CHECK(HoldersOf(answer, 71) == (std::vector<Holder>{{71, 12, 4000000000}}));
  CHECK(HoldersOf(answer, 72) == (std::vector<Holder>{{72, 12, 5}}));
  CHECK_EQ(answer.processes.size(), size_t{1});
  CHECK_EQ(answer.processes[0].start_ticks, 9000u);
}

TEST(walk_takes_only_numbers_for_processes) {
  ProcTree tree;
  for (const char* name : {"0", "007", "self", "12x", "4294967296"}) tree.Socket(std::string(name) + "/fd", 3, 70);
  tree.Socket("4294967295/fd", 3, 71);
  tree.File("13", "a file");
  tree.Directory("14");
  tree.File("15/fd", "a file");
  tree.Directory("16/fd");
  const OwnerAnswer answer = Walk(tree.options());
  CHECK(answer.status.ok());
  CHECK_EQ(answer.index.size(), size_t{1});
  CHECK(HoldersOf(answer, 71) == (std::vector<Holder>{{71, UINT32_MAX, 3}}));
  CHECK_EQ(answer.processes[0].start_ticks, 0u);
  CHECK_EQ(answer.tally.processes, uint64_t{2});
  CHECK_EQ(answer.tally.vanished, uint64_t{1});   // 14: its fd is not there
  CHECK_EQ(answer.tally.denied, uint64_t{0});
}

TEST(root_that_cannot_be_read_is_an_error) {
  ProcTree tree;
  tree.File("file", "");
  for (const auto& [name, number] : {std::pair{"/missing", ENOENT}, {"/file", ENOTDIR}}) {
    const OwnerAnswer answer = Walk({.proc_root = tree.path() + name});
    CHECK_EQ(answer.status.code(), Code::kSystem);
    CHECK_EQ(std::string(answer.status.operation()), "open /proc");
    CHECK_EQ(answer.status.error_number(), number);
  }
}

TEST(empty_root_has_no_processes) {
  ProcTree tree;
  const OwnerAnswer answer = Walk(tree.options(), AllHolders(2));
  CHECK(answer.status.ok());
  CHECK_EQ(answer.tally.processes, uint64_t{0});
}

TEST(walk_stops_once_the_lowest_holders_are_known) {
  ProcTree tree;
  for (const uint32_t pid : {9, 20, 100, 1000}) {
    tree.Socket(std::to_string(pid) + "/fd", 3, 70);
    tree.Socket(std::to_string(pid) + "/fd", 4, 70 + pid);
  }
  const OwnerAnswer lowest = Walk(tree.options(), LowestOf({70, 90}));
  CHECK(HoldersOf(lowest, 70) == (std::vector<Holder>{{70, 9, 3}}));
  CHECK(HoldersOf(lowest, 90) == (std::vector<Holder>{{90, 20, 4}}));
  CHECK_EQ(lowest.tally.processes, uint64_t{2});
  OwnerQuestion all = LowestOf({70, 90});
  all.lowest = false;
  CHECK_EQ(HoldersOf(Walk(tree.options(), all), 70).size(), size_t{4});
  CHECK_EQ(Walk(tree.options(), LowestOf({70, 12345})).tally.processes, uint64_t{4});
}

TEST(large_table_is_walked_once_by_however_many_threads) {
  ProcTree tree;
  constexpr uint32_t kLinks = 3000;
  for (uint32_t fd = 0; fd < kLinks; ++fd) tree.Socket("12/fd", fd, 1000 + fd);
  tree.Socket("13/fd", 1, 999);
  for (const int threads : {1, 2, 4}) {
    const OwnerAnswer answer = Walk(tree.options(), AllHolders(threads));
    CHECK(answer.status.ok());
    CHECK_EQ(answer.tally.descriptors, uint64_t{kLinks + 1});
    CHECK_EQ(answer.tally.processes, uint64_t{2});
    CHECK_EQ(answer.index.size(), size_t{kLinks + 1});
    for (uint32_t fd = 0; fd < kLinks; ++fd) {
      CHECK(HoldersOf(answer, 1000 + fd) == (std::vector<Holder>{{1000 + fd, 12, fd}}));
    }
    CHECK_EQ(answer.processes.size(), size_t{2});
  }
}

TEST(walk_of_slots_looks_at_nothing_else) {
  ProcTree tree;
  for (const uint32_t fd : {3, 4, 5}) tree.Socket("12/fd", fd, 70 + fd);
  tree.Socket("13/fd", 3, 80);
  tree.Socket("14/fd", 3, 90);
  ProcFdOptions options = tree.options();
  options.only_slots = true;
  options.slots = {{12, 5}, {12, 3}, {12, 9}, {14, 3}, {15, 1}};
  const OwnerAnswer answer = Walk(options);
  CHECK(answer.status.ok());
  CHECK_EQ(answer.tally.descriptors, uint64_t{3});
  CHECK_EQ(answer.tally.processes, uint64_t{2});
  CHECK_EQ(answer.tally.vanished, uint64_t{1});
  CHECK_EQ(answer.index.size(), size_t{3});
  CHECK(HoldersOf(answer, 73) == (std::vector<Holder>{{73, 12, 3}}));
  CHECK(HoldersOf(answer, 75) == (std::vector<Holder>{{75, 12, 5}}));
  CHECK(HoldersOf(answer, 90) == (std::vector<Holder>{{90, 14, 3}}));
  options.slots = {};
  CHECK_EQ(Walk(options).tally.descriptors, uint64_t{0});
}

// Where tables cannot be compared: those of an older kernel's, or of another pid namespace's.
TEST(ended_leaders_process_is_looked_at_by_another_thread) {
  ProcTree tree;
  for (const auto& [pid, state] : {std::pair{"12", 'Z'}, {"13", 'S'}}) {
    const std::string directory(pid);
    tree.File(directory + "/stat", StatText("x", state, "9"));
    tree.Directory(directory + "/fd");
    tree.Directory(directory + "/task/" + directory + "/fd");
    tree.Socket(directory + "/task/77/fd", 3, 700 + static_cast<uint32_t>(state));
  }
  const OwnerAnswer answer = Walk(tree.options());
  CHECK_EQ(answer.index.size(), size_t{1});
  CHECK(HoldersOf(answer, 700 + 'Z') == (std::vector<Holder>{{700 + 'Z', 12, 3}}));
  ProcFdOptions leaders = tree.options();
  leaders.threads = false;
  CHECK_EQ(Walk(leaders).index.size(), size_t{0});
}

TEST(want_of_descriptors_ends_the_walk) {
  ProcTree tree;
  tree.Socket("12/fd", 3, 70);
  rlimit limit;
  CHECK_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  const int free = dup(0);
  CHECK(free >= 0);
  close(free);
  for (const int granted : {0, 1, 2}) {
    rlimit lower = limit;
    lower.rlim_cur = static_cast<rlim_t>(free + granted);
    CHECK_EQ(setrlimit(RLIMIT_NOFILE, &lower), 0);
    const OwnerAnswer answer = Walk(tree.options());
    CHECK_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
    CHECK_EQ(answer.status.code(), Code::kSystem);
    CHECK_EQ(answer.status.error_number(), EMFILE);
    CHECK_EQ(std::string(answer.status.operation()), granted == 0 ? "open /proc" : "open /proc/<pid>/fd");
  }
}

}  // namespace
}  // namespace sockscope
